import { mainMetric } from '../../protocol/metrics';
import type { Comparison, Metrics, Report } from '../../protocol/run';
import { baselineMetrics } from '../baselines';
import { forecastMetrics, metricsPerStep } from '../metrics';
import type { ForecastData } from '../prepared';
import { bestBaseline } from './bestBaseline';
import { pairedBootstrap, squaredScores } from './bootstrap';
import { type Intervals, judgeIntervals } from './intervals';

/** What a report says of forecasts of the test part. */
export type JudgedForecast = Pick<
  Report,
  'test' | 'baselines' | 'perHorizon' | 'comparison' | 'interval' | 'leaks' | 'repeatedWindows'
>;

/** Judges forecasts of every window of the test part, `[windows, horizon]` row-major in the target's units, beside the baselines' ones. */
export function judgeForecast(
  data: ForecastData,
  forecast: Float64Array,
  intervals: Intervals | null,
  seed: number,
): JudgedForecast {
  const truth = data.truth('test');
  const guard = { leaks: data.leaks, repeatedWindows: data.repeated };
  if (truth.length === 0) return { test: {}, baselines: {}, ...guard };
  const { horizon, naive } = data;
  const told = data.baselineForecasts('test');
  const baselines = baselineMetrics(truth, told, naive);
  const interval = intervals === null ? null : judgeIntervals(data, intervals);
  const comparison = compare(truth, forecast, told, baselines, horizon, seed);
  return {
    test: forecastMetrics(truth, forecast, naive),
    baselines,
    ...(horizon > 1 && {
      perHorizon: Object.fromEntries(
        Object.entries({ model: forecast, ...told }).map(([name, values]) => [
          name,
          metricsPerStep(truth, values, horizon, naive),
        ]),
      ),
    }),
    ...(comparison !== null && { comparison }),
    ...(interval !== null && { interval }),
    ...guard,
  };
}

function compare(
  truth: Float64Array,
  forecast: Float64Array,
  told: Readonly<Record<string, Float64Array>>,
  baselines: Readonly<Record<string, Metrics>>,
  horizon: number,
  seed: number,
): Comparison | null {
  const best = bestBaseline(baselines, mainMetric.forecast);
  const other = best === null ? undefined : told[best.name];
  if (best === null || other === undefined) return null;
  const difference = pairedBootstrap(
    {
      model: squaredScores(truth, forecast, horizon),
      baseline: squaredScores(truth, other, horizon),
      masses: null,
      of: Math.sqrt,
    },
    horizon,
    seed,
  );
  return difference === null ? null : { baseline: best.name, ...difference };
}
