import { UnrollError } from '../../protocol/errors';

/** More classes than this are more likely numbers to be forecast. */
export const mostClasses = 1000;

const natural = new Intl.Collator('en', { numeric: true });

/** Text in the order in which people count: numbers by their size, before 10 comes 9. */
export function naturallySorted(labels: readonly string[]): readonly string[] {
  const isNumbers = labels.every((label) => label.trim() !== '' && Number.isFinite(Number(label)));
  return [...labels].sort((a, b) => (isNumbers ? Number(a) - Number(b) : natural.compare(a, b)) || (a < b ? -1 : 1));
}

/** Classes by number, and how often each is the answer in the training part. */
export interface Classes {
  readonly names: readonly string[];
  readonly counts: readonly number[];
  /** The number of the class that the text column has under a code; -1 where it is none. */
  readonly numbers: Int32Array;
}

/**
 * Numbers the classes that are answers in the training part.
 * @param labels the distinct values of column `target`
 * @param codes the answers of the training part, as numbers of `labels`; -1 where there is none
 * @throws UnrollError `data` where they are one class, or too many.
 */
export function numberClasses(target: string, labels: readonly string[], codes: Int32Array): Classes {
  const frequency = new Map<number, number>();
  for (const code of codes) if (code >= 0) frequency.set(code, (frequency.get(code) ?? 0) + 1);
  const names = naturallySorted([...frequency.keys()].map((code) => labels[code] ?? ''));
  if (names.length < 2) {
    throw new UnrollError(
      'data',
      'The target {0} is "{1}" throughout the training part, so there is nothing to learn; choose another target, or mix the order of the sequences.',
      target,
      names[0] ?? '',
    );
  }
  if (names.length > mostClasses) {
    throw new UnrollError(
      'data',
      'The target {0} has {1} different values, which are too many to be classes (at most {2}); choose another target or the task forecast.',
      target,
      names.length,
      mostClasses,
    );
  }
  const places = new Map(names.map((name, place) => [name, place]));
  const numbers = Int32Array.from(labels, (label) => places.get(label) ?? -1);
  const counts = names.map(() => 0);
  for (const [code, count] of frequency) counts[numbers[code] ?? 0] = count;
  return { names, counts, numbers };
}

/** Throws at an answer after the training part that training has never seen. */
export function refuseNewClass(
  target: string,
  labels: readonly string[],
  codes: Int32Array,
  { numbers }: Classes,
): void {
  const unseen = codes.find((code) => code >= 0 && (numbers[code] ?? -1) < 0);
  if (unseen === undefined) return;
  throw new UnrollError(
    'data',
    'The class "{0}" of {1} is in no sequence of the training part; mix the order of the sequences in the file, or make the validation and test parts smaller.',
    labels[unseen] ?? '',
    target,
  );
}
