import type { RowRange } from '../split';

/** How many values are missing (NaN). */
export function countMissing(values: Float64Array): number {
  let count = 0;
  for (const value of values) if (Number.isNaN(value)) count++;
  return count;
}

/** Puts the last value seen in place of every missing one; what is missing before the first value stays so. */
export function forwardFill(values: Float64Array): void {
  for (let row = 1; row < values.length; row++) {
    if (Number.isNaN(values[row])) values[row] = values[row - 1] ?? Number.NaN;
  }
}

/**
 * Draws a straight line over every gap between two values of the same range. A gap at the end of a range holds the value before it,
 * and one at its start the last value before the range, so that no range learns from a later one. Only the very first gap
 * of all, which nothing precedes, takes the first value of its own range.
 */
export function interpolate(values: Float64Array, ranges: readonly RowRange[]): void {
  for (const { start, end } of ranges) {
    let before = start - 1;
    for (let row = start; row < end; row++) {
      if (Number.isNaN(values[row])) continue;
      if (row - before > 1) bridge(values, before, row, before >= start);
      before = row;
    }
    if (before >= 0) values.fill(values[before] ?? Number.NaN, before + 1, end);
  }
}

/** Fills the rows between `before` and `after`. */
function bridge(values: Float64Array, before: number, after: number, sameRange: boolean): void {
  const right = values[after] ?? Number.NaN;
  const left = values[before] ?? right;
  for (let row = before + 1; row < after; row++) {
    const share = (row - before) / (after - before);
    values[row] = sameRange ? left + (right - left) * share : Number.isNaN(left) ? right : left;
  }
}
