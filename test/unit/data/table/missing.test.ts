import assert from 'node:assert/strict';
import { forwardFill, interpolate } from '../../../../extension/data/table/missing';

const gap = Number.NaN;

describe('missing values', () => {
  it('take the last value seen', () => {
    const values = Float64Array.from([gap, 1, gap, gap, 4, gap]);
    forwardFill(values);
    assert.deepEqual(Array.from(values), [gap, 1, 1, 1, 4, 4]);
  });

  it('lie on a line between their neighbours', () => {
    const values = Float64Array.from([0, gap, gap, 6, gap]);
    interpolate(values, [{ start: 0, end: 5 }]);
    assert.deepEqual(Array.from(values), [0, 2, 4, 6, 6]);
  });

  it('are drawn from no later part', () => {
    const values = Float64Array.from([1, gap, gap, gap, 9, gap, 11]);
    interpolate(values, [
      { start: 0, end: 3 },
      { start: 3, end: 7 },
    ]);
    assert.deepEqual(Array.from(values), [1, 1, 1, 1, 9, 10, 11]);
  });

  it('take the first value of the first part where nothing precedes them', () => {
    const values = Float64Array.from([gap, gap, 5, gap]);
    interpolate(values, [{ start: 0, end: 4 }]);
    assert.deepEqual(Array.from(values), [5, 5, 5, 5]);
  });

  it('stay missing where a part and all before it hold nothing', () => {
    const values = Float64Array.from([gap, gap, 5]);
    interpolate(values, [
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]);
    assert.deepEqual(Array.from(values), [gap, gap, 5]);
  });
});
