import { readsEveryStep } from '../core/model/task';
import type { Part } from '../protocol/data';
import { UnrollError } from '../protocol/errors';
import type { Experiment } from '../protocol/experiment';
import { type Message, message } from '../protocol/messages';
import { type Autoregression, autoregress, fitAutoregression } from './autoregression';
import { baselineForecasts, baselineMetrics, baselinesFor } from './baselines';
import { judgeForecasts } from './judging/forecasts';
import { findLeaks, notesOnLeaks } from './leaks';
import { naiveError } from './metrics';
import type { ForecastData } from './prepared';
import { countRepeatedWindows } from './repeatedWindows';
import { fitScaler, type ScalerDescription, scaleColumn, unscaleValue } from './scaling';
import type { Series } from './series';
import { firstRow, parts, type Split, splitRows, windowsIn } from './split';

/**
 * Splits by time, fits the scalers on the training part, and counts the windows.
 * @throws UnrollError `data` where a part holds no window or the target tells nothing; `experiment` where a choice is impossible.
 */
export function prepare(series: Series, experiment: Experiment): ForecastData {
  const { lookback, horizon } = experiment.data;
  const embargo = experiment.data.embargo ?? horizon;
  const split = splitRows(series.rows, experiment.data.split);
  const windows = countWindows(split, experiment, embargo);
  const row = (part: Part, window: number) => firstRow(split, part, embargo) + window;
  const scalers = series.columns.map(({ name, values }, index) => {
    const training = values.subarray(split.train.start, split.train.end);
    if (index === 0) refuseConstant(name, training);
    return fitScaler(name, training, index === 0 ? experiment.data.transform : 'none', experiment.data.scaler);
  });
  const target = series.columns[0];
  const targetScaler = scalers[0];
  if (target === undefined || targetScaler === undefined) throw new Error('a series has at least its target');
  const scaled = series.columns.map(({ values }, index) => scaleColumn(values, scalers[index] ?? targetScaler));
  const features = scaled.length;

  const everyStep = readsEveryStep(experiment);
  const origins = (part: Part) =>
    Int32Array.from({ length: windows[part] }, (_, window) => row(part, window) + lookback);
  const truth = (part: Part) => {
    const values = new Float64Array(windows[part] * horizon);
    for (const [window, origin] of origins(part).entries()) {
      values.set(target.values.subarray(origin, origin + horizon), window * horizon);
    }
    return values;
  };
  const unscaleTarget = (value: number) => unscaleValue(targetScaler, value);
  const { season } = experiment.data;
  const naive = naiveError(target.values.subarray(0, split.train.end), season);
  const leaks = findLeaks(
    series.columns.map(({ name, values }) => ({ name, values: values.subarray(0, split.train.end) })),
    horizon,
  );
  const stretch = (part: Part) => ({ first: row(part, 0), count: windows[part] });
  const repeated = countRepeatedWindows(
    series.columns.map(({ values }) => values),
    lookback + horizon,
    stretch('train'),
    stretch('test'),
  );
  let linear: Autoregression | null = null;
  const forecastsOf = (part: Part) => {
    const at = origins(part);
    const told = baselinesFor(season).map((name) => {
      if (name !== 'linear') return [name, baselineForecasts(name, target.values, at, horizon, season)] as const;
      linear ??= fitAutoregression(scaled, split.train.end, lookback, horizon);
      return [name, autoregress(linear, scaled, at).map(unscaleTarget)] as const;
    });
    return Object.fromEntries(told) as ReturnType<ForecastData['baselineForecasts']>;
  };

  return {
    task: 'forecast',
    shape: {
      steps: lookback,
      input: { kind: 'values', features },
      targets: horizon,
      longest: 0,
      masked: false,
      classCounts: null,
    },
    series,
    lookback,
    horizon,
    features,
    split,
    windows,
    scalers,
    fingerprint: series.fingerprint,
    notes: [
      ...series.notes,
      ...notesOn(target.values, targetScaler),
      ...notesOnLeaks(leaks, target.name),
      ...notesOnRepeats(repeated, windows.test),
    ],
    leaks,
    repeated,
    row,
    origins,
    truth,
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      if (used < batch) {
        into.x.fill(0);
        into.y.fill(0);
      }
      for (let at = 0; at < into.weight.length; at += batch)
        into.weight.fill(1, at, at + used).fill(0, at + used, at + batch);
      for (let item = 0; item < used; item++) {
        const first = row(part, indices[item] ?? 0);
        for (const [feature, values] of scaled.entries()) {
          let at = feature * batch + item;
          for (let step = 0; step < lookback; step++, at += features * batch) into.x[at] = values[first + step] ?? 0;
        }
        const targets = scaled[0];
        if (targets === undefined) continue;
        let at = item;
        // The rows after each step, or after the last one alone.
        for (let step = everyStep ? 1 : lookback; step <= lookback; step++) {
          for (let ahead = 0; ahead < horizon; ahead++, at += batch) into.y[at] = targets[first + step + ahead] ?? 0;
        }
      }
    },
    naive,
    unscaleTarget,
    judge: (part) => judgeForecasts(horizon, truth(part), unscaleTarget, naive),
    baselineForecasts: forecastsOf,
    baselines: (part) => (windows[part] === 0 ? {} : baselineMetrics(truth(part), forecastsOf(part), naive)),
  };
}

/** Every part that the experiment asks for must hold at least one window. */
function countWindows(split: Split, { data }: Experiment, embargo: number): Record<Part, number> {
  const count = (part: Part) =>
    windowsIn({ start: firstRow(split, part, embargo), end: split[part].end }, data.lookback, data.horizon);
  const windows = { train: count('train'), validation: count('validation'), test: count('test') };
  const isShort = parts.some((part) => windows[part] === 0 && (part === 'train' || data.split[part] > 0));
  if (isShort) {
    const [train, validation, test] = parts.map((part) => split[part].end - split[part].start);
    throw new UnrollError(
      'data',
      '{0} leaves {1} rows for training, {2} for validation and {3} for the test; each needs {4} (lookback {5} + horizon {6}), and the last two {7} more, which stay between the parts; use more rows, a shorter lookback or another split.',
      data.path,
      train ?? 0,
      validation ?? 0,
      test ?? 0,
      data.lookback + data.horizon,
      data.lookback,
      data.horizon,
      embargo,
    );
  }
  return windows;
}

function notesOnRepeats(repeated: number, windows: number): Message[] {
  if (repeated === 0) return [];
  return [
    message(
      '{0} of the {1} test windows stand, value by value, in the training part too, so the test says too much good of a model that remembers.',
      repeated,
      windows,
    ),
  ];
}

function refuseConstant(name: string, training: Float64Array): void {
  const first = training[0];
  if (training.some((value) => value !== first)) return;
  throw new UnrollError(
    'data',
    'The target {0} is {1} in every row of the training part, so there is nothing to learn; choose another target or a smaller test and validation part.',
    name,
    first ?? 'missing',
  );
}

function notesOn(target: Float64Array, scaler: ScalerDescription): Message[] {
  const { floor } = scaler;
  if (floor === null) return [];
  const clamped = target.reduce((count, value) => count + (value < floor ? 1 : 0), 0);
  if (clamped === 0) return [];
  return [
    message(
      '{0} values of {1} after the training part are too small for its log and are read as {2}; consider data.transform "none".',
      clamped,
      scaler.column,
      floor,
    ),
  ];
}
