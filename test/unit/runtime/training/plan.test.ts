import assert from 'node:assert/strict';
import { EpochPlan } from '../../../../extension/runtime/training/plan';

describe('training/plan', () => {
  it('makes every batch a step where nothing else is asked', () => {
    const plan = new EpochPlan(10, 1, { batch: 4, accumulate: 1 });
    assert.deepEqual([plan.batches, plan.passes, plan.steps], [3, 3, 3]);
    assert.deepEqual(
      [0, 1, 2].map((index) => plan.pass(index)),
      [0, 1, 2].map((batch) => ({ batch, stretch: 0, share: 1 })),
    );
  });

  it('counts every pass of a step the same, also in the last one, which may have fewer', () => {
    const plan = new EpochPlan(9, 2, { batch: 4, accumulate: 4 });
    assert.deepEqual([plan.batches, plan.passes, plan.steps], [3, 6, 2]);
    const passes = Array.from({ length: plan.passes }, (_, index) => plan.pass(index));
    assert.deepEqual(
      passes.map(({ batch, stretch }) => [batch, stretch]),
      [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
        [2, 0],
        [2, 1],
      ],
    );
    assert.deepEqual(
      passes.map(({ share }) => share),
      [null, null, null, 1 / 4, null, 1 / 2],
    );
  });
});
