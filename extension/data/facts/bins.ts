import type { Bins } from '../../protocol/facts';

/** How many whole numbers share a bin, for at most `most` bins. */
export const binWidth = (min: number, max: number, most: number): number =>
  Math.max(1, Math.ceil((max - min + 1) / most));

export const binCount = (min: number, max: number, width: number): number => Math.floor((max - min) / width) + 1;

/** Equally wide bins of numbers, at most `most` of them; one where all are the same. There must be one. */
export function evenBins(values: readonly number[], most: number): Bins {
  const min = values.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const max = values.reduce((largest, each) => Math.max(largest, each), Number.NEGATIVE_INFINITY);
  const width = (max - min) / most;
  if (!(width > 0)) return { min, max, width: 0, counts: [values.length] };
  const counts = new Array<number>(most).fill(0);
  for (const value of values) {
    const bin = Math.min(most - 1, Math.floor((value - min) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { min, max, width, counts };
}

/** Bins of whole numbers, each with how often it stands. */
export function binsOf(counted: ReadonlyMap<number, number>, most: number): Bins {
  const numbers = [...counted.keys()];
  const min = numbers.reduce((least, each) => Math.min(least, each), Number.POSITIVE_INFINITY);
  const max = numbers.reduce((largest, each) => Math.max(largest, each), Number.NEGATIVE_INFINITY);
  const width = binWidth(min, max, most);
  const counts = new Array<number>(binCount(min, max, width)).fill(0);
  for (const [each, many] of counted) {
    const bin = Math.floor((each - min) / width);
    counts[bin] = (counts[bin] ?? 0) + many;
  }
  return { min, max, width, counts };
}
