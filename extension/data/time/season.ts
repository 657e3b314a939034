import { seasonDefaults as limits } from '../choices/defaults';
import { dayMs, hourMs, minuteMs, type TimeStep } from './calendar';

export interface Season {
  readonly rows: number;
  /** Autocorrelation one season away. */
  readonly correlation: number;
  /** Whether the calendar suggested it. */
  readonly calendar: boolean;
}

/**
 * The season of a series, in rows: one that the calendar suggests and the autocorrelation confirms, else a clear peak of the
 * autocorrelation. Of several that are confirmed, the one whose repetition errs least. `values` are training rows only.
 */
export function findSeason(values: Float64Array, step: TimeStep | null): Season | null {
  const recent = values.subarray(Math.max(0, values.length - limits.mostRows));
  const confirmed = calendarSeasons(step)
    .filter((rows) => rows <= Math.min(recent.length / 2, limits.mostLag))
    .map((rows) => ({ rows, correlation: confirmation(recent, rows), error: seasonalError(recent, rows) }))
    .filter(({ correlation }) => correlation >= limits.correlation)
    .sort((a, b) => a.error - b.error);
  const [best] = confirmed;
  if (best !== undefined) return { rows: best.rows, correlation: best.correlation, calendar: true };
  const correlation = autocorrelation(
    withoutTrend(recent),
    Math.min(limits.mostLag, Math.floor((recent.length * 3) / 4)),
  );
  const peak = findPeak(correlation, Math.floor(recent.length / 3));
  return peak === null ? null : { rows: peak, correlation: correlation[peak] ?? 0, calendar: false };
}

/**
 * The autocorrelation one season away, after the mean of the season around each row was taken from it: what is slower than the
 * season, and would correlate at any short lag, is gone. Zero where half a season away it is as high.
 */
function confirmation(values: Float64Array, season: number): number {
  const correlation = autocorrelation(withoutLevel(values, season), season);
  const away = correlation[season] ?? 0;
  return away - (correlation[season >> 1] ?? 0) >= limits.prominence ? away : 0;
}

/** Seasons, in rows, that rows this far apart may have; shortest first. */
export function calendarSeasons(step: TimeStep | null): number[] {
  if (step === null) return [];
  if (step.kind === 'months') return whole([12 / step.months]);
  if (step.kind === 'weekdays') return [5, 261];
  return whole([
    minuteMs / step.ms,
    hourMs / step.ms,
    dayMs / step.ms,
    (7 * dayMs) / step.ms,
    // A year is a whole number of rows only nearly.
    Math.round((365.2425 * dayMs) / step.ms - 1e-9),
  ]);
}

function whole(rows: readonly number[]): number[] {
  return rows.filter((count) => count >= 2 && Math.abs(count - Math.round(count)) < 1e-6).map(Math.round);
}

/** Autocorrelation at lags 0 to `mostLag` of values about zero; every lag is averaged over its own pairs. */
function autocorrelation(values: Float64Array, mostLag: number): Float64Array {
  const correlation = new Float64Array(mostLag + 1);
  let variance = 0;
  for (const value of values) variance += value * value;
  variance /= values.length;
  if (!(variance > 0)) return correlation;
  for (let lag = 0; lag <= mostLag; lag++) {
    const pairs = values.length - lag;
    let sum = 0;
    for (let i = 0; i < pairs; i++) sum += (values[i] ?? 0) * (values[i + lag] ?? 0);
    correlation[lag] = sum / pairs / variance;
  }
  return correlation;
}

function withoutTrend(values: Float64Array): Float64Array {
  const middle = (values.length - 1) / 2;
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let slope = 0;
  let squares = 0;
  values.forEach((value, i) => {
    slope += (i - middle) * (value - mean);
    squares += (i - middle) ** 2;
  });
  const perRow = squares > 0 ? slope / squares : 0;
  return values.map((value, i) => value - mean - perRow * (i - middle));
}

/** Less the mean of the rows around each row, one season of them where there are so many. */
function withoutLevel(values: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(values.length + 1);
  values.forEach((value, i) => {
    sums[i + 1] = (sums[i] ?? 0) + value;
  });
  const half = season >> 1;
  return values.map((value, i) => {
    const start = Math.max(0, i - half);
    const end = Math.min(values.length, i + half + 1);
    return value - ((sums[end] ?? 0) - (sums[start] ?? 0)) / (end - start);
  });
}

/** How far the correlation at a lag stands above that half a season before and after. */
function prominence(correlation: Float64Array, lag: number): number {
  const before = correlation[Math.floor(lag / 2)] ?? 0;
  const after = correlation[Math.ceil((lag * 3) / 2)] ?? before;
  return (correlation[lag] ?? 0) - (before + after) / 2;
}

/** The shortest lag whose correlation is near the highest one, past the lags that are only neighbours. */
function findPeak(correlation: Float64Array, longest: number): number | null {
  const start = correlation.findIndex((value) => value <= 0);
  if (start < 0) return null;
  let highest = 0;
  for (let lag = start; lag <= longest; lag++) highest = Math.max(highest, correlation[lag] ?? 0);
  if (highest < limits.uncalledCorrelation) return null;
  let peak = correlation.findIndex((value, lag) => lag >= start && value >= 0.85 * highest);
  for (let lag = peak; lag <= Math.min(longest, Math.ceil(peak * 1.2)); lag++) {
    if ((correlation[lag] ?? 0) > (correlation[peak] ?? 0)) peak = lag;
  }
  const again = Math.max(...correlation.subarray(Math.floor(peak * 1.8), Math.ceil(peak * 2.2)));
  return prominence(correlation, peak) >= limits.prominence && again >= limits.uncalledAgain ? peak : null;
}

/** Mean absolute error of repeating the value of one season ago. */
function seasonalError(values: Float64Array, season: number): number {
  let sum = 0;
  for (let i = season; i < values.length; i++) sum += Math.abs((values[i] ?? 0) - (values[i - season] ?? 0));
  return sum / (values.length - season);
}
