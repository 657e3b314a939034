import type { Metrics } from '../../protocol/run';

/**
 * What absolute errors are scaled by, see {@link naiveError}: one number for all entries, or one for each; null where there is none. Entries
 * without one count for nothing in scaled errors.
 */
export type Naive = number | null | ((entry: number) => number | null);

/**
 * Errors over every entry. `truth` and `forecast` are of equal length, usually `[windows, horizon]` row-major; NaN where there is nothing
 * to measure. Root mean squared and mean absolute error are in the units of the entries. The mean absolute scaled error (Hyndman &
 * Koehler 2006) is the mean of absolute ones over `naive`; without it there is none. The symmetric mean absolute
 * percentage error is 100 · 2|f − y| / (|y| + |f|), 0 where both are 0, so that it lies between 0 and 200.
 */
export function forecastMetrics(truth: ArrayLike<number>, forecast: ArrayLike<number>, naive: Naive = null): Metrics {
  const scaleOf = typeof naive === 'function' ? naive : () => null;
  let [absolute, squared, symmetric] = [0, 0, 0];
  let [scaled, counted] = [0, 0];
  for (let i = 0; i < truth.length; i++) {
    const [right, told] = [truth[i] ?? Number.NaN, forecast[i] ?? Number.NaN];
    const error = Math.abs(told - right);
    absolute += error;
    squared += error * error;
    symmetric += error === 0 ? 0 : error / (Math.abs(right) + Math.abs(told));
    const scale = scaleOf(i);
    if (scale === null) continue;
    scaled += error / scale;
    counted++;
  }
  const mae = absolute / truth.length;
  const mase = typeof naive === 'number' ? mae / naive : counted > 0 ? scaled / counted : null;
  return {
    mae,
    rmse: Math.sqrt(squared / truth.length),
    ...(mase !== null && { mase }),
    smape: (200 * symmetric) / truth.length,
  };
}

/** The same for each step of the horizon, from the first; arrays are `[windows, horizon]` row-major. Empty where there is no window. */
export function metricsPerStep(
  truth: Float64Array,
  forecast: Float64Array,
  horizon: number,
  naive: Naive,
): readonly Metrics[] {
  if (truth.length === 0) return [];
  const windows = truth.length / horizon;
  const column = (values: Float64Array, step: number) =>
    Float64Array.from({ length: windows }, (_, window) => values[window * horizon + step] ?? Number.NaN);
  const naiveAt = (step: number): Naive =>
    typeof naive === 'function' ? (window) => naive(window * horizon + step) : naive;
  return Array.from({ length: horizon }, (_, step) =>
    forecastMetrics(column(truth, step), column(forecast, step), naiveAt(step)),
  );
}

/**
 * What forecasts are scaled by: the mean absolute error, over the training part itself, of repeating the value of one season ago, or the
 * last value where there is no season. Null where that makes no error, so that nothing can be divided by it.
 */
export function naiveError(training: Float64Array, season: number | null): number | null {
  const lag = season !== null && season < training.length ? season : 1;
  let sum = 0;
  for (let row = lag; row < training.length; row++) sum += Math.abs((training[row] ?? 0) - (training[row - lag] ?? 0));
  const mean = sum / (training.length - lag);
  return mean > 0 && Number.isFinite(mean) ? mean : null;
}
