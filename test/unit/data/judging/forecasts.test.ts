import assert from 'node:assert/strict';
import { judgeForecasts } from '../../../../extension/data/judging/forecasts';
import type { Judge } from '../../../../extension/data/judging/judge';
import { judged } from '../../../support/judged';

describe('the judge of forecasts', () => {
  // Two windows of two steps each.
  const truth = Float64Array.of(10, 20, 30, 40);
  const factor = 10;
  const errors = (judge: Judge) => {
    const { mae, rmse } = judge.metrics();
    return { mae, rmse };
  };

  it('measures in the units of the target, batch by batch', () => {
    const judge = judgeForecasts(judged(2, truth, { factor }), 'test');
    judge.add([1], 1, Float32Array.of(3, 0, 5, 0), 2);
    assert.deepEqual(errors(judge), { mae: 5, rmse: Math.sqrt(50) });
    judge.add([0], 1, Float32Array.of(1, 0, 2, 0), 2);
    assert.deepEqual(errors(judge), { mae: 2.5, rmse: 5 });
  });

  it('takes the last of the steps that answer', () => {
    const judge = judgeForecasts(judged(2, truth, { factor }), 'test');
    judge.add([0, 1], 2, Float32Array.of(9, 9, 9, 9, 1, 3, 2, 4), 2);
    assert.deepEqual(errors(judge), { mae: 0, rmse: 0 });
  });

  it('scales errors where it is told by what', () => {
    const judge = judgeForecasts(judged(2, truth, { factor, naive: 4 }), 'test');
    judge.add([0, 1], 2, Float32Array.of(1, 3, 1, 4), 2);
    const { mae, mase, smape } = judge.metrics();
    assert.deepEqual([mae, mase], [2.5, 0.625]);
    assert.equal(smape?.toFixed(10), ((200 * 10) / 30 / 4).toFixed(10));
  });

  it('adds up errors of several targets in deviations of each', () => {
    // Two windows, of each two targets: the second varies a hundred times as much.
    const both = judged(1, Float64Array.of(10, 1000, 20, 3000), {
      deviations: [1, 100],
      naive: (entry) => (entry % 2 === 0 ? 2 : 50),
    });
    const judge = judgeForecasts(both, 'test');
    judge.add([0, 1], 2, Float32Array.of(11, 20, 1000, 3300), 2);
    const { rmse, mae, mase } = judge.metrics();
    assert.deepEqual([rmse, mae, mase], [Math.sqrt((1 + 0 + 0 + 9) / 4), 1, (0.5 + 0 + 0 + 6) / 4]);
  });

  it('has no metrics for nothing', () => {
    assert.deepEqual(judgeForecasts(judged(2, truth, { factor }), 'test').metrics(), {});
  });
});
