import assert from 'node:assert/strict';
import { linesOf } from '../../../../extension/core/analysis/lines';
import { orderByIndex } from '../../../../extension/core/analysis/order';
import { extremesOf, type Series, seriesOf } from '../../../../extension/core/analysis/series';
import { type TileWindow, tileOf } from '../../../../extension/core/analysis/tile';
import { made, noise } from './signals';

const whole = (steps: number, units: number, columns: number, rows: number): TileWindow => ({
  from: 0,
  to: steps,
  firstRank: 0,
  endRank: units,
  columns,
  rows,
});

/** The mean of a block the long way round: every number is asked where it belongs. */
function naive(series: Series, order: Uint32Array, window: TileWindow): number[] {
  const { from, to, firstRank, endRank, columns, rows } = window;
  const sums = Array.from({ length: rows * columns }, () => [] as number[]);
  for (let step = from; step < to; step++) {
    for (let rank = firstRank; rank < endRank; rank++) {
      const place = step * series.units + (order[rank] ?? 0);
      const value = (series.values[place] ?? 0) - (series.minus?.[place] ?? 0);
      // The last block that begins at or before it.
      let [row, column] = [rows - 1, columns - 1];
      while (firstRank + Math.floor(((endRank - firstRank) * row) / rows) > rank) row--;
      while (from + Math.floor(((to - from) * column) / columns) > step) column--;
      if (Number.isFinite(value)) sums[row * columns + column]?.push(value);
    }
  }
  return sums.map((block) => block.reduce((sum, value) => sum + value, 0) / block.length);
}

function assertClose(actual: ArrayLike<number>, expected: readonly number[]): void {
  assert.equal(actual.length, expected.length);
  expected.forEach((value, i) => {
    const found = actual[i] ?? 0;
    assert.ok(Number.isNaN(value) ? Number.isNaN(found) : Math.abs(found - value) < 1e-5, `${i}: ${found}, ${value}`);
  });
}

describe('a tile of a signal', () => {
  it('holds the mean of each block, in any order of the units', () => {
    const series = noise(37, 11, 0);
    const order = Uint32Array.from([3, 1, 10, 0, 2, 9, 8, 7, 4, 5, 6]);
    for (const window of [
      whole(37, 11, 5, 4),
      whole(37, 11, 37, 11),
      { from: 4, to: 30, firstRank: 2, endRank: 9, columns: 7, rows: 3 },
    ]) {
      const tile = tileOf(series, order, window);
      assert.deepEqual([tile.rows, tile.columns], [window.rows, window.columns]);
      assertClose(tile.values, naive(series, order, window));
    }
  });

  it('leaves out what is not finite', () => {
    const series = made(6, 2, (step, unit) => [Number.NaN, Number.POSITIVE_INFINITY, step][(step + unit) % 3] ?? 0);
    const window = whole(6, 2, 3, 1);
    assertClose(tileOf(series, orderByIndex(2), window).values, naive(series, orderByIndex(2), window));
    const nothing = made(4, 1, () => Number.NaN);
    assert.deepEqual([...tileOf(nothing, orderByIndex(1), whole(4, 1, 2, 1)).values], [Number.NaN, Number.NaN]);
    assert.deepEqual(extremesOf(nothing), { min: 0, max: 0 });
    assert.deepEqual(extremesOf(series), { min: 1, max: 5 });
  });

  it('has no more blocks than there are steps and units, and stays within them', () => {
    const series = noise(5, 3, 1);
    const tile = tileOf(series, orderByIndex(3), { ...whole(900, 80, 300, 40), from: -4, firstRank: -1 });
    assert.deepEqual([tile.rows, tile.columns], [3, 5]);
    assert.equal(tile.values[1 * 5 + 4], series.values[4 * 3 + 1]);
    assert.equal(tileOf(series, orderByIndex(3), { ...whole(5, 3, 4, 4), from: 9, to: 2 }).values.length, 0);
  });

  it('takes another signal off where a difference is meant', () => {
    const { values } = noise(40, 4, 2);
    const difference = seriesOf(4, values, noise(40, 4, 3).values);
    const window = whole(40, 4, 6, 2);
    assertClose(tileOf(difference, orderByIndex(4), window).values, naive(difference, orderByIndex(4), window));
    const none = seriesOf(4, values, values);
    assert.deepEqual(extremesOf(none), { min: 0, max: 0 });
  });
});

describe('units as lines', () => {
  it('have the smallest and the largest number of each block', () => {
    const series = noise(23, 5, 4);
    const { columns, low, high } = linesOf(series, [4, 1], { from: 2, to: 20, columns: 4 });
    assert.equal(columns, 4);
    [4, 1].forEach((unit, line) => {
      for (let column = 0; column < 4; column++) {
        const block = [];
        for (let step = 2; step < 20; step++) {
          if (step < 2 + Math.floor((18 * column) / 4) || step >= 2 + Math.floor((18 * (column + 1)) / 4)) continue;
          block.push(series.values[step * 5 + unit] ?? 0);
        }
        assert.equal(low[line * 4 + column], Math.min(...block));
        assert.equal(high[line * 4 + column], Math.max(...block));
      }
    });
  });

  it('are NaN where there is nothing', () => {
    const series = made(3, 1, (step) => (step === 1 ? Number.NaN : step));
    const { low, high } = linesOf(series, [0, 7], { from: 0, to: 3, columns: 50 });
    assert.deepEqual([...low], [0, Number.NaN, 2, Number.NaN, Number.NaN, Number.NaN]);
    assert.deepEqual([...high], [...low]);
  });
});
