import { createHash } from 'node:crypto';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';

/**
 * Which items are in which part. Texts have no order, so it is left to chance, alike for every kind: the items of a kind lie in the
 * order of their texts' hashes, and the parts are stretches of that. Of kinds so small that a part would have less than one item of them, the
 * fractions of items add up from kind to kind. Equal texts have one hash and one part, whatever else is in the file.
 * @param texts the number of each item's text; @param classes the number of each item's class, each of which the training part must know
 * @param kinds what is divided alike: the classes, or something finer
 */
export function partsByChance(
  labels: readonly string[],
  texts: ArrayLike<number>,
  classes: ArrayLike<number>,
  fractions: Experiment['data']['split'],
  kinds: ArrayLike<number> = classes,
): Readonly<Record<Part, Uint32Array>> {
  const hashes = labels.map((text) => createHash('sha256').update(text).digest('hex'));
  // A text of two classes goes with the one that it has first.
  const groups = new Map<number, number[]>();
  const classOf = new Map<number, number>();
  const byKind = new Map<number, number[]>();
  const left = new Map<number, number>();
  for (let item = 0; item < texts.length; item++) {
    const [text, own] = [texts[item] ?? -1, classes[item] ?? -1];
    if (text < 0 || own < 0) continue;
    groups.set(text, [...(groups.get(text) ?? []), item]);
    if (classOf.has(text)) continue;
    classOf.set(text, own);
    left.set(own, (left.get(own) ?? 0) + 1);
    const kind = kinds[item] ?? -1;
    byKind.set(kind, [...(byKind.get(kind) ?? []), text]);
  }
  const parts: Record<Part, number[]> = { train: [], validation: [], test: [] };
  const learnt = new Set<number>();
  const put = (text: number, wanted: Part) => {
    const own = classOf.get(text) ?? -1;
    left.set(own, (left.get(own) ?? 0) - 1);
    // The last of a class is for training where nothing else of it is: it must know every class.
    const part = left.get(own) === 0 && !learnt.has(own) ? 'train' : wanted;
    if (part === 'train') learnt.add(own);
    parts[part].push(...(groups.get(text) ?? []));
    return part;
  };
  const hashOf = (text: number | undefined) => hashes[text ?? -1] ?? '';
  const sorted = [...byKind.values()].map((own) => own.sort((a, b) => (hashOf(a) < hashOf(b) ? -1 : 1)));
  const sizeOf = (text: number) => groups.get(text)?.length ?? 0;
  const owed = { test: 0, validation: 0 };
  for (const own of sorted.sort(([a], [b]) => (hashOf(a) < hashOf(b) ? -1 : 1))) {
    const total = own.reduce((sum, text) => sum + sizeOf(text), 0);
    const [test, validation] = [fractions.test * total, fractions.validation * total];
    if ((test === 0 || test >= 1) && (validation === 0 || validation >= 1)) {
      let taken = 0;
      for (const text of own) {
        const middle = taken + sizeOf(text) / 2;
        put(text, middle < test ? 'test' : middle < test + validation ? 'validation' : 'train');
        taken += sizeOf(text);
      }
      continue;
    }
    owed.test += test;
    owed.validation += validation;
    for (const text of own) {
      const half = sizeOf(text) / 2;
      const part = put(text, owed.test >= half ? 'test' : owed.validation >= half ? 'validation' : 'train');
      if (part !== 'train') owed[part] -= sizeOf(text);
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
