import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../../extension/core/random';
import { pairedBootstrap, squaredScores } from '../../../../extension/data/judging/bootstrap';

const mean = (value: number) => value;

/** Normal numbers of which each keeps `memory` of the one before. */
function series(length: number, seed: number, memory = 0): Float64Array {
  const random = new RandomStream(seed, streams.weights, 0);
  const values = new Float64Array(length);
  for (let i = 0; i < length; i++) values[i] = memory * (values[i - 1] ?? 0) + random.normal();
  return values;
}

describe('the paired bootstrap', () => {
  it('gives the interval of the mean difference of independent items', () => {
    const model = series(4000, 1);
    const zeros = new Float64Array(4000);
    const found = pairedBootstrap({ model, baseline: zeros, masses: null, of: mean }, 1, 7);
    const truth = model.reduce((sum, value) => sum + value, 0) / 4000;
    // 1.96 standard errors of 1/√4000.
    assert.ok(found !== null && Math.abs(found.difference - truth) < 1e-12);
    assert.ok(Math.abs(found.low - (truth - 0.031)) < 0.005 && Math.abs(found.high - (truth + 0.031)) < 0.005);
  });

  it('covers the true difference about as often as it says, also where neighbours err alike', () => {
    let covered = 0;
    const trials = 120;
    for (let trial = 0; trial < trials; trial++) {
      const model = series(600, 100 + trial, 0.6);
      const found = pairedBootstrap({ model, baseline: new Float64Array(600), masses: null, of: mean }, 24, trial);
      if (found !== null && found.low <= 0 && found.high >= 0) covered++;
    }
    assert.ok(covered / trials > 0.86, `${covered} of ${trials}`);
  });

  it('pairs: what is hard for both says nothing', () => {
    const hard = series(500, 3).map((value) => 100 * value * value);
    const found = pairedBootstrap(
      { model: hard.map((value) => value - 0.5), baseline: hard, masses: null, of: mean },
      1,
      1,
    );
    assert.ok(found !== null && Math.abs(found.low + 0.5) < 1e-6 && Math.abs(found.high + 0.5) < 1e-6);
  });

  it('weighs items by what they hold', () => {
    const items = 400;
    const masses = Float64Array.from({ length: items }, (_, i) => 1 + (i % 5));
    const model = masses.map((mass) => 0.25 * mass);
    const found = pairedBootstrap({ model, baseline: new Float64Array(items), masses, of: mean }, 1, 1);
    assert.ok(found !== null && Math.abs(found.low - 0.25) < 1e-12 && Math.abs(found.high - 0.25) < 1e-12);
  });

  it('is the same for the same seed, and says nothing of a few items', () => {
    const scores = { model: series(50, 1), baseline: series(50, 2), masses: null, of: mean };
    assert.deepEqual(pairedBootstrap(scores, 1, 5), pairedBootstrap(scores, 1, 5));
    assert.notDeepEqual(pairedBootstrap(scores, 1, 5), pairedBootstrap(scores, 1, 6));
    assert.equal(pairedBootstrap(scores, 11, 5), null);
    assert.equal(pairedBootstrap({ ...scores, model: new Float64Array(0), baseline: new Float64Array(0) }, 1, 5), null);
  });

  it('takes the RMSE apart by windows', () => {
    const scores = squaredScores(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 4, 3, 4), 2);
    assert.deepEqual(Array.from(scores), [2, 0]);
  });
});
