import assert from 'node:assert/strict';
import { broadcast } from '../../../../extension/core/graph/broadcast';

describe('graph/broadcast', () => {
  it('aligns on the right and stretches ones', () => {
    assert.deepEqual(broadcast([2, 1, 3], [4, 3]), [2, 4, 3]);
    assert.deepEqual(broadcast([], [5]), [5]);
  });
  it('keeps free dimensions, and believes a number over a name', () => {
    assert.deepEqual(broadcast(['batch', 1], ['batch', 3]), ['batch', 3]);
    assert.deepEqual(broadcast(['batch'], [4]), [4]);
  });
  it('refuses what does not fit', () => {
    assert.throws(() => broadcast([2, 3], [4, 3]), /\[2, 3\].*\[4, 3\]/);
  });
});
