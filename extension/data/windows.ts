import type { Part } from '../protocol/data';
import { UnrollError } from '../protocol/errors';
import type { Experiment } from '../protocol/experiment';
import { type Message, message } from '../protocol/messages';
import { fitScaler, type ScalerDescription, scaleValue, unscaleValue } from './scaling';
import type { Series } from './series';
import { parts, type Split, splitRows, windowsIn } from './split';

/** What one optimiser step is fed; the caller owns the buffers and may fill them again and again. */
export interface Batch {
  /** Scaled inputs `[lookback, features, batch]`, row-major; the target is feature 0. */
  readonly x: Float32Array;
  /** Scaled targets `[horizon, batch]`, row-major. */
  readonly y: Float32Array;
  /** `[batch]`: 1 for a window, 0 for padding. */
  readonly weight: Float32Array;
}

/** Buffers for batches of one size. */
export function newBatch(lookback: number, features: number, horizon: number, batch: number): Batch {
  return {
    x: new Float32Array(lookback * features * batch),
    y: new Float32Array(horizon * batch),
    weight: new Float32Array(batch),
  };
}

/**
 * A series cut into parts, scaled, and ready to be cut into windows. A window is `lookback` input rows and the `horizon` rows after
 * them, all inside one part. Windows of a part are numbered from 0 in time order.
 */
export interface PreparedData {
  readonly series: Series;
  readonly lookback: number;
  readonly horizon: number;
  /** Input columns, the target included. */
  readonly features: number;
  readonly split: Split;
  readonly windows: Readonly<Record<Part, number>>;
  /** One a column, target first; fitted on the training part alone. */
  readonly scalers: readonly ScalerDescription[];
  /** What was done to the data, in words; the series' own notes come first. */
  readonly notes: readonly Message[];
  /** First input row of a window; its inputs are rows `row` to `row + lookback - 1`. */
  row(part: Part, window: number): number;
  /** First target row of every window of a part: `row + lookback`. */
  origins(part: Part): Int32Array;
  /** What really followed every window of a part, in the target's units; `[windows, horizon]` row-major. */
  truth(part: Part): Float64Array;
  /** Writes windows `indices` of a part (at most `batch` of them, the rest becomes zero with weight 0) into the caller's buffers. */
  fill(part: Part, indices: ArrayLike<number>, batch: number, into: Batch): void;
  /** From scaled units to the target's own. */
  unscaleTarget(scaled: number): number;
}

/**
 * Splits by time, fits the scalers on the training part, and counts the windows.
 * @throws UnrollError `data` where a part holds no window or the target tells nothing; `experiment` where a choice is impossible.
 */
export function prepare(series: Series, experiment: Experiment): PreparedData {
  const { lookback, horizon } = experiment.data;
  const split = splitRows(series.rows, experiment.data.split);
  const windows = countWindows(split, experiment);
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

  return {
    series,
    lookback,
    horizon,
    features,
    split,
    windows,
    scalers,
    notes: [...series.notes, ...notesOn(target.values, targetScaler)],
    row: (part, window) => split[part].start + window,
    origins: (part) => Int32Array.from({ length: windows[part] }, (_, window) => split[part].start + window + lookback),
    truth(part) {
      const truth = new Float64Array(windows[part] * horizon);
      for (let window = 0; window < windows[part]; window++) {
        const origin = split[part].start + window + lookback;
        truth.set(target.values.subarray(origin, origin + horizon), window * horizon);
      }
      return truth;
    },
    fill(part, indices, batch, into) {
      const used = Math.min(indices.length, batch);
      if (used < batch) {
        into.x.fill(0);
        into.y.fill(0);
      }
      into.weight.fill(0).fill(1, 0, used);
      for (let item = 0; item < used; item++) {
        const first = split[part].start + (indices[item] ?? 0);
        for (let feature = 0; feature < features; feature++) {
          const values = scaled[feature];
          if (values === undefined) continue;
          let at = feature * batch + item;
          for (let step = 0; step < lookback; step++, at += features * batch) into.x[at] = values[first + step] ?? 0;
        }
        const targets = scaled[0];
        if (targets === undefined) continue;
        for (let step = 0; step < horizon; step++) {
          into.y[step * batch + item] = targets[first + lookback + step] ?? 0;
        }
      }
    },
    unscaleTarget: (value) => unscaleValue(targetScaler, value),
  };
}

/** Scaled in float64, rounded to float32 once. */
function scaleColumn(values: Float64Array, scaler: ScalerDescription): Float32Array {
  const scaled = new Float32Array(values.length);
  for (let row = 0; row < values.length; row++) scaled[row] = scaleValue(scaler, values[row] ?? Number.NaN);
  return scaled;
}

/** Every part that the experiment asks for must hold at least one window. */
function countWindows(split: Split, { data }: Experiment): Record<Part, number> {
  const count = (part: Part) => windowsIn(split[part], data.lookback, data.horizon);
  const windows = { train: count('train'), validation: count('validation'), test: count('test') };
  const isShort = parts.some((part) => windows[part] === 0 && (part === 'train' || data.split[part] > 0));
  if (isShort) {
    const [train, validation, test] = parts.map((part) => split[part].end - split[part].start);
    throw new UnrollError(
      'data',
      '{0} leaves {1} rows for training, {2} for validation and {3} for the test, and each needs {4} (lookback {5} + horizon {6}); use more rows, a shorter lookback or another split.',
      data.path,
      train ?? 0,
      validation ?? 0,
      test ?? 0,
      data.lookback + data.horizon,
      data.lookback,
      data.horizon,
    );
  }
  return windows;
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
