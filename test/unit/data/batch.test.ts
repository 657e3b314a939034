import assert from 'node:assert/strict';
import { newBatch } from '../../../extension/data/batch';

describe('batch', () => {
  const feed = (name: string, dtype: 'float32' | 'int32', shape: readonly number[]) => ({ name, dtype, shape });

  it('has a buffer of the right kind and size for every feed', () => {
    const batch = newBatch({
      x: feed('x', 'int32', [5, 2]),
      y: feed('y', 'float32', [5, 3, 2]),
      weight: feed('weight', 'float32', [5, 2]),
      mask: feed('mask', 'float32', [5, 2]),
    });
    assert.deepEqual(batch, {
      x: new Int32Array(10),
      y: new Float32Array(30),
      weight: new Float32Array(10),
      mask: new Float32Array(10),
    });
  });

  it('has no mask where none is fed', () => {
    const batch = newBatch({
      x: feed('x', 'float32', [5, 2]),
      y: feed('y', 'int32', [2]),
      weight: feed('weight', 'float32', [2]),
      mask: null,
    });
    assert.ok(!('mask' in batch) && batch.y instanceof Int32Array);
  });
});
