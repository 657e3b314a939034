import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import type { Message } from '../../protocol/messages';
import type { Chooser, Guess } from './chooser';
import { splitDefaults } from './defaults';

type Fractions = Experiment['data']['split'];

/** How much is kept from training: the usual fractions, or more where a part of `units` would not have the `needed` ones. */
export function chooseSplit(
  asked: CheckedDraft['data']['split'],
  units: number,
  needed: number,
  chooser: Chooser,
  why: Readonly<Record<keyof Fractions, Message>>,
): Fractions {
  const guess = (part: keyof Fractions, other: number): Guess<number> => {
    const { usual, most } = splitDefaults[part];
    const enough = Math.ceil((needed / units) * 100) / 100;
    const room = Math.max(0, Math.floor((0.9 - other) * 100) / 100);
    return { value: Math.min(Math.max(usual, Math.min(enough, most)), room), why: why[part] };
  };
  const test = chooser.take('data.split.test', asked?.test, () => guess('test', asked?.validation ?? 0));
  const validation = chooser.take('data.split.validation', asked?.validation, () => guess('validation', test));
  return { validation, test };
}
