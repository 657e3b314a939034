import type { Metrics } from '../protocol/run';
import { forecastMetrics } from './metrics';

/** Forecasts that need no model, so that a model can be judged beside them. */
export type BaselineName = 'persistence' | 'seasonalNaive';

/** The baselines that a series with this season has, in the order in which they are shown. */
export function baselinesFor(season: number | null): readonly BaselineName[] {
  return season === null ? ['persistence'] : ['persistence', 'seasonalNaive'];
}

/**
 * A baseline's forecasts of rows `origin` to `origin + horizon - 1`, for each origin; `[origins, horizon]` row-major, in the units of
 * `values`. Only rows before an origin are read. Persistence repeats the last of them; seasonal-naive repeats the last full season
 * (and falls back to persistence where less than a season lies before the origin). NaN where nothing does.
 */
export function baselineForecasts(
  name: BaselineName,
  values: Float64Array,
  origins: ArrayLike<number>,
  horizon: number,
  season: number | null,
): Float64Array {
  const forecasts = new Float64Array(origins.length * horizon);
  for (let i = 0; i < origins.length; i++) {
    const origin = origins[i] ?? 0;
    for (let step = 0; step < horizon; step++) {
      forecasts[i * horizon + step] = values[sourceRow(name, origin, step, season)] ?? Number.NaN;
    }
  }
  return forecasts;
}

/** What every baseline comes to, in the units of `values`; `truth` is `[origins, horizon]` row-major. Empty where there is no origin. */
export function forecastBaselines(
  values: Float64Array,
  origins: ArrayLike<number>,
  truth: Float64Array,
  horizon: number,
  season: number | null,
): Readonly<Record<string, Metrics>> {
  if (origins.length === 0) return {};
  return Object.fromEntries(
    baselinesFor(season).map((name) => [
      name,
      forecastMetrics(truth, baselineForecasts(name, values, origins, horizon, season)),
    ]),
  );
}

/** The row before `origin` that stands for row `origin + step`. */
function sourceRow(name: BaselineName, origin: number, step: number, season: number | null): number {
  if (name === 'persistence' || season === null || season > origin) return origin - 1;
  return origin - season + (step % season);
}
