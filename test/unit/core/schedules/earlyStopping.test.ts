import assert from 'node:assert/strict';
import { shouldStop } from '../../../../extension/core/schedules/earlyStopping';

/** The number of epochs after which a training with these losses ends, or null where it goes on. */
function endsAfter(losses: readonly number[], patience: number): number | null {
  const end = losses.findIndex((_, i) => shouldStop(losses.slice(0, i + 1), patience));
  return end === -1 ? null : end + 1;
}

describe('early stopping', () => {
  it('ends when the best loss is as many epochs old as it has patience', () => {
    assert.equal(endsAfter([3, 2, 2.5, 2.4, 2.3], 3), 5);
    assert.equal(endsAfter([3, 2, 2.5, 1.9, 2.3, 2.2], 3), null);
    assert.equal(endsAfter([3, 2, 2.5], 1), 3);
  });

  it('takes an equal loss for no better one', () => assert.equal(endsAfter([1, 1, 1, 1], 2), 3));

  it('ends where the loss never is a number', () => {
    assert.equal(endsAfter([Number.NaN, Number.NaN, Number.NaN], 2), 2);
    assert.equal(endsAfter([1, Number.NaN, Number.NaN, 0], 2), 3);
  });

  it('goes on before the first epoch', () => assert.equal(shouldStop([], 1), false));
});
