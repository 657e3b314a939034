import { readsEveryStep } from '../../core/model/task';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { judgeForecasts } from '../judging/forecasts';
import { type Naive, naiveError } from '../judging/metrics';
import type { ForecastData } from '../prepared';
import { leaksIn, repeatedIn } from '../several/guard';
import { type PartWindows, type Stretch, stretchesOf, thinned, windowsOfPart } from '../several/stretches';
import { parts, type RowRange } from '../split';
import type { Reading } from '../table/reading';
import { type Autoregression, autoregress, fitAutoregression, fittedRanges } from './autoregression';
import { baselineForecasts, baselineMetrics, baselinesFor, type SimpleBaseline } from './baselines';
import { isOfChanges } from './changes';
import { refuseShortOfKnown, unknownAhead, withKnown } from './known';
import { notesOnLeaks } from './leaks';
import { scaleColumns, trainingValues } from './scaledColumns';
import { type ScalerDescription, scaleValue, unscaleValue } from './scaling';
import type { Series } from './series';

/**
 * Splits by time, each of several series for itself, fits the scalers on the training part, and counts the windows.
 * @throws UnrollError `data` where a part holds no window or the target tells nothing; `experiment` where a choice is impossible.
 */
export function prepare(given: Series, experiment: Experiment, reading: Reading = {}): ForecastData {
  refuseShortOfKnown(experiment.data);
  const series = withKnown(given, experiment.data);
  const { lookback, horizon } = experiment.data;
  const embargo = experiment.data.embargo ?? horizon;
  const stretches = stretchesOf(series, experiment.data.split);
  const all = countWindows(stretches, experiment, embargo);
  const [validation, test] = [thinned(all.validation, horizon), thinned(all.test, horizon)];
  const answered = { train: thinned(all.train, horizon), validation, test };
  const target = series.columns[0];
  if (target === undefined) throw new Error('a series has at least its target');
  const { values: targetValues } = target;
  refuseConstant(target.name, trainingValues(targetValues, stretches));
  const { scalers, ofSeries, scalersOf, scaled } = scaleColumns(series, stretches, experiment.data, reading);
  const features = scaled.columns;

  const { season } = experiment.data;
  const naives = stretches.map(({ split: { train } }) =>
    naiveError(targetValues.subarray(train.start, train.end), season),
  );
  const leaks = leaksIn(unknownAhead(series, experiment.data.known), stretches, horizon);
  const repeated = repeatedIn(given, stretches, all.train, all.test, lookback + horizon);
  const training = stretches.map(({ split: { train } }) => train);
  const fitted = fittedRanges(training, features, lookback, horizon);
  const notes = [
    ...series.notes,
    ...notesOnShort(stretches, all),
    ...(scalers[0] === undefined || ofSeries !== null ? [] : notesOn(targetValues, scalers[0])),
    ...notesOnLeaks(leaks, target.name),
    ...notesOnRepeats(repeated, all.test.count),
    ...notesOnSample(all, answered, fitted === training ? null : fitted),
  ];
  let linear: Autoregression | null = null;
  const everyStep = readsEveryStep(experiment);
  const view = (windowsOf: Readonly<Record<Part, PartWindows>>, judged: ForecastData | null): ForecastData => {
    const windows = mapParts((part) => windowsOf[part].count);
    const row = (part: Part, window: number) => windowsOf[part].row(window);
    const originsIn = ({ before, row: rowOf, step, isCut }: PartWindows, s: number) => {
      const first = before[s] ?? 0;
      const length = (before[s + 1] ?? 0) - first;
      if (isCut) return Int32Array.from({ length }, (_, window) => rowOf(first + window) + lookback);
      const from = rowOf(first) + lookback;
      return Int32Array.from({ length }, (_, window) => from + window * step);
    };
    const origins = (part: Part) => {
      const all = new Int32Array(windows[part]);
      for (const s of stretches.keys()) all.set(originsIn(windowsOf[part], s), windowsOf[part].before[s]);
      return all;
    };
    const truth = (part: Part) => {
      const values = new Float64Array(windows[part] * horizon);
      for (const [window, origin] of origins(part).entries()) {
        values.set(targetValues.subarray(origin, origin + horizon), window * horizon);
      }
      return values;
    };
    const targetScale = (part: Part, window: number) => {
      const [scaler] = scalersOf(windowsOf[part].stretch(window));
      if (scaler === undefined) throw new Error('a target has its scaler');
      const last = isOfChanges(scaler) ? (targetValues[row(part, window) + lookback - 1] ?? Number.NaN) : 0;
      return {
        scale: (value: number) => scaleValue(scaler, value - last),
        unscale: (value: number) => unscaleValue(scaler, value) + last,
      };
    };
    const naive = (part: Part): Naive => {
      if (series.several === undefined) return naives[0] ?? null;
      return (entry) => naives[windowsOf[part].stretch(Math.floor(entry / horizon))] ?? null;
    };
    const simple = (part: Part, name: SimpleBaseline) => {
      const all = new Float64Array(windows[part] * horizon);
      for (const [s, { rows }] of stretches.entries()) {
        // Nothing before the first row of a series is its own.
        const at = originsIn(windowsOf[part], s).map((origin) => origin - rows.start);
        const own = baselineForecasts(name, targetValues.subarray(rows.start, rows.end), at, horizon, season);
        all.set(own, (windowsOf[part].before[s] ?? 0) * horizon);
      }
      return all;
    };
    const forecastsOf = (part: Part) => {
      const told = baselinesFor(season).map((name) => {
        if (name !== 'linear') return [name, simple(part, name)] as const;
        linear ??= fitAutoregression(scaled, fitted, lookback, horizon);
        const at = origins(part);
        const all = autoregress(linear, scaled, at);
        for (let window = 0; window < windows[part]; window++) {
          const { unscale } = targetScale(part, window);
          const last = targetValues[(at[window] ?? 0) - 1] ?? Number.NaN;
          let before = last;
          for (let i = window * horizon; i < (window + 1) * horizon; i++) {
            const value = unscale(all[i] ?? Number.NaN);
            // What it says of a row is its change from the row before.
            all[i] = isOfChanges(scalers[0]) ? value + before - last : value;
            before = all[i] ?? Number.NaN;
          }
        }
        return [name, all] as const;
      });
      return Object.fromEntries(told) as ReturnType<ForecastData['baselineForecasts']>;
    };

    const data: ForecastData = {
      task: 'forecast',
      get answered() {
        return judged ?? data;
      },
      shape: {
        steps: lookback,
        input: { kind: 'values', features },
        ...(series.ahead !== undefined && { known: series.ahead }),
        targets: horizon,
        longest: 0,
        masked: false,
        classCounts: null,
      },
      series,
      lookback,
      horizon,
      features,
      stretches,
      windowsOf,
      windows,
      scalers,
      seriesScalers: ofSeries,
      fingerprint: series.fingerprint,
      notes,
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
          const values = scaled.rows(first, lookback + horizon);
          for (let from = 0, at = item; from < lookback * features; from++, at += batch) into.x[at] = values[from] ?? 0;
          let at = item;
          const [targetScaler] = scalersOf(windowsOf[part].stretch(indices[item] ?? 0));
          const isSummed = isOfChanges(targetScaler);
          const centre = isSummed ? (targetScaler?.offset ?? 0) / (targetScaler?.scale ?? 1) : 0;
          // The rows after each step, or after the last one alone.
          for (let step = everyStep ? 1 : lookback; step <= lookback; step++) {
            let before = -centre;
            for (let ahead = 0; ahead < horizon; ahead++, at += batch) {
              const value = values[(step + ahead) * features] ?? 0;
              // Changes from the last row that is read are sums of changes from row to row, of which each was centred.
              if (isSummed) before += value + centre;
              into.y[at] = isSummed ? before : value;
            }
          }
        }
      },
      naives,
      naive,
      targetScale,
      judge: (part) => judgeForecasts(horizon, truth(part), (window) => targetScale(part, window).unscale, naive(part)),
      baselineForecasts: forecastsOf,
      baselines: (part) => (windows[part] === 0 ? {} : baselineMetrics(truth(part), forecastsOf(part), naive(part))),
    };
    return data;
  };
  const isWhole = answered.train === all.train;
  return view({ train: all.train, validation, test }, isWhole ? null : view(answered, null));
}

