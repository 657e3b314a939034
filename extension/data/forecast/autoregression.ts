import { type RowRange, windowsIn } from '../split';
import type { ScaledRows } from '../streamed/scaledRows';

/** A linear model of a window: the intercept, then `rows` weights for each column. */
export interface Autoregression {
  /** How many of the last rows before an origin are read. */
  readonly rows: number;
  /** How many of the first columns are forecast. */
  readonly targets: number;
  /** `[targets · horizon, 1 + columns · rows]` row-major, for columns of zero mean and unit deviation. */
  readonly weights: Float64Array;
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** More unknowns than this take more time than a baseline should; of longer windows the last rows are read. */
const mostUnknowns = 1500;
/** Added to the diagonal for each window, where columns have unit variance: enough to tell equal columns apart, and nothing else. */
const ridge = 1e-6;
/** Products that the fit may take, and values that it may hold; of longer series the last rows are fitted. */
const mostProducts = 3e9;
const mostFitted = 2e7;

/**
 * Least squares from the `lookback` rows of all columns before an origin to each of the `horizon` values of the first `targets` columns from it
 * on, each step of the horizon for itself ("direct"). Every window inside one of the `training` ranges is fitted, of several series by the same
 * weights ("pooled"), and no other row is read.
 * @param scaled at least the targets, which come first; in the units that the model reads.
 */
export function fitAutoregression(
  scaled: Pick<ScaledRows, 'column' | 'columns'>,
  training: readonly RowRange[],
  lookback: number,
  horizon: number,
  targets = 1,
): Autoregression {
  const columns = Array.from({ length: scaled.columns }, (_, index) => index);
  const rows = rowsRead(scaled.columns, lookback);
  const fitted = columns.map((index) => standardised(scaled.column(index, training), training));
  // Windows begin where those of the model do, so that both learn from the same answers.
  const first = lookback - rows;
  const size = 1 + scaled.columns * rows;
  const products = new Float64Array(size * size);
  const answers = new Float64Array(targets * horizon * size);
  // The answers are the targets at the places that follow the window's, so they are the same sums of products.
  const places = rows + horizon;
  let total = 0;
  for (const [range, { start, end }] of training.entries()) {
    const windows = windowsIn({ start, end }, lookback, horizon);
    if (windows === 0) continue;
    total += windows;
    const parts = fitted.map(({ values }) => (values[range] ?? new Float64Array(0)).subarray(first));
    parts.forEach((a, one) => {
      parts.forEach((b, other) => {
        const isMirrored = other > one;
        if (isMirrored && other >= targets) return;
        const wide = other < targets ? places : rows;
        const sums = laggedSums(a, b, windows, rows, wide);
        for (let i = 0; i < rows; i++) {
          const row = 1 + one * rows + i;
          for (let j = 0; !isMirrored && j < rows; j++) {
            const column = 1 + other * rows + j;
            add(products, row * size + column, sums[i * wide + j]);
            // What is about one column is whole already; what is about two has its mirror.
            if (one !== other) add(products, column * size + row, sums[i * wide + j]);
          }
          for (let step = 0; other < targets && step < horizon; step++) {
            add(answers, (other * horizon + step) * size + row, sums[i * wide + rows + step]);
          }
        }
      });
      const totals = movingSums(a, windows, one < targets ? places : rows);
      for (let i = 0; i < rows; i++) {
        const row = 1 + one * rows + i;
        add(products, row * size, totals[i]);
        add(products, row, totals[i]);
      }
      for (let step = 0; one < targets && step < horizon; step++) {
        add(answers, (one * horizon + step) * size, totals[rows + step]);
      }
    });
  }
  products[0] = total;
  for (let row = 0; row < size; row++) add(products, row * size + row, ridge * total);
  solve(products, answers, size);
  return {
    rows,
    targets,
    weights: answers,
    means: fitted.map(({ mean }) => mean),
    deviations: fitted.map(({ deviation }) => deviation),
  };
}

/** How many rows of a window are read. */
const rowsRead = (columns: number, lookback: number) =>
  Math.max(1, Math.min(lookback, Math.floor((mostUnknowns - 1) / columns)));

/** The rows of the training part that are fitted: all, or where these are too many the last of each series, for each alike. */
export function fittedRanges(
  training: readonly RowRange[],
  columns: number,
  lookback: number,
  horizon: number,
): readonly RowRange[] {
  const all = training.reduce((count, { start, end }) => count + end - start, 0);
  const products = (columns * (columns + 1) * (2 * rowsRead(columns, lookback) + horizon)) / 2;
  const most = Math.min(mostProducts / products, mostFitted / columns);
  if (all <= most) return training;
  return training.map(({ start, end }) => ({ start: end - Math.floor((end - start) * (most / all)), end }));
}

/** What the model says of rows `origin` to `origin + horizon - 1`, for each origin; `[origins, targets, horizon]` row-major, in the columns' units. */
export function autoregress(
  { rows, targets, weights, means, deviations }: Autoregression,
  scaled: Pick<ScaledRows, 'rows' | 'columns'>,
  origins: ArrayLike<number>,
): Float64Array {
  const { columns } = scaled;
  const size = 1 + columns * rows;
  const numbers = weights.length / size;
  const horizon = numbers / targets;
  const forecasts = new Float64Array(origins.length * numbers);
  const window = new Float64Array(size);
  window[0] = 1;
  for (let i = 0; i < origins.length; i++) {
    const values = scaled.rows((origins[i] ?? 0) - rows, rows);
    for (let column = 0; column < columns; column++) {
      const [mean, deviation] = [means[column] ?? 0, deviations[column] ?? 1];
      const at = 1 + column * rows;
      for (let row = 0; row < rows; row++) {
        window[at + row] = ((values[row * columns + column] ?? Number.NaN) - mean) / deviation;
      }
    }
    for (let answer = 0; answer < numbers; answer++) {
      const target = Math.floor(answer / horizon);
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (weights[answer * size + k] ?? 0) * (window[k] ?? 0);
      forecasts[i * numbers + answer] = sum * (deviations[target] ?? 1) + (means[target] ?? 0);
    }
  }
  return forecasts;
}

function add(sums: Float64Array, at: number, value = 0): void {
  sums[at] = (sums[at] ?? 0) + value;
}

interface Standardised {
  /** One for each range. */
  readonly values: readonly Float64Array[];
  readonly mean: number;
  readonly deviation: number;
}

/** To zero mean and unit deviation, so that the ridge is as small for every column, which holds the rows of the ranges alone. */
function standardised(column: Float32Array, ranges: readonly RowRange[]): Standardised {
  let at = 0;
  const parts = ranges.map(({ start, end }) => {
    at += end - start;
    return column.subarray(at - (end - start), at);
  });
  const count = parts.reduce((sum, part) => sum + part.length, 0);
  const average = (of: (value: number) => number) =>
    parts.reduce((sum, part) => part.reduce((inner, value) => inner + of(value), sum), 0) / count;
  const mean = average((value) => value);
  const variance = average((value) => (value - mean) ** 2);
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  const values = parts.map((part) => Float64Array.from(part, (value) => (value - mean) / deviation));
  return { values, mean, deviation };
}

/**
 * Σ over windows w of a[w + i] · b[w + j], for i below `rows` and j below `wide`; `[rows, wide]` row-major. From (i, j) to (i + 1, j + 1)
 * one product leaves the sum and one comes in, so only the first row and column are summed as a whole.
 */
function laggedSums(a: Float64Array, b: Float64Array, windows: number, rows: number, wide: number): Float64Array {
  const sums = new Float64Array(rows * wide);
  const whole = (i: number, j: number) => {
    let sum = 0;
    for (let w = 0; w < windows; w++) sum += (a[w + i] ?? 0) * (b[w + j] ?? 0);
    return sum;
  };
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < wide; j++) {
      if (i === 0 || j === 0) {
        sums[i * wide + j] = whole(i, j);
        continue;
      }
      const leaves = (a[i - 1] ?? 0) * (b[j - 1] ?? 0);
      const comes = (a[windows + i - 1] ?? 0) * (b[windows + j - 1] ?? 0);
      sums[i * wide + j] = (sums[(i - 1) * wide + j - 1] ?? 0) - leaves + comes;
    }
  }
  return sums;
}

