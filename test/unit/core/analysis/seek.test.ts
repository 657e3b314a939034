import assert from 'node:assert/strict';
import { nextPeak, nextSaturation } from '../../../../extension/core/analysis/seek';
import { made } from './signals';

const along = (...values: number[]) => made(values.length, 1, (step) => values[step] ?? 0);

describe('the next peak', () => {
  it('is a local maximum of the absolute value, with its sign, in either direction', () => {
    const series = along(0, 5, 1, -8, -8, 2, 1.5, 1.9, 0, 4.5);
    assert.deepEqual(nextPeak(series, 0, -1, 1), { step: 1, value: 5 });
    assert.deepEqual(nextPeak(series, 0, 1, 1), { step: 3, value: -8 });
    // The first step of the plateau; 1.9 is no more than a ripple.
    assert.deepEqual(nextPeak(series, 0, 3, 1), { step: 9, value: 4.5 });
    assert.equal(nextPeak(series, 0, 9, 1), null);
    assert.deepEqual(nextPeak(series, 0, 9, -1), { step: 3, value: -8 });
    assert.equal(nextPeak(series, 0, 1, -1), null);
  });

  it('of all units is that of the largest of them', () => {
    const series = made(
      5,
      2,
      (step, unit) =>
        [
          [1, 0],
          [0, -3],
          [2, 1],
          [0, 0],
          [0, 2],
        ][step]?.[unit] ?? 0,
    );
    assert.deepEqual(nextPeak(series, null, 0, 1), { step: 1, value: -3 });
    assert.deepEqual(nextPeak(series, null, 1, 1), { step: 4, value: 2 });
  });

  it('is nowhere in what never changes from nothing, nor in a unit that is not there', () => {
    assert.equal(nextPeak(along(0, 0, 0), 0, -1, 1), null);
    assert.equal(nextPeak(along(1, 2), 7, -1, 1), null);
    assert.equal(nextPeak(along(Number.NaN, Number.NaN), null, -1, 1), null);
  });
});

describe('the next saturation', () => {
  it('is where a gate becomes shut or open', () => {
    const series = along(0.5, 0.95, 0.99, 0.5, 0.05, 0.5);
    assert.equal(nextSaturation(series, 0, 0, 1)?.step, 1);
    assert.equal(nextSaturation(series, 0, 1, 1)?.step, 4);
    assert.equal(nextSaturation(series, 0, 4, 1), null);
    assert.equal(nextSaturation(series, 0, 4, -1)?.step, 1);
    assert.equal(nextSaturation(along(0.01), 0, -1, 1)?.step, 0);
  });

  it('of all units is where most of them are, and says how many', () => {
    const series = made(3, 3, (step, unit) => (unit < step + 1 ? 0.95 : 0.5));
    const found = nextSaturation(series, null, -1, 1);
    assert.equal(found?.step, 1);
    assert.ok(Math.abs((found?.value ?? 0) - 2 / 3) < 1e-9);
  });
});
