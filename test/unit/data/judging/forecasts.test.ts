import assert from 'node:assert/strict';
import { judgeForecasts } from '../../../../extension/data/judging/forecasts';
import type { Judge } from '../../../../extension/data/judging/judge';

describe('the judge of forecasts', () => {
  // Two windows of two steps each.
  const truth = Float64Array.of(10, 20, 30, 40);
  const unscale = () => (scaled: number) => 10 * scaled;
  const errors = (judge: Judge) => {
    const { mae, rmse } = judge.metrics();
    return { mae, rmse };
  };

  it('measures in the units of the target, batch by batch', () => {
    const judge = judgeForecasts(2, truth, unscale);
    judge.add([1], 1, Float32Array.of(3, 0, 5, 0), 2);
    assert.deepEqual(errors(judge), { mae: 5, rmse: Math.sqrt(50) });
    judge.add([0], 1, Float32Array.of(1, 0, 2, 0), 2);
    assert.deepEqual(errors(judge), { mae: 2.5, rmse: 5 });
  });

  it('takes the last of the steps that answer', () => {
    const judge = judgeForecasts(2, truth, unscale);
    judge.add([0, 1], 2, Float32Array.of(9, 9, 9, 9, 1, 3, 2, 4), 2);
    assert.deepEqual(errors(judge), { mae: 0, rmse: 0 });
  });

  it('scales errors where it is told by what', () => {
    const judge = judgeForecasts(2, truth, unscale, 4);
    judge.add([0, 1], 2, Float32Array.of(1, 3, 1, 4), 2);
    const { mae, mase, smape } = judge.metrics();
    assert.deepEqual([mae, mase], [2.5, 0.625]);
    assert.equal(smape?.toFixed(10), ((200 * 10) / 30 / 4).toFixed(10));
  });

  it('has no metrics for nothing', () => {
    assert.deepEqual(judgeForecasts(2, truth, unscale).metrics(), {});
  });
});