/** Σ over windows w of a[w + i], for i below `places`. */
function movingSums(a: Float64Array, windows: number, places: number): Float64Array {
  const sums = new Float64Array(places);
  for (let w = 0; w < windows; w++) sums[0] = (sums[0] ?? 0) + (a[w] ?? 0);
  for (let i = 1; i < places; i++) sums[i] = (sums[i - 1] ?? 0) - (a[i - 1] ?? 0) + (a[windows + i - 1] ?? 0);
  return sums;
}

/**
 * Solves A x = b for each row b of `right`, in place, by Cholesky's A = L Lᵀ. A is symmetric and positive definite, `[size, size]`; L takes
 * its place. A pivot that rounding made zero or less takes part no more: its unknown is 0.
 */
function solve(a: Float64Array, right: Float64Array, size: number): void {
  for (let j = 0; j < size; j++) {
    for (let i = 0; i <= j; i++) {
      let sum = a[j * size + i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (a[i * size + k] ?? 0) * (a[j * size + k] ?? 0);
      if (i === j) a[j * size + j] = sum > 0 ? Math.sqrt(sum) : Number.POSITIVE_INFINITY;
      else a[j * size + i] = sum / (a[i * size + i] ?? 1);
    }
  }
  for (let first = 0; first < right.length; first += size) {
    const x = right.subarray(first, first + size);
    for (let i = 0; i < size; i++) {
      let sum = x[i] ?? 0;
      for (let k = 0; k < i; k++) sum -= (a[i * size + k] ?? 0) * (x[k] ?? 0);
      x[i] = sum / (a[i * size + i] ?? 1);
    }
    for (let i = size - 1; i >= 0; i--) {
      let sum = x[i] ?? 0;
      for (let k = i + 1; k < size; k++) sum -= (a[k * size + i] ?? 0) * (x[k] ?? 0);
      x[i] = sum / (a[i * size + i] ?? 1);
    }
  }
}
