import { readsEveryStep } from '../../core/model/task';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { inCommon } from '../judging/commonUnits';
import { judgeForecasts } from '../judging/forecasts';
import type { Naive } from '../judging/metrics';
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
import { scaleColumns } from './scaledColumns';
import type { ScalerDescription } from './scaling';
import type { Series } from './series';
import { refuseConstant, type Target, targetsIn } from './targets';

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
  const asked = (series.targets ?? 1) * horizon;
  const [validation, test] = [thinned(all.validation, asked), thinned(all.test, asked)];
  const answered = { train: thinned(all.train, asked), validation, test };
  refuseConstant(series, stretches);
  const { scalers, ofSeries, scalersOf, scaled } = scaleColumns(series, stretches, experiment.data, reading);
  const features = scaled.columns;

  const { season } = experiment.data;
  const targets = targetsIn(series, stretches, scalersOf, season);
  const count = targets.length;
  const leaks = targets.map((_, k) => leaksIn(unknownAhead(series, experiment.data.known, k), stretches, horizon));
  const repeated = repeatedIn(given, stretches, all.train, all.test, lookback + horizon);
  const training = stretches.map(({ split: { train } }) => train);
  const fitted = fittedRanges(training, features, lookback, horizon);
  const notes = [
    ...series.notes,
    ...notesOnTargets(targets),
    ...notesOnShort(stretches, all),
    ...(ofSeries === null ? targets.flatMap((target, k) => notesOn(target, scalers[k])) : []),
    ...targets.flatMap(({ name }, k) => notesOnLeaks(leaks[k] ?? [], name)),
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
      const values = new Float64Array(windows[part] * count * horizon);
      for (const [window, origin] of origins(part).entries()) {
        for (const [k, target] of targets.entries()) {
          values.set(target.values.subarray(origin, origin + horizon), (window * count + k) * horizon);
        }
      }
      return values;
    };
    const targetScale = (part: Part, answer: number) => {
      const window = Math.floor(answer / count);
      const target = targets[answer % count];
      if (target === undefined) throw new Error('a series has at least its target');
      return target.scaleOf(windowsOf[part].stretch(window), row(part, window) + lookback);
    };
    const naive = (part: Part): Naive => {
      if (series.several === undefined && count === 1) return targets[0]?.naives[0] ?? null;
      return (entry) => {
        const answer = Math.floor(entry / horizon);
        return targets[answer % count]?.naives[windowsOf[part].stretch(Math.floor(answer / count))] ?? null;
      };
    };
    const simple = (part: Part, name: SimpleBaseline) => {
      const all = new Float64Array(windows[part] * count * horizon);
      for (const [s, { rows }] of stretches.entries()) {
        // Nothing before the first row of a series is its own.
        const at = originsIn(windowsOf[part], s).map((origin) => origin - rows.start);
        const first = windowsOf[part].before[s] ?? 0;
        for (const [k, { values }] of targets.entries()) {
          const own = baselineForecasts(name, values.subarray(rows.start, rows.end), at, horizon, season);
          for (let window = 0; window < at.length; window++) {
            const forecast = own.subarray(window * horizon, (window + 1) * horizon);
            all.set(forecast, ((first + window) * count + k) * horizon);
          }
        }
      }
      return all;
    };
    const forecastsOf = (part: Part) => {
      const told = baselinesFor(season).map((name) => {
        if (name !== 'linear') return [name, simple(part, name)] as const;
        linear ??= fitAutoregression(scaled, fitted, lookback, horizon, count);
        const at = origins(part);
        const all = autoregress(linear, scaled, at);
        for (let answer = 0; answer < windows[part] * count; answer++) {
          const { unscale } = targetScale(part, answer);
          const k = answer % count;
          const last = targets[k]?.values[(at[(answer - k) / count] ?? 0) - 1] ?? Number.NaN;
          let before = last;
          for (let i = answer * horizon; i < (answer + 1) * horizon; i++) {
            const value = unscale(all[i] ?? Number.NaN);
            // What it says of a row is its change from the row before.
            all[i] = isOfChanges(scalers[k]) ? value + before - last : value;
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
        ...(count > 1 && { targetColumns: count }),
        targets: count * horizon,
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
      targets,
      leaks: leaks.flat(),
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
          const scalersIn = scalersOf(windowsOf[part].stretch(indices[item] ?? 0));
          // The rows after each step, or after the last one alone.
          for (let step = everyStep ? 1 : lookback; step <= lookback; step++) {
            for (let k = 0; k < count; k++) {
              const scaler = scalersIn[k];
              const isSummed = isOfChanges(scaler);
              const centre = isSummed ? (scaler?.offset ?? 0) / (scaler?.scale ?? 1) : 0;
              let before = -centre;
              for (let ahead = 0; ahead < horizon; ahead++, at += batch) {
                const value = values[(step + ahead) * features + k] ?? 0;
                // Changes from the last row that is read are sums of changes from row to row, of which each was centred.
                if (isSummed) before += value + centre;
                into.y[at] = isSummed ? before : value;
              }
            }
          }
        }
      },
      naive,
      targetScale,
      judge: (part) => judgeForecasts(data, part),
      baselineForecasts: forecastsOf,
      baselines(part) {
        if (windows[part] === 0) return {};
        const { of, naive: scale } = inCommon(data, part);
        const told = Object.entries(forecastsOf(part)).map(([name, values]) => [name, of(values)]);
        return baselineMetrics(of(truth(part)), Object.fromEntries(told), scale);
      },
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

function notesOnTargets(targets: readonly Target[]): Message[] {
  if (targets.length === 1) return [];
  return [
    message(
      '{0} columns are forecast together. What is said of all of them is in deviations of the training rows of each; the errors of each in its own units stand beside it.',
      targets.length,
    ),
  ];
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

function notesOn({ values }: Target, scaler: ScalerDescription | undefined): Message[] {
  const { floor = null } = scaler ?? {};
  if (scaler === undefined || floor === null) return [];
  const clamped = values.reduce((count, value) => count + (value < floor ? 1 : 0), 0);
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
