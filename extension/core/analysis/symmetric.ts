/** Eigenvalues, the largest first, and for each its eigenvector of length one. */
export interface Eigen {
  readonly values: readonly number[];
  readonly vectors: readonly Float64Array[];
}

const sweeps = 60;

/**
 * The eigenvalues of a small symmetric matrix (size, size), by turning one pair of axes after the other until nothing is left beside the
 * diagonal (Jacobi 1846).
 */
export function eigenOf(matrix: Float64Array, size: number): Eigen {
  const a = matrix.slice();
  const turns = new Float64Array(size * size);
  for (let i = 0; i < size; i++) turns[i * size + i] = 1;
  const at = (row: number, column: number) => a[row * size + column] ?? 0;
  const scale = a.reduce((sum, value) => sum + value * value, 0);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let beside = 0;
    for (let row = 0; row < size; row++) for (let column = 0; column < row; column++) beside += at(row, column) ** 2;
    if (beside <= 1e-30 * scale) break;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) {
        if (at(p, q) === 0) continue;
        const angle = Math.atan2(2 * at(p, q), at(p, p) - at(q, q)) / 2;
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        turn(a, size, p, q, cos, sin, true);
        turn(a, size, p, q, cos, sin, false);
        turn(turns, size, p, q, cos, sin, false);
      }
    }
  }
  const order = Array.from({ length: size }, (_, i) => i).sort((i, j) => at(j, j) - at(i, i));
  return {
    values: order.map((i) => at(i, i)),
    vectors: order.map((i) => Float64Array.from({ length: size }, (_, row) => turns[row * size + i] ?? 0)),
  };
}

/** Turns rows, or columns, p and q of a square matrix. */
function turn(a: Float64Array, size: number, p: number, q: number, cos: number, sin: number, rows: boolean): void {
  for (let k = 0; k < size; k++) {
    const i = rows ? p * size + k : k * size + p;
    const j = rows ? q * size + k : k * size + q;
    const [x, y] = [a[i] ?? 0, a[j] ?? 0];
    a[i] = cos * x + sin * y;
    a[j] = cos * y - sin * x;
  }
}
