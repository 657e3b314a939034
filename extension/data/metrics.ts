import type { Metrics } from '../protocol/run';

/**
 * Mean absolute and root mean squared error over every entry, in the units of the entries.
 * `truth` and `forecast` are of equal length, usually `[windows, horizon]` row-major; NaN where there is nothing to measure.
 */
export function forecastMetrics(truth: ArrayLike<number>, forecast: ArrayLike<number>): Metrics {
  let absolute = 0;
  let squared = 0;
  for (let i = 0; i < truth.length; i++) {
    const error = (forecast[i] ?? Number.NaN) - (truth[i] ?? Number.NaN);
    absolute += Math.abs(error);
    squared += error * error;
  }
  return { mae: absolute / truth.length, rmse: Math.sqrt(squared / truth.length) };
}
