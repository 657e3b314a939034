import { mainMetric } from '../../protocol/metrics';
import type { Report } from '../../protocol/run';
import { baselineMetrics } from '../forecast/baselines';
import type { ForecastData } from '../prepared';
import { compareWithBest } from './compare';
import { type Intervals, judgeIntervals } from './intervals';
import { forecastMetrics, metricsPerStep } from './metrics';
import { seriesScores } from './perSeries';
import type { Tally } from './tally';

/** What a report says of forecasts of the test part. */
export type JudgedForecast = Pick<
  Report,
  | 'test'
  | 'baselines'
  | 'perHorizon'
  | 'perSeries'
  | 'seriesTested'
  | 'comparison'
  | 'interval'
  | 'leaks'
  | 'repeatedWindows'
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
  const { horizon } = data;
  const naive = data.naive('test');
  const told = data.baselineForecasts('test');
  const baselines = baselineMetrics(truth, told, naive);
  const interval = intervals === null ? null : judgeIntervals(data, intervals);
  const tallyOf = (values: Float64Array | undefined) =>
    values === undefined ? undefined : squaredTally(truth, values, horizon);
  const comparison = compareWithBest(
    mainMetric.forecast,
    squaredTally(truth, forecast, horizon),
    baselines,
    (name) => tallyOf(Object.hasOwn(told, name) ? told[name as keyof typeof told] : undefined),
    seed,
  );
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
    ...(data.series.several !== undefined && seriesScores(data, forecast, told)),
    ...(comparison !== null && { comparison }),
    ...(interval !== null && { interval }),
    ...guard,
  };
}

/** The squares of which the root of the mean is the RMSE over all steps, a row for each window. Arrays are `[windows, horizon]`. */
export function squaredTally(truth: Float64Array, forecast: Float64Array, horizon: number): Tally {
  const rows = new Float64Array(2 * (truth.length / horizon));
  for (let i = 0; i < truth.length; i++) {
    const at = 2 * Math.floor(i / horizon);
    rows[at] = (rows[at] ?? 0) + ((forecast[i] ?? Number.NaN) - (truth[i] ?? Number.NaN)) ** 2;
    rows[at + 1] = horizon;
  }
  return { rows, width: 2, overlap: horizon, of: ([squares = 0, steps = 0]) => Math.sqrt(squares / steps) };
}
