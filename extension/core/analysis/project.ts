import { RandomStream, streams } from '../random';
import { isFiniteNumber, numberAt, type Series, stepsOf } from './series';
import { type Eigen, eigenOf } from './symmetric';

/** Principal components of a signal over time. */
export interface Projection {
  /** Row-major [steps][components]. */
  readonly points: Float32Array;
  /** Each component's share of the variance. */
  readonly explained: readonly number[];
}

/** The axes are found from at most so many numbers, of evenly spaced steps; the points are of all steps. */
const mostNumbers = 2 ** 22;
/** The method has converged when what it leaves of an eigenvector is so small beside the largest eigenvalue. */
const tolerance = 1e-7;
const mostVectors = 160;

/**
 * The first principal components, the largest variance first. The sign of each is such that its largest weight is positive. What is not
 * finite counts as its unit's mean; components beyond what there is are zero.
 *
 * The eigenvectors of the covariance are found in the space of its powers on a vector, built one product at a time and kept orthogonal
 * (Lanczos 1950; Golub, Van Loan, Matrix Computations, 10.3): the covariance itself is never made.
 */
export function project(series: Series, components: number): Projection {
  const { units } = series;
  const steps = stepsOf(series);
  const centred = centre(series);
  const stride = Math.max(1, Math.ceil((steps * units) / mostNumbers));
  const count = Math.ceil(steps / stride);
  let variance = 0;
  for (let at = 0; at < count; at++) {
    for (let place = at * stride * units, end = place + units; place < end; place++)
      variance += (centred[place] ?? 0) ** 2;
  }
  const points = new Float32Array(steps * components);
  const explained = new Array<number>(components).fill(0);
  const axes = variance === 0 ? { values: [], vectors: [] } : principalAxes(centred, units, count, stride, components);
  axes.vectors.slice(0, components).forEach((axis, component) => {
    explained[component] = Math.max(0, axes.values[component] ?? 0) / variance;
    for (let step = 0; step < steps; step++) {
      let sum = 0;
      for (let unit = 0; unit < units; unit++) sum += (centred[step * units + unit] ?? 0) * (axis[unit] ?? 0);
      points[step * components + component] = sum;
    }
  });
  return { points, explained };
}

/** The values less each unit's mean. */
function centre(series: Series): Float32Array {
  const { units, values } = series;
  const centred = new Float32Array(values.length);
  const sums = new Float64Array(units);
  const counts = new Uint32Array(units);
  for (let place = 0; place < values.length; place++) {
    const value = numberAt(series, place);
    centred[place] = value;
    if (!isFiniteNumber(value)) continue;
    const unit = place % units;
    sums[unit] = (sums[unit] ?? 0) + value;
    counts[unit] = (counts[unit] ?? 0) + 1;
  }
  const means = sums.map((sum, unit) => sum / Math.max(1, counts[unit] ?? 0));
  for (let place = 0; place < values.length; place++) {
    const value = centred[place] ?? 0;
    centred[place] = isFiniteNumber(value) ? value - (means[place % units] ?? 0) : 0;
  }
  return centred;
}

/** The largest eigenvalues of XᵀX and their vectors; X is every `stride`-th of the steps. */
function principalAxes(centred: Float32Array, units: number, count: number, stride: number, wanted: number): Eigen {
  const size = Math.min(units, mostVectors);
  const basis: Float64Array[] = [];
  // What XᵀX is in the basis: three diagonals.
  const diagonal: number[] = [];
  const beside: number[] = [];
  const random = new RandomStream(0, streams.analysis, 0);
  let next = orthogonal(
    Float64Array.from({ length: units }, () => random.normal()),
    basis,
  );
  for (;;) {
    const vector = scaled(next, 1 / lengthOf(next));
    basis.push(vector);
    const product = timesCovariance(centred, units, count, stride, vector);
    diagonal.push(dot(product, vector));
    next = orthogonal(product, basis);
    let left = lengthOf(next);
    const isFull = basis.length >= size;
    if (isFull || basis.length % 10 === 0) {
      const eigen = eigenOf(tridiagonal(diagonal, beside), basis.length);
      const largest = eigen.values[0] ?? 0;
      const residual = (i: number) => left * Math.abs(eigen.vectors[i]?.at(-1) ?? 0);
      const isKnown = basis.length >= wanted && rangeOf(wanted).every((i) => residual(i) <= tolerance * largest);
      if (isFull || isKnown) {
        return {
          values: eigen.values,
          vectors: eigen.vectors.slice(0, wanted).map((mix) => signed(mixed(basis, mix))),
        };
      }
    }
    if (left <= 1e-12 * (diagonal[0] ?? 0)) {
      // The space is closed under the product: what is left of all others is found from another vector.
      next = orthogonal(
        Float64Array.from({ length: units }, () => random.normal()),
        basis,
      );
      left = 0;
    }
    beside.push(left);
  }
}

/** Xᵀ(X v), one step at a time. */
function timesCovariance(
  centred: Float32Array,
  units: number,
  count: number,
  stride: number,
  vector: Float64Array,
): Float64Array {
  const product = new Float64Array(units);
  for (let at = 0; at < count; at++) {
    const base = at * stride * units;
    let sum = 0;
    for (let unit = 0; unit < units; unit++) sum += (centred[base + unit] ?? 0) * (vector[unit] ?? 0);
    for (let unit = 0; unit < units; unit++) product[unit] = (product[unit] ?? 0) + sum * (centred[base + unit] ?? 0);
  }
  return product;
}

/** What is left of a vector beside a basis of vectors of length one; twice, because of rounding. */
function orthogonal(vector: Float64Array, basis: readonly Float64Array[]): Float64Array {
  for (let round = 0; round < 2; round++) {
    for (const each of basis) {
      const along = dot(vector, each);
      for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] ?? 0) - along * (each[i] ?? 0);
    }
  }
  return vector;
}

function tridiagonal(diagonal: readonly number[], beside: readonly number[]): Float64Array {
  const size = diagonal.length;
  const matrix = new Float64Array(size * size);
  diagonal.forEach((value, i) => {
    matrix[i * size + i] = value;
    if (i === 0) return;
    matrix[i * size + i - 1] = beside[i - 1] ?? 0;
    matrix[(i - 1) * size + i] = beside[i - 1] ?? 0;
  });
  return matrix;
}

function mixed(basis: readonly Float64Array[], mix: Float64Array): Float64Array {
  const sum = new Float64Array(basis[0]?.length ?? 0);
  basis.forEach((vector, k) => {
    const share = mix[k] ?? 0;
    for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] ?? 0) + share * (vector[i] ?? 0);
  });
  return sum;
}

/** A vector turned so that its largest weight is positive. */
function signed(vector: Float64Array): Float64Array {
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? scaled(vector, -1) : vector;
}

const rangeOf = (length: number) => Array.from({ length }, (_, i) => i);
const scaled = (vector: Float64Array, factor: number) => vector.map((value) => value * factor);
const lengthOf = (vector: Float64Array) => Math.sqrt(dot(vector, vector));

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
