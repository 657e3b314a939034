import assert from 'node:assert/strict';
import type { Forecast } from '../../extension/protocol/run';
import { rowNumber, spanOf, windowAt } from '../../webview/run/forecastRows';

/** A forecast of rows 0 to 9 for training, of which the first window forecasts row 4, and 10 to 19 for the test, from row 13. */
function forecastOf(rows: readonly number[], starts: Forecast['starts'], sampled: boolean): Forecast {
  const hasForecast = (row: number) => (row >= 4 && row < 10) || row >= 13;
  return {
    target: 'y',
    horizonStep: 2,
    horizon: 3,
    time: null,
    truth: rows,
    starts,
    ...(sampled && { sampled: { rows, every: 3 } }),
    series: [{ name: 'model', values: rows.map((row) => (hasForecast(row) ? row : null)) }],
    band: null,
  };
}

const all = Array.from({ length: 20 }, (_, row) => row);
const whole = forecastOf(all, { train: 0, validation: 10, test: 10 }, false);
// Every third window of the training part, and every other row of the test part.
const rows = [4, 7, 13, 15, 17, 19];
const few = forecastOf(rows, { train: 0, validation: 2, test: 2 }, true);

describe('the rows of a forecast', () => {
  it('are the windows whose forecast stands there', () => {
    assert.deepEqual(windowAt(whole, 4), { part: 'train', index: 0 });
    assert.deepEqual(windowAt(whole, 9), { part: 'train', index: 5 });
    assert.deepEqual(windowAt(whole, 15), { part: 'test', index: 2 });
    assert.equal(windowAt(whole, 3), null);
    assert.equal(windowAt(whole, 12), null);
  });

  it('count the windows of the training part that are not told of, and no others', () => {
    assert.deepEqual(windowAt(few, 1), { part: 'train', index: 3 });
    assert.deepEqual(windowAt(few, 4), { part: 'test', index: 2 });
    assert.deepEqual(
      rows.map((_, place) => rowNumber(few, place)),
      [5, 8, 14, 16, 18, 20],
    );
    assert.equal(rowNumber(whole, 7), 8);
  });

  it('span what a window reads, in rows and not in places', () => {
    // Two steps ahead of a window of three rows.
    assert.deepEqual(spanOf(whole, { part: 'test', index: 2 }, 3), { from: 11, to: 15 });
    assert.deepEqual(spanOf(few, { part: 'test', index: 2 }, 3), { from: 2, to: 4 });
    // A window between two that are told of is shown at the one before.
    assert.deepEqual(spanOf(few, { part: 'train', index: 5 }, 3), { from: 0, to: 1 });
    assert.equal(spanOf(few, { part: 'train', index: 6 }, 3), null);
    assert.equal(spanOf(whole, { part: 'validation', index: 0 }, 3), null);
  });

  it('leave out the windows of series before', () => {
    const second = {
      ...whole,
      several: { name: 'b', names: ['a', 'b'], before: { train: 6, validation: 0, test: 7 } },
    };
    assert.deepEqual(windowAt(second, 15), { part: 'test', index: 9 });
    assert.deepEqual(spanOf(second, { part: 'test', index: 9 }, 3), { from: 11, to: 15 });
    assert.equal(spanOf(second, { part: 'test', index: 2 }, 3), null);
  });
});
