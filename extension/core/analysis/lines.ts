import { blockStart, isFiniteNumber, numberAt, type Series, stepsOf, within } from './series';

/** Row-major [units][columns]: the smallest and the largest finite number of each block of steps; NaN where there are none. */
export interface BlockExtremes {
  readonly columns: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** A few units as lines over the steps `from` to `to`, exclusive, in at most so many blocks. A unit that there is not has NaN. */
export function linesOf(
  series: Series,
  units: readonly number[],
  window: { readonly from: number; readonly to: number; readonly columns: number },
): BlockExtremes {
  const steps = stepsOf(series);
  const from = within(window.from, 0, steps);
  const to = within(window.to, from, steps);
  const columns = within(window.columns, 0, to - from);
  const low = new Float32Array(units.length * columns).fill(Number.NaN);
  const high = low.slice();
  units.forEach((unit, line) => {
    if (unit >= series.units) return;
    for (let column = 0; column < columns; column++) {
      let least = Number.POSITIVE_INFINITY;
      let most = Number.NEGATIVE_INFINITY;
      const end = blockStart(from, to, column + 1, columns);
      for (let step = blockStart(from, to, column, columns); step < end; step++) {
        const value = numberAt(series, step * series.units + unit);
        if (!isFiniteNumber(value)) continue;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (least > most) continue;
      low[line * columns + column] = least;
      high[line * columns + column] = most;
    }
  });
  return { columns, low, high };
}
