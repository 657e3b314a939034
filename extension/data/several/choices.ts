import { message } from '../../protocol/messages';
import type { Guess } from '../choices/chooser';
import { scaleByDefaults as limits } from '../choices/defaults';
import type { Series } from '../forecast/series';
import { quantile } from '../judging/quantile';
import type { Stretch } from './stretches';

/** The middle one of some lengths: what is chosen for all series has to suit it. */
export const typicalLength = (lengths: readonly number[]) =>
  [...lengths].sort((a, b) => a - b)[Math.floor(lengths.length / 2)] ?? 0;

/** The training rows of the target, and their times; of several series those of the one that has most. */
export function longestTraining(
  { columns, time }: Series,
  stretches: readonly Stretch[],
): { readonly values: Float64Array; readonly time: Float64Array | null } {
  const length = ({ split: { train } }: Stretch) => train.end - train.start;
  const longest = stretches.reduce((most, each) => (length(each) > length(most) ? each : most));
  const { start, end } = longest.split.train;
  return {
    values: columns[0]?.values.subarray(start, end) ?? new Float64Array(),
    time: time?.subarray(start, end) ?? null,
  };
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
