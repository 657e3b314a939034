import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../../extension/core/random';
import { autoregress, fitAutoregression, fittedRanges } from '../../../../extension/data/forecast/autoregression';
import { scaledRows } from '../../../../extension/data/streamed/scaledRows';

const random = new RandomStream(11, streams.weights, 0);
/** The first rows of a series that is one. */
const first = (rows: number) => [{ start: 0, end: rows }];
/** Columns as a model reads them. */
const read = (columns: readonly Float32Array[]) => scaledRows(columns[0]?.length ?? 0, columns, {}, (column) => column);
const noise = (length: number, scale = 1) => Float32Array.from({ length }, () => scale * random.normal());

/** y = 0.3 + 1.2 y₋₁ - 0.5 y₋₂ + 0.8 z₋₃, as exactly as 32 bits hold it, of any z. */
function recurrence(rows: number): [Float32Array, Float32Array] {
  const z = noise(rows);
  const y = noise(rows, 0.1);
  for (let row = 3; row < rows; row++) {
    y[row] = 0.3 + 1.2 * (y[row - 1] ?? 0) - 0.5 * (y[row - 2] ?? 0) + 0.8 * (z[row - 3] ?? 0);
  }
  return [y, z];
}

/** Least squares by gradient steps' fixed point is too slow; here the normal equations' own claim: residuals are orthogonal to what is read. */
function residualProducts(columns: readonly Float32Array[], training: number, lookback: number, horizon: number) {
  const model = fitAutoregression(read(columns), first(training), lookback, horizon);
  const origins = Array.from({ length: training - lookback - horizon + 1 }, (_, window) => window + lookback);
  const forecasts = autoregress(model, read(columns), origins);
  const worst = { product: 0, scale: 0 };
  for (let step = 0; step < horizon; step++) {
    const residuals = origins.map(
      (origin, i) => (columns[0]?.[origin + step] ?? 0) - (forecasts[i * horizon + step] ?? 0),
    );
    for (const values of columns) {
      for (let back = 1; back <= lookback; back++) {
        const product = residuals.reduce(
          (sum, residual, i) => sum + residual * (values[(origins[i] ?? 0) - back] ?? 0),
          0,
        );
        worst.product = Math.max(worst.product, Math.abs(product) / origins.length);
      }
    }
    worst.scale = Math.max(
      worst.scale,
      Math.abs(residuals.reduce((sum, residual) => sum + residual, 0)) / origins.length,
    );
  }
  return worst;
}

describe('linear autoregression', () => {
  it('finds a linear recurrence over two columns', () => {
    const columns = recurrence(400);
    const model = fitAutoregression(read(columns), first(300), 4, 1);
    const origins = Array.from({ length: 90 }, (_, i) => 305 + i);
    const forecasts = autoregress(model, read(columns), origins);
    for (const [i, origin] of origins.entries()) {
      assert.ok(
        Math.abs((forecasts[i] ?? 0) - (columns[0][origin] ?? 0)) < 1e-4,
        `${forecasts[i]} ${columns[0][origin]}`,
      );
    }
  });

  it('leaves residuals that nothing it reads explains, at every step of the horizon', () => {
    const columns = [noise(500), noise(500, 20), noise(500, 0.01)];
    columns[0]?.forEach((value, row, all) => {
      all[row] = 5 + 0.7 * ((all[row - 1] ?? 5) - 5) + value;
    });
    const { product, scale } = residualProducts(columns, 420, 12, 6);
    assert.ok(product < 1e-3 && scale < 1e-4, `${product} ${scale}`);
  });

  it('reads nothing after the training part', () => {
    const columns = recurrence(200);
    const later = columns.map((values) => values.map((value, row) => (row < 120 ? value : 1e6)));
    assert.deepEqual(
      fitAutoregression(read(later), first(120), 5, 3),
      fitAutoregression(read(columns), first(120), 5, 3),
    );
  });

  it('bears columns that are equal or constant', () => {
    const [y] = recurrence(200);
    const model = fitAutoregression(read([y, y, new Float32Array(200).fill(3)]), first(150), 3, 2);
    assert.ok(autoregress(model, read([y, y, new Float32Array(200).fill(3)]), [160, 170]).every(Number.isFinite));
  });

  it('reads the last rows of a window that has too many', () => {
    const columns = [noise(3000), noise(3000)];
    const { rows, weights } = fitAutoregression(read(columns), first(2500), 1000, 1);
    assert.equal(rows, 749);
    assert.equal(weights.length, 1 + 2 * 749);
  });

  it('is fitted to the last rows of each series where all are too many', () => {
    const ranges = [
      { start: 0, end: 1000 },
      { start: 1200, end: 1700 },
    ];
    assert.equal(fittedRanges(ranges, 4, 24, 2), ranges);
    const long = ranges.map(({ start, end }) => ({ start: start * 1e5, end: end * 1e5 }));
    const fitted = fittedRanges(long, 10, 24, 2);
    const lengths = fitted.map(({ start, end }) => end - start);
    assert.deepEqual(
      fitted.map(({ end }) => end),
      long.map(({ end }) => end),
    );
    assert.ok(Math.abs((lengths[0] ?? 0) / (lengths[1] ?? 1) - 2) < 1e-3, `${lengths}`);
    // 55 pairs of columns, and 24 + 24 + 2 places.
    assert.ok(Math.abs(((lengths[0] ?? 0) + (lengths[1] ?? 0)) * 55 * 50 - 3e9) < 1e4, `${lengths}`);
  });
});
