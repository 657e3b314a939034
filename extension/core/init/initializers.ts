import type { RandomStream } from '../random';
import { floats, sizeOf, type Tensor } from '../tensor';

/** Every number the same. */
export function filled(shape: readonly number[], value: number): Tensor {
  return floats('float32', shape, new Float32Array(sizeOf(shape)).fill(value));
}

/** Uniform in [-bound, bound). */
export function uniform(random: RandomStream, shape: readonly number[], bound: number): Tensor {
  return floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * bound),
  );
}

/** Normal with mean zero. */
export function normal(random: RandomStream, shape: readonly number[], deviation: number): Tensor {
  return floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => random.normal() * deviation),
  );
}

/** Uniform within ±√(6 / (fan in + fan out)), the fans being those of one gate (Glorot & Bengio 2010). `shape` is [out, in]. */
export function xavierUniform(random: RandomStream, shape: readonly [number, number], fanOut: number): Tensor {
  return uniform(random, shape, Math.sqrt(6 / (shape[1] + fanOut)));
}

/** A random orthogonal matrix for every gate, stacked: [gates·size, size] (Saxe, McClelland & Ganguli 2014). */
export function orthogonal(random: RandomStream, gates: number, size: number): Tensor {
  const values = new Float32Array(gates * size * size);
  for (let gate = 0; gate < gates; gate++) {
    orthonormalRows(random, size, size).forEach((row, i) => {
      values.set(row, (gate * size + i) * size);
    });
  }
  return { dtype: 'float32', shape: [gates * size, size], data: values };
}

/** A matrix [rows, columns], rows ≥ columns, whose columns are orthonormal: all gates of a recurrent weight as one. */
export function orthonormalColumns(random: RandomStream, rows: number, columns: number): Tensor {
  const values = new Float32Array(rows * columns);
  orthonormalRows(random, columns, rows).forEach((column, j) => {
    for (let i = 0; i < rows; i++) values[i * columns + j] = column[i] ?? 0;
  });
  return { dtype: 'float32', shape: [rows, columns], data: values };
}

/** An identity matrix for every gate, stacked: [gates·size, size]. */
export function identities(gates: number, size: number): Tensor {
  const values = new Float32Array(gates * size * size);
  for (let row = 0; row < gates * size; row++) values[row * size + (row % size)] = 1;
  return { dtype: 'float32', shape: [gates * size, size], data: values };
}

/**
 * `count` ≤ `length` rows of normal numbers, made orthonormal one after another (modified Gram & Schmidt). A row that loses nearly
 * all its length to the rows before it goes through them again, so that rounding does not leave it leaning towards them.
 */
function orthonormalRows(random: RandomStream, count: number, length: number): Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < count) {
    const row = Float64Array.from({ length }, () => random.normal());
    const drawn = Math.sqrt(dot(row, row));
    let left = removeAll(row, rows);
    if (left < 0.1 * drawn) left = removeAll(row, rows);
    if (left < 1e-6 * drawn) continue;
    for (let i = 0; i < length; i++) row[i] = (row[i] ?? 0) / left;
    rows.push(row);
  }
  return rows;
}

/** Takes from `row` what lies along each of `others`, which are of length one. Returns the length that is left. */
function removeAll(row: Float64Array, others: readonly Float64Array[]): number {
  for (const other of others) {
    const along = dot(row, other);
    for (let i = 0; i < row.length; i++) row[i] = (row[i] ?? 0) - along * (other[i] ?? 0);
  }
  return Math.sqrt(dot(row, row));
}

/** The sum of products, in four sums side by side, which a processor adds up faster than one. */
function dot(a: Float64Array, b: Float64Array): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  const whole = a.length - (a.length % 4);
  for (let i = 0; i < whole; i += 4) {
    s0 += (a[i] ?? 0) * (b[i] ?? 0);
    s1 += (a[i + 1] ?? 0) * (b[i + 1] ?? 0);
    s2 += (a[i + 2] ?? 0) * (b[i + 2] ?? 0);
    s3 += (a[i + 3] ?? 0) * (b[i + 3] ?? 0);
  }
  for (let i = whole; i < a.length; i++) s0 += (a[i] ?? 0) * (b[i] ?? 0);
  return s0 + s1 + (s2 + s3);
}
