import { characterTarget } from '../../protocol/data';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { languageDefaults } from '../choices/defaults';
import { itemsData } from '../choices/itemsData';
import { chooseSplit } from '../choices/splitChoice';
import { wholeSplitReasons } from '../sequences/choices';
import { splitRows } from '../split';
import type { Characters } from './characters';

/** The choices of a text: how it is split, and how much is read at once. */
export function chooseTextData(
  asked: CheckedDraft['data'],
  { numbers }: Characters,
  chooser: Chooser,
): Experiment['data'] {
  const split = chooseSplit(
    asked.split,
    numbers.length,
    (asked.lookback ?? languageDefaults.lookback) + 1,
    chooser,
    wholeSplitReasons,
  );
  const lookback = chooser.take('data.lookback', asked.lookback, () => {
    const lengths = Object.values(splitRows(numbers.length, split)).map(({ start, end }) => end - start);
    const room = Math.min(...lengths.filter((length) => length > 0)) - 1;
    return room < languageDefaults.lookback
      ? { value: Math.max(1, room), why: message('The shortest part has no more characters.') }
      : {
          value: languageDefaults.lookback,
          why: message(
            'So much is read one after the other that the first characters, which have nothing before them, hardly count.',
          ),
        };
  });
  return itemsData(asked, {
    target: characterTarget,
    features: [],
    text: asked.text ?? null,
    missing: asked.missing ?? 'forwardFill',
    split,
    lookback,
  });
}
