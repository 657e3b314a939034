/** A linear model of a window: the intercept, then `rows` weights for each column. */
export interface Autoregression {
  /** How many of the last rows before an origin are read. */
  readonly rows: number;
  /** `[horizon, 1 + columns · rows]` row-major, for columns of zero mean and unit deviation. */
  readonly weights: Float64Array;
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** More unknowns than this take more time than a baseline should; of longer windows the last rows are read. */
const mostUnknowns = 1500;
/** Added to the diagonal for each window, where columns have unit variance: enough to tell equal columns apart, and nothing else. */
const ridge = 1e-6;

/**
 * Least squares from the `lookback` rows of all columns before an origin to each of the `horizon` values of the first column from it on,
 * each step of the horizon for itself ("direct"). Every window of the first `training` rows is fitted, and nothing after them is read.
 * @param columns at least the target, which comes first; in the units that the model reads.
 */
export function fitAutoregression(
  columns: readonly Float32Array[],
  training: number,
  lookback: number,
  horizon: number,
): Autoregression {
  const rows = Math.max(1, Math.min(lookback, Math.floor((mostUnknowns - 1) / columns.length)));
  const fitted = columns.map((values) => standardised(values.subarray(0, training)));
  // Windows begin where those of the model do, so that both learn from the same answers.
  const first = lookback - rows;
  const windows = training - first - rows - horizon + 1;
  const size = 1 + columns.length * rows;
  const products = new Float64Array(size * size);
  const answers = new Float64Array(horizon * size);
  // The answers are the target at the places that follow the window's, so they are the same sums of products.
  const places = rows + horizon;
  fitted.forEach(({ values: a }, one) => {
    fitted.forEach(({ values: b }, other) => {
      if (other > one) return;
      const wide = other === 0 ? places : rows;
      const sums = laggedSums(a.subarray(first), b.subarray(first), windows, rows, wide);
      for (let i = 0; i < rows; i++) {
        const row = 1 + one * rows + i;
        for (let j = 0; j < rows; j++) {
          const column = 1 + other * rows + j;
          products[row * size + column] = products[column * size + row] = sums[i * wide + j] ?? 0;
        }
        for (let step = 0; other === 0 && step < horizon; step++) {
          answers[step * size + row] = sums[i * wide + rows + step] ?? 0;
        }
      }
    });
    const totals = movingSums(a.subarray(first), windows, one === 0 ? places : rows);
    for (let i = 0; i < rows; i++) {
      const row = 1 + one * rows + i;
      products[row * size] = products[row] = totals[i] ?? 0;
    }
    for (let step = 0; one === 0 && step < horizon; step++) answers[step * size] = totals[rows + step] ?? 0;
  });
  products[0] = windows;
  for (let row = 0; row < size; row++) products[row * size + row] = (products[row * size + row] ?? 0) + ridge * windows;
  solve(products, answers, size);
  return {
    rows,
    weights: answers,
    means: fitted.map(({ mean }) => mean),
    deviations: fitted.map(({ deviation }) => deviation),
  };
}

/** What the model says of rows `origin` to `origin + horizon - 1`, for each origin; `[origins, horizon]` row-major, in the columns' units. */
export function autoregress(
  { rows, weights, means, deviations }: Autoregression,
  columns: readonly Float32Array[],
  origins: ArrayLike<number>,
): Float64Array {
  const size = 1 + columns.length * rows;
  const horizon = weights.length / size;
  const forecasts = new Float64Array(origins.length * horizon);
  const window = new Float64Array(size);
  window[0] = 1;
  for (let i = 0; i < origins.length; i++) {
    const start = (origins[i] ?? 0) - rows;
    columns.forEach((values, column) => {
      const [mean, deviation] = [means[column] ?? 0, deviations[column] ?? 1];
      const at = 1 + column * rows;
      for (let row = 0; row < rows; row++) window[at + row] = ((values[start + row] ?? Number.NaN) - mean) / deviation;
    });
    for (let step = 0; step < horizon; step++) {
      let sum = 0;
      for (let k = 0; k < size; k++) sum += (weights[step * size + k] ?? 0) * (window[k] ?? 0);
      forecasts[i * horizon + step] = sum * (deviations[0] ?? 1) + (means[0] ?? 0);
    }
  }
  return forecasts;
}

interface Standardised {
  readonly values: Float64Array;
  readonly mean: number;
  readonly deviation: number;
}

/** To zero mean and unit deviation, so that the ridge is as small for every column. */
function standardised(column: Float32Array): Standardised {
  const mean = column.reduce((sum, value) => sum + value, 0) / column.length;
  const variance = column.reduce((sum, value) => sum + (value - mean) ** 2, 0) / column.length;
  const deviation = variance > 0 ? Math.sqrt(variance) : 1;
  return { values: Float64Array.from(column, (value) => (value - mean) / deviation), mean, deviation };
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
