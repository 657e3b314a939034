import { createHash } from 'node:crypto';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';

/**
 * Which items are in which part. Texts have no order, so it is left to chance, alike for every class: the items of a class lie in the
 * order of their texts' hashes, and the parts are stretches of that. Equal texts have one hash and one part, whatever else is in the file.
 * @param texts the number of each item's text; @param classes the number of each item's class
 */
export function partsByChance(
  labels: readonly string[],
  texts: ArrayLike<number>,
  classes: ArrayLike<number>,
  fractions: Experiment['data']['split'],
): Readonly<Record<Part, Uint32Array>> {
  const hashes = labels.map((text) => createHash('sha256').update(text).digest('hex'));
  // A text of two classes goes with the one that it has first.
  const groups = new Map<number, number[]>();
  const classOf = new Map<number, number>();
  for (let item = 0; item < texts.length; item++) {
    const [text, own] = [texts[item] ?? -1, classes[item] ?? -1];
    if (text < 0 || own < 0) continue;
    groups.set(text, [...(groups.get(text) ?? []), item]);
    if (!classOf.has(text)) classOf.set(text, own);
  }
  const byClass = new Map<number, number[]>();
  for (const [text, own] of classOf) byClass.set(own, [...(byClass.get(own) ?? []), text]);
  const parts: Record<Part, number[]> = { train: [], validation: [], test: [] };
  for (const own of byClass.values()) {
    own.sort((a, b) => ((hashes[a] ?? '') < (hashes[b] ?? '') ? -1 : 1));
    const total = own.reduce((sum, text) => sum + (groups.get(text)?.length ?? 0), 0);
    const ends = { test: fractions.test * total, validation: (fractions.test + fractions.validation) * total };
    let taken = 0;
    for (const text of own) {
      const items = groups.get(text) ?? [];
      const middle = taken + items.length / 2;
      // The last of a class is for training: it must know every class.
      const isLast = taken + items.length >= total;
      const part = isLast ? 'train' : middle < ends.test ? 'test' : middle < ends.validation ? 'validation' : 'train';
      parts[part].push(...items);
      taken += items.length;
    }
  }
  const inOrder = (items: number[]) => Uint32Array.from(items.sort((a, b) => a - b));
  return { train: inOrder(parts.train), validation: inOrder(parts.validation), test: inOrder(parts.test) };
}

/** Items that have what no item of the training part has are put there, since it could not be learnt. */
export interface KnownParts {
  readonly parts: Readonly<Record<Part, Uint32Array>>;
  /** How many items were moved. */
  readonly moved: number;
}

/**
 * Moves an item of another part to training where it has something that nothing there has: the first such item, with its whole group.
 * @param traitsOf what an item has, such as its labels
 * @param groupOf items of one group stay together
 */
export function knownInTraining<T>(
  parts: Readonly<Record<Part, Uint32Array>>,
  traitsOf: (item: number) => Iterable<T>,
  groupOf: (item: number) => number,
): KnownParts {
  const known = new Set<T>();
  const learn = (item: number) => {
    for (const trait of traitsOf(item)) known.add(trait);
  };
  parts.train.forEach(learn);
  const moved = new Set<number>();
  for (const part of ['validation', 'test'] as const) {
    for (const item of parts[part]) {
      if (moved.has(groupOf(item)) || [...traitsOf(item)].every((trait) => known.has(trait))) continue;
      moved.add(groupOf(item));
      learn(item);
    }
  }
  const isMoved = (item: number) => moved.has(groupOf(item));
  const others = [...parts.validation, ...parts.test].filter(isMoved);
  return {
    parts: {
      train: Uint32Array.from([...parts.train, ...others]).sort(),
      validation: parts.validation.filter((item) => !isMoved(item)),
      test: parts.test.filter((item) => !isMoved(item)),
    },
    moved: others.length,
  };
}
