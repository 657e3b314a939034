import { mainMetric } from '../../protocol/metrics';
import type { Scores } from '../../protocol/run';
import { baselineMetrics } from '../forecast/baselines';
import { bestBaseline } from './bestBaseline';
import { forecastMetrics, type Naive } from './metrics';

/** How good some forecasts are beside the baseline that is best on them; all arrays are of equal length, in the same units. */
export function scoresOf(
  truth: Float64Array,
  forecast: Float64Array,
  told: Readonly<Record<string, Float64Array>>,
  naive: Naive,
): Pick<Scores, 'model' | 'baseline'> {
  const baselines = baselineMetrics(truth, told, naive);
  const best = bestBaseline(baselines, mainMetric.forecast);
  const metrics = best === null ? undefined : baselines[best.name];
  return {
    model: forecastMetrics(truth, forecast, naive),
    baseline: best === null || metrics === undefined ? null : { name: best.name, metrics },
  };
}

/** The forecasts of every baseline, each changed alike. */
export const mapped = (
  told: Readonly<Record<string, Float64Array>>,
  change: (values: Float64Array) => Float64Array,
): Readonly<Record<string, Float64Array>> =>
  Object.fromEntries(Object.entries(told).map(([name, values]) => [name, change(values)]));
