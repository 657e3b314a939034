import assert from 'node:assert/strict';
import { extent, mean, place, scaleOf, scaleOfDifferences } from '../../../webview/trace/signals';

const outline = { name: 'h', units: 2, min: -0.4, max: 0.7 } as const;

describe('the scale of a signal', () => {
  it('is the same at every step: a gate between 0 and 1, a state symmetric, data as far as they go', () => {
    assert.deepEqual(scaleOf({ ...outline, range: 'gate' }), { scheme: 'sequential', low: 0, high: 1 });
    assert.deepEqual(scaleOf({ ...outline, range: 'signed' }), { scheme: 'diverging', low: -0.7, high: 0.7 });
    assert.deepEqual(scaleOf({ ...outline, range: 'value' }), { scheme: 'sequential', low: -0.4, high: 0.7 });
    const flat = scaleOf({ ...outline, range: 'value', min: 3, max: 3 });
    assert.equal(place(flat, 3), 0);
  });

  it('of differences reaches to the largest that is there, whatever is not finite', () => {
    const lists = [Float32Array.of(0.01, Number.NaN), Float32Array.of(-0.2, Number.NEGATIVE_INFINITY)];
    assert.deepEqual(scaleOfDifferences(lists), { scheme: 'diverging', low: -0.25, high: 0.25 });
    assert.equal(scaleOfDifferences([Float32Array.of(0, Number.NaN)]), null);
    assert.equal(scaleOfDifferences([]), null);
  });
});

describe('what is said of many numbers', () => {
  it('leaves out what is not finite', () => {
    assert.equal(mean([1, Number.NaN, 3, Number.POSITIVE_INFINITY]), 2);
    assert.ok(Number.isNaN(mean([Number.NaN])));
    assert.deepEqual(extent([2, Number.NaN], [Number.NEGATIVE_INFINITY, -1]), { min: -1, max: 2 });
    assert.deepEqual(extent([]), { min: 0, max: 0 });
  });
});
