import assert from 'node:assert/strict';
import { editDistance } from '../../../../extension/data/judging/editDistance';

describe('edit distance', () => {
  it('counts the known examples', () => {
    assert.equal(editDistance('kitten', 'sitting'), 3);
    assert.equal(editDistance('saturday', 'sunday'), 3);
    assert.equal(editDistance('', 'abc'), 3);
    assert.equal(editDistance('abc', ''), 3);
    assert.equal(editDistance('same', 'same'), 0);
  });

  it('is about entries of any kind', () => {
    assert.equal(editDistance(['one', 'two', 'three'], ['one', 'three']), 1);
    assert.equal(editDistance([1, 2, 3], [3, 2, 1]), 2);
  });
});
