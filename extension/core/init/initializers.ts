import type { RandomStream } from '../random';
import { floats, sizeOf, type Tensor } from '../tensor';

/** Uniform within ±√(6 / (fan in + fan out)), the fans being those of one gate (Glorot & Bengio 2010). `shape` is [out, in]. */
export function xavierUniform(random: RandomStream, shape: readonly [number, number], fanOut: number): Tensor {
  const bound = Math.sqrt(6 / (shape[1] + fanOut));
  return floats(
    'float32',
    shape,
    Array.from({ length: sizeOf(shape) }, () => (2 * random.uniform() - 1) * bound),
  );
}

/** A random orthogonal matrix for every gate, stacked: [gates·size, size] (Saxe, McClelland & Ganguli 2014). */
export function orthogonal(random: RandomStream, gates: number, size: number): Tensor {
  const blocks = Array.from({ length: gates }, () => orthonormalRows(random, size));
  return floats('float32', [gates * size, size], blocks.flat(2));
}

/** Rows of normal numbers made orthonormal one after another, twice each for precision (modified Gram & Schmidt). */
function orthonormalRows(random: RandomStream, size: number): number[][] {
  const rows: number[][] = [];
  while (rows.length < size) {
    let row = Array.from({ length: size }, () => random.normal());
    for (const other of [...rows, ...rows]) {
      const along = dot(row, other);
      row = row.map((value, i) => value - along * (other[i] ?? 0));
    }
    const norm = Math.sqrt(dot(row, row));
    if (norm > 1e-6) rows.push(row.map((value) => value / norm));
  }
  return rows;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
