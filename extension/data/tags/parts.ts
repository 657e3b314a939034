import type { Experiment } from '../../protocol/experiment';
import { type KnownParts, knownInTraining, partsByChance } from '../items/parts';
import type { Sentence } from './sentences';

/**
 * Which sentences are in which part: it is left to chance, and sentences of the same words are in one part. A tag that no sentence of the
 * training part has cannot be learnt, so the first sentence that has it goes there, with those that are equal to it.
 */
export function taggedParts(sentences: readonly Sentence[], fractions: Experiment['data']['split']): KnownParts {
  const numbers = new Map<string, number>();
  const texts = Int32Array.from(sentences, ({ words }) => {
    const text = words.join(' ');
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
  const parts = partsByChance([...numbers.keys()], texts, new Int32Array(sentences.length), fractions);
  return knownInTraining(
    parts,
    (item) => (sentences[item]?.tags ?? []).filter((tag) => tag !== null),
    (item) => texts[item] ?? -1,
  );
}
