import { mainMetric } from '../../protocol/metrics';
import type { Report } from '../../protocol/run';
import { baselineMetrics } from '../forecast/baselines';
import type { ForecastData } from '../prepared';
import { inCommon } from './commonUnits';
import { compareWithBest } from './compare';
import { type Intervals, judgeIntervals } from './intervals';
import { forecastMetrics, metricsPerStep } from './metrics';
import { seriesScores } from './perSeries';
import { targetScores } from './perTarget';
import { mapped } from './scores';
import type { Tally } from './tally';

/** What a report says of forecasts of the test part. */
export type JudgedForecast = Pick<
  Report,
  | 'test'
  | 'baselines'
  | 'perHorizon'
  | 'perSeries'
  | 'seriesTested'
  | 'perTarget'
  | 'comparison'
  | 'interval'
  | 'leaks'
  | 'repeatedWindows'
>;

/** Judges forecasts of every window of the test part, `[windows, targets, horizon]` row-major in each target's units, beside the baselines' ones. */
export function judgeForecast(
  data: ForecastData,
  answered: Float64Array,
  intervals: Intervals | null,
  seed: number,
): JudgedForecast {
  const { of, naive } = inCommon(data, 'test');
  const truth = of(data.truth('test'));
  const guard = { leaks: data.leaks, repeatedWindows: data.repeated };
  if (truth.length === 0) return { test: {}, baselines: {}, ...guard };
  const { horizon } = data;
  const { before } = data.windowsOf.test;
  const forecast = of(answered);
  const answers = data.baselineForecasts('test');
  const told = mapped(answers, of);
  const baselines = baselineMetrics(truth, told, naive);
  const interval = intervals === null ? null : judgeIntervals(data, intervals);
  const tallyOf = (values: Float64Array | undefined) =>
    values === undefined ? undefined : squaredTally(truth, values, horizon, before);
  const comparison = compareWithBest(
    mainMetric.forecast,
    squaredTally(truth, forecast, horizon, before),
    baselines,
    (name) => tallyOf(Object.hasOwn(told, name) ? told[name] : undefined),
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
    ...(data.series.several !== undefined && seriesScores(data, truth, forecast, told, naive)),
    ...(data.targets.length > 1 && { perTarget: targetScores(data, answered, answers) }),
    ...(comparison !== null && { comparison }),
    ...(interval !== null && { interval }),
    ...guard,
  };
}

/**
 * The squares of which the root of the mean is the RMSE over all numbers, a row for each window. Arrays are `[windows, targets, horizon]`;
 * `before` counts the windows before each of several series.
 */
export function squaredTally(
  truth: Float64Array,
  forecast: Float64Array,
  horizon: number,
  before: ArrayLike<number> = [0, truth.length / horizon],
): Tally {
  const windows = before[before.length - 1] ?? 0;
  const numbers = truth.length / windows;
  const rows = new Float64Array(2 * windows);
  for (let i = 0; i < truth.length; i++) {
    const at = 2 * Math.floor(i / numbers);
    rows[at] = (rows[at] ?? 0) + ((forecast[i] ?? Number.NaN) - (truth[i] ?? Number.NaN)) ** 2;
    rows[at + 1] = numbers;
  }
  return { rows, width: 2, overlap: horizon, before, of: ([squares = 0, steps = 0]) => Math.sqrt(squares / steps) };
}
