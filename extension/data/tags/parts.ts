import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import { partsByChance } from '../items/parts';
import type { Sentence } from './sentences';

/** The sentences of each part, and how many were moved. */
export interface TaggedParts {
  readonly parts: Readonly<Record<Part, Uint32Array>>;
  readonly moved: number;
}

/**
 * Which sentences are in which part: it is left to chance, and sentences of the same words are in one part. A tag that no sentence of the
 * training part has cannot be learnt, so the first sentence that has it goes there, with those that are equal to it.
 */
export function taggedParts(sentences: readonly Sentence[], fractions: Experiment['data']['split']): TaggedParts {
  const numbers = new Map<string, number>();
  const texts = Int32Array.from(sentences, ({ words }) => {
    const text = words.join(' ');
    const number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number);
    return number;
  });
  const parts = partsByChance([...numbers.keys()], texts, new Int32Array(sentences.length), fractions);
  const known = new Set<string | null>([null]);
  for (const item of parts.train) for (const tag of sentences[item]?.tags ?? []) known.add(tag);
  const moved = new Set<number>();
  for (const part of ['validation', 'test'] as const) {
    for (const item of parts[part]) {
      const tags = sentences[item]?.tags ?? [];
      if (moved.has(texts[item] ?? -1) || tags.every((tag) => known.has(tag))) continue;
      moved.add(texts[item] ?? -1);
      for (const tag of tags) known.add(tag);
    }
  }
  const isMoved = (item: number) => moved.has(texts[item] ?? -1);
  const train = sentences.map((_, item) => item).filter(isMoved);
  return {
    parts: {
      train: Uint32Array.from([...parts.train, ...train]).sort(),
      validation: parts.validation.filter((item) => !isMoved(item)),
      test: parts.test.filter((item) => !isMoved(item)),
    },
    moved: train.length,
  };
}
