import { baselineForecasts, baselinesFor } from '../../data/baselines';
import { forecastMetrics } from '../../data/metrics';
import type { PreparedData } from '../../data/windows';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import type { Metrics, Report } from '../../protocol/run';
import type { Forecasts } from './forecasts';

/** What is known of a training when its forecasts are judged. */
export interface Judged {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly forecasts: Forecasts;
  readonly provider: string;
  readonly bestEpoch: number;
  readonly seconds: number;
}

/** The test metrics beside those of the baselines on the same windows. */
export function makeReport({ experiment, data, forecasts, provider, bestEpoch, seconds }: Judged): Report {
  const { season } = experiment.data;
  const truth = data.truth('test');
  const origins = data.origins('test');
  const values = data.series.columns[0]?.values ?? new Float64Array(0);
  const judge = (forecast: Float64Array): Metrics => (truth.length === 0 ? {} : forecastMetrics(truth, forecast));
  const test = judge(forecasts.test);
  const baselines = Object.fromEntries(
    baselinesFor(season).map((name) => [name, judge(baselineForecasts(name, values, origins, data.horizon, season))]),
  );
  return {
    task: 'forecast',
    provider,
    bestEpoch,
    seconds,
    windows: data.windows,
    test,
    baselines,
    verdict: verdictOn(test, baselines),
  };
}

/** How good a test RMSE is beside the best baseline's, and what to do. */
export function verdictOn(test: Metrics, baselines: Readonly<Record<string, Metrics>>): Message {
  const model = test['rmse'];
  const [name, rmse] = Object.entries(baselines)
    .map(([baseline, metrics]) => [baseline, metrics['rmse'] ?? Number.POSITIVE_INFINITY] as const)
    .reduce((best, other) => (other[1] < best[1] ? other : best), ['persistence', Number.POSITIVE_INFINITY]);
  if (model === undefined || !Number.isFinite(rmse)) {
    return message('There is no test part to judge this model by; set data.split.test above 0 to have one.');
  }
  const percent = rounded((Math.abs(rmse - model) / rmse) * 100, 2);
  const [mine, floor] = [rounded(model), rounded(rmse)];
  if (name === 'seasonalNaive') {
    return model < rmse
      ? message(
          'The test RMSE of {0} is {1} % below that of repeating the last season ({2}): the model has learnt something; use it, or compare it with a bigger one.',
          mine,
          percent,
          floor,
        )
      : message(
          'The test RMSE of {0} is {1} % above that of repeating the last season ({2}): do not use this model yet; try a lookback of at least one season or more epochs.',
          mine,
          percent,
          floor,
        );
  }
  return model < rmse
    ? message(
        'The test RMSE of {0} is {1} % below that of repeating the last value ({2}): the model has learnt something; use it, or compare it with a bigger one.',
        mine,
        percent,
        floor,
      )
    : message(
        'The test RMSE of {0} is {1} % above that of repeating the last value ({2}): do not use this model yet; try a longer lookback, more features or more epochs.',
        mine,
        percent,
        floor,
      );
}

/** To so many significant digits. */
const rounded = (value: number, digits = 4) => Number(value.toPrecision(digits));
