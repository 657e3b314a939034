import { blockStart, isFiniteNumber, numberAt, type Series, stepsOf, within } from './series';

/** Steps `from` to `to` of the units of the ranks `firstRank` to `endRank`, in at most so many blocks. Ends are exclusive. */
export interface TileWindow {
  readonly from: number;
  readonly to: number;
  readonly firstRank: number;
  readonly endRank: number;
  readonly columns: number;
  readonly rows: number;
}

/** The mean of the finite numbers of each block, row-major [rows][columns]; NaN where there are none. */
export interface BlockMeans {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/**
 * A picture's worth of a signal, of whatever of the window there is.
 * @param order the unit at each rank, (units,).
 */
export function tileOf(series: Series, order: Uint32Array, window: TileWindow): BlockMeans {
  const { units, values, minus } = series;
  const steps = stepsOf(series);
  const from = within(window.from, 0, steps);
  const to = within(window.to, from, steps);
  const first = within(window.firstRank, 0, units);
  const members = order.subarray(first, within(window.endRank, first, units));
  const rows = within(window.rows, 0, members.length);
  const columns = within(window.columns, 0, to - from);
  const means = new Float32Array(rows * columns);
  // Where each row begins among the members; one more for the last one's end.
  const starts = Uint32Array.from({ length: rows + 1 }, (_, row) => blockStart(0, members.length, row, rows));
  const sums = new Float64Array(rows);
  const counts = new Uint32Array(rows);
  for (let column = 0; column < columns; column++) {
    sums.fill(0);
    counts.fill(0);
    const end = blockStart(from, to, column + 1, columns);
    for (let step = blockStart(from, to, column, columns); step < end; step++) {
      const base = step * units;
      for (let row = 0; row < rows; row++) {
        const start = starts[row] ?? 0;
        const end = starts[row + 1] ?? 0;
        let sum = sumOf(base, start, end);
        let count = end - start;
        // Rarely is anything not finite, so it is looked for only where the sum is not.
        if (!isFiniteNumber(sum)) {
          const finite = members.subarray(start, end).filter((unit) => isFiniteNumber(numberAt(series, base + unit)));
          sum = finite.reduce((total, unit) => total + numberAt(series, base + unit), 0);
          count = finite.length;
        }
        sums[row] = (sums[row] ?? 0) + sum;
        counts[row] = (counts[row] ?? 0) + count;
      }
    }
    // Of no numbers this is 0 / 0, which is NaN.
    for (let row = 0; row < rows; row++) means[row * columns + column] = (sums[row] ?? 0) / (counts[row] ?? 0);
  }
  return { rows, columns, values: means };

  function sumOf(base: number, start: number, end: number): number {
    let sum = 0;
    if (minus === null) {
      for (let member = start; member < end; member++) sum += values[base + (members[member] ?? 0)] ?? 0;
    } else {
      for (let member = start; member < end; member++) {
        const place = base + (members[member] ?? 0);
        sum += (values[place] ?? 0) - (minus[place] ?? 0);
      }
    }
    return sum;
  }
}
