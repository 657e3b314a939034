import { message } from '../../protocol/messages';
import type { Guess } from '../choices/chooser';
import { scaleByDefaults as limits } from '../choices/defaults';
import type { Series } from '../forecast/series';
import { quantile } from '../judging/quantile';
import type { Stretch } from './stretches';

/** The middle one of some lengths: what is chosen for all series has to suit it. */
export const typicalLength = (lengths: readonly number[]) =>
  [...lengths].sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;

/** Of very many series the longest are looked at. */
const mostLookedAt = 16;

/** The series with the most training rows, the longest first. */
export function longestOf(stretches: readonly Stretch[]): readonly Stretch[] {
  const length = ({ split: { train } }: Stretch) => train.end - train.start;
  return [...stretches].sort((a, b) => length(b) - length(a)).slice(0, mostLookedAt);
}

/** Training rows of the target in one series, and their times. */
export interface Training {
  readonly values: Float64Array;
  readonly time: Float64Array | null;
}

/** The training rows of the series that are asked what suits all, the longest first. */
export function trainingOf({ columns, time }: Series, stretches: readonly Stretch[]): readonly Training[] {
  // Asked for once: a long column is read from a file.
  const target = columns[0]?.values ?? new Float64Array();
  return longestOf(stretches).map(({ split: { train } }) => ({
    values: target.subarray(train.start, train.end),
    time: time?.subarray(train.start, train.end) ?? null,
  }));
}

/**
 * What most of the series say, and how many of them; of what equally many say, what the longest one does that is among these.
 * @param said what each series says, the longest first
 */
export function mostSay<T>(
  said: readonly T[],
  isSame: (a: T, b: T) => boolean = Object.is,
): { readonly value: T; readonly count: number } {
  const counts = said.map((one) => said.filter((other) => isSame(one, other)).length);
  const count = Math.max(...counts);
  const value = said[counts.indexOf(count)];
  if (value === undefined) throw new Error('somebody has to be asked');
  return { value, count };
}

/** Whether each series is scaled for itself: where their means differ by more than each of them varies, or they vary very differently. */
export function guessScaleBy({ columns }: Series, stretches: readonly Stretch[]): Guess<'all' | 'series'> {
  const target = columns[0]?.values ?? new Float64Array();
  const known = stretches
    .map(({ split: { train } }) => momentsOf(target.subarray(train.start, train.end)))
    .filter(({ deviation }) => deviation > 0);
  const sorted = (of: (each: (typeof known)[number]) => number) => Float64Array.from(known, of).sort();
  const means = momentsOf(sorted(({ mean }) => mean)).deviation;
  const deviations = sorted(({ deviation }) => deviation);
  const isApart = means > limits.levels * quantile(deviations, 0.5);
  const isUneven = quantile(deviations, 0.9) > limits.deviations * quantile(deviations, 0.1);
  return known.length > 1 && (isApart || isUneven)
    ? {
        value: 'series',
        why: message('The {0} series have different levels, so each is scaled for itself.', stretches.length),
      }
    : { value: 'all', why: message('The {0} series have about the same level.', stretches.length) };
}

function momentsOf(values: Float64Array): { readonly mean: number; readonly deviation: number } {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2 / values.length;
  return { mean, deviation: Math.sqrt(squares) };
}
