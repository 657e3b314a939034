import assert from 'node:assert/strict';
import { project } from '../../../../extension/core/analysis/project';
import type { Series } from '../../../../extension/core/analysis/series';
import { eigenOf } from '../../../../extension/core/analysis/symmetric';
import { chance, made, noise } from './signals';

/** The covariance, times the number of steps, the long way round; and its trace. */
function covariance({ values, units }: Series): Float64Array {
  const steps = values.length / units;
  const at = (step: number, unit: number) => values[step * units + unit] ?? 0;
  const mean = (unit: number) => {
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += at(step, unit);
    return sum / steps;
  };
  const means = Array.from({ length: units }, (_, unit) => mean(unit));
  return Float64Array.from({ length: units * units }, (_, place) => {
    const [a, b] = [Math.floor(place / units), place % units];
    let sum = 0;
    for (let step = 0; step < steps; step++) sum += (at(step, a) - (means[a] ?? 0)) * (at(step, b) - (means[b] ?? 0));
    return sum;
  });
}

describe('eigenvectors of a symmetric matrix', () => {
  it('are turned into multiples of themselves, and stand upright on one another', () => {
    const size = 9;
    const random = chance(1);
    const lower = Float64Array.from({ length: size * size }, () => random.normal());
    const matrix = lower.map((_, i) => (lower[i] ?? 0) + (lower[(i % size) * size + Math.floor(i / size)] ?? 0));
    const { values, vectors } = eigenOf(matrix, size);
    vectors.forEach((vector, i) => {
      for (let row = 0; row < size; row++) {
        const product = vector.reduce((sum, value, column) => sum + value * (matrix[row * size + column] ?? 0), 0);
        assert.ok(Math.abs(product - (values[i] ?? 0) * (vector[row] ?? 0)) < 1e-10);
      }
      for (const other of vectors.slice(0, i)) {
        assert.ok(Math.abs(vector.reduce((sum, value, k) => sum + value * (other[k] ?? 0), 0)) < 1e-12);
      }
    });
    assert.deepEqual(
      values,
      values.toSorted((a, b) => b - a),
    );
  });
});

describe('principal components', () => {
  it('have the largest variances that there are', () => {
    const random = chance(2);
    const [wide, narrow] = [made(400, 1, () => 3 * random.normal()), made(400, 1, () => random.normal())];
    const series = made(400, 24, (step, unit) => {
      const planes = (wide.values[step] ?? 0) * Math.cos(unit) + (narrow.values[step] ?? 0) * Math.sin(unit / 2);
      return 5 + planes + 0.2 * random.normal();
    });
    const { points, explained } = project(series, 3);
    const all = eigenOf(covariance(series), 24).values;
    const total = all.reduce((sum, value) => sum + value, 0);
    for (let k = 0; k < 3; k++) {
      assert.ok(Math.abs((explained[k] ?? 0) - (all[k] ?? 0) / total) < 1e-6, `${k}: ${explained[k]}`);
      // The points' own variance is the component's.
      let square = 0;
      for (let step = 0; step < 400; step++) square += (points[step * 3 + k] ?? 0) ** 2;
      assert.ok(Math.abs(square - (all[k] ?? 0)) < 1e-4 * (all[0] ?? 0));
    }
  });

  it('are those of noise too, where no direction stands out, of more units than steps', () => {
    const series = noise(60, 200, 3);
    const [first = 0, second = 0] = project(series, 2).explained;
    const all = eigenOf(covariance(series), 200).values;
    const total = all.reduce((sum, value) => sum + value, 0);
    assert.ok(Math.abs(first - (all[0] ?? 0) / total) < 1e-6);
    assert.ok(Math.abs(second - (all[1] ?? 0) / total) < 1e-6);
  });

  it('come with the same signs every time', () => {
    const series = noise(80, 6, 4);
    const turned = made(80, 6, (step, unit) => -(series.values[step * 6 + unit] ?? 0));
    const [there, back] = [project(series, 2).points, project(turned, 2).points];
    assert.deepEqual(project(series, 2).points, there);
    // Weights keep their signs, so points change theirs.
    assert.ok(there.every((value, i) => Math.abs(value + (back[i] ?? 0)) < 1e-3));
  });

  it('are zero where nothing changes or nothing is left', () => {
    assert.deepEqual(
      project(
        made(5, 3, () => 2),
        2,
      ).explained,
      [0, 0],
    );
    const line = project(
      made(10, 2, (step, unit) => step * (unit + 1)),
      3,
    );
    assert.ok(Math.abs((line.explained[0] ?? 0) - 1) < 1e-6);
    assert.ok((line.explained[1] ?? 1) < 1e-6);
    assert.equal(line.explained[2], 0);
    const gaps = project(
      made(10, 2, (step, unit) => (step === 3 && unit === 1 ? Number.NaN : step)),
      1,
    );
    assert.ok(gaps.points.every(Number.isFinite));
  });
});
