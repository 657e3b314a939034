import type { ForecastBaseline, Metrics } from '../../protocol/run';
import { forecastMetrics, type Naive } from '../judging/metrics';

/** Forecasts that need no model, so that a model can be judged beside them; `linear` alone is fitted (`autoregression.ts`). */
export type SimpleBaseline = Exclude<ForecastBaseline, 'linear'>;

/** The baselines that a series with this season has, in the order in which they are shown. */
export function baselinesFor(season: number | null): readonly ForecastBaseline[] {
  return season === null ? ['persistence', 'drift', 'linear'] : ['persistence', 'seasonalNaive', 'drift', 'linear'];
}

/**
 * A baseline's forecasts of rows `origin` to `origin + horizon - 1`, for each origin; `[origins, horizon]` row-major, in the units of
 * `values`. Only rows before an origin are read. Persistence repeats the last of them; seasonal-naive repeats the last full season
 * (and falls back to persistence where less than a season lies before the origin); drift goes on along the line from the first row to
 * the last. NaN where there is none of them.
 */
export function baselineForecasts(
  name: SimpleBaseline,
  values: Float64Array,
  origins: ArrayLike<number>,
  horizon: number,
  season: number | null,
): Float64Array {
  const forecasts = new Float64Array(origins.length * horizon);
  for (let i = 0; i < origins.length; i++) {
    const origin = origins[i] ?? 0;
    const slope = name === 'drift' ? slopeBefore(values, origin) : 0;
    for (let step = 0; step < horizon; step++) {
      const last = values[sourceRow(name, origin, step, season)] ?? Number.NaN;
      forecasts[i * horizon + step] = last + (step + 1) * slope;
    }
  }
  return forecasts;
}

/** What baselines come to, in the units of `truth`; all arrays are `[windows, horizon]` row-major. Empty where there is no window. */
export function baselineMetrics(
  truth: Float64Array,
  forecasts: Readonly<Record<string, Float64Array>>,
  naive: Naive,
): Readonly<Record<string, Metrics>> {
  if (truth.length === 0) return {};
  return Object.fromEntries(
    Object.entries(forecasts).map(([name, forecast]) => [name, forecastMetrics(truth, forecast, naive)]),
  );
}

/** The row before `origin` that stands for row `origin + step`. */
function sourceRow(name: SimpleBaseline, origin: number, step: number, season: number | null): number {
  if (name !== 'seasonalNaive' || season === null || season > origin) return origin - 1;
  return origin - season + (step % season);
}

/** Change a row from the first row to the last one before `origin`. */
function slopeBefore(values: Float64Array, origin: number): number {
  return origin < 2 ? 0 : ((values[origin - 1] ?? Number.NaN) - (values[0] ?? Number.NaN)) / (origin - 1);
}