const mapParts = <T>(of: (part: Part) => T): Record<Part, T> => ({
  train: of('train'),
  validation: of('validation'),
  test: of('test'),
});

/** Every part that the experiment asks for must hold at least one window, of whatever series. */
function countWindows(
  stretches: readonly Stretch[],
  { data }: Experiment,
  embargo: number,
): Readonly<Record<Part, PartWindows>> {
  const windows = mapParts((part) => windowsOfPart(stretches, part, data, embargo));
  const isShort = parts.some((part) => windows[part].count === 0 && (part === 'train' || data.split[part] > 0));
  if (isShort) {
    const longest = (part: Part) =>
      stretches.reduce((most, { split }) => Math.max(most, split[part].end - split[part].start), 0);
    const [train, validation, test] = parts.map(longest);
    if (stretches.some(({ name }) => name !== null)) {
      throw new UnrollError(
        'data',
        'The longest of the {0} series in {1} leaves {2} rows for training, {3} for validation and {4} for the test; each needs {5} (lookback {6} + horizon {7}), and the last two {8} more, which stay between the parts; use longer series, a shorter lookback or another split.',
        stretches.length,
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

/** Series that are too short to say something in every part. */
function notesOnShort(stretches: readonly Stretch[], windows: Readonly<Record<Part, PartWindows>>): Message[] {
  const count = (part: Part) =>
    stretches.filter((_, s) => windows[part].before[s + 1] === windows[part].before[s]).length;
  const [untrained, untested] = [count('train'), windows.test.count === 0 ? 0 : count('test')];
  if (stretches.length < 2 || untrained + untested === 0) return [];
  return [
    message(
      '{0} of the {1} series are too short for a window in the training part, and {2} for one in the test part.',
      untrained,
      stretches.length,
      untested,
    ),
  ];
}

/** What is told of some windows, or learnt from some rows, and not of all. */
function notesOnSample(
  all: Readonly<Record<Part, PartWindows>>,
  answered: Readonly<Record<Part, PartWindows>>,
  fitted: readonly RowRange[] | null,
): Message[] {
  const judged = (['validation', 'test'] as const).filter((part) => answered[part] !== all[part]);
  const [step] = judged.map((part) => Math.ceil(answered[part].step / all[part].step)).sort((a, b) => b - a);
  return [
    ...(step === undefined
      ? []
      : [
          message(
            'Every {0}th window of the validation and test parts is judged, {1} and {2} of them, which is enough for all figures that are shown.',
            step,
            answered.validation.count,
            answered.test.count,
          ),
        ]),
    ...(answered.train === all.train
      ? []
      : [
          message(
            'The forecasts of the training part are those of {0} of its {1} windows, spread evenly.',
            answered.train.count,
            all.train.count,
          ),
        ]),
    ...(fitted === null
      ? []
      : [
          message(
            'The linear autoregression is fitted to the last {0} rows of the training part.',
            fitted.reduce((count, { start, end }) => count + end - start, 0),
          ),
        ]),
  ];
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
