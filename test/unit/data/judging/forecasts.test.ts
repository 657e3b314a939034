import assert from 'node:assert/strict';
import { judgeForecasts } from '../../../../extension/data/judging/forecasts';

describe('the judge of forecasts', () => {
  // Two windows of two steps each.
  const truth = Float64Array.of(10, 20, 30, 40);
  const unscale = (scaled: number) => 10 * scaled;

  it('measures in the units of the target, batch by batch', () => {
    const judge = judgeForecasts(2, truth, unscale);
    judge.add([1], 1, Float32Array.of(3, 0, 5, 0), 2);
    assert.deepEqual(judge.metrics(), { mae: 5, rmse: Math.sqrt(50) });
    judge.add([0], 1, Float32Array.of(1, 0, 2, 0), 2);
    assert.deepEqual(judge.metrics(), { mae: 2.5, rmse: 5 });
  });

  it('takes the last of the steps that answer', () => {
    const judge = judgeForecasts(2, truth, unscale);
    judge.add([0, 1], 2, Float32Array.of(9, 9, 9, 9, 1, 3, 2, 4), 2);
    assert.deepEqual(judge.metrics(), { mae: 0, rmse: 0 });
  });

  it('has no metrics for nothing', () => {
    assert.deepEqual(judgeForecasts(2, truth, unscale).metrics(), {});
  });
});
