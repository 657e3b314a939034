import assert from 'node:assert/strict';
import { splitRows, windowsIn } from '../../../extension/data/split';

describe('split', () => {
  it('cuts the rows in time order without a gap or an overlap', () => {
    assert.deepEqual(splitRows(144, { validation: 0.15, test: 0.2 }), {
      train: { start: 0, end: 93 },
      validation: { start: 93, end: 115 },
      test: { start: 115, end: 144 },
    });
  });

  it('leaves a part empty where its fraction is zero', () => {
    assert.deepEqual(splitRows(10, { validation: 0, test: 0 }).train, { start: 0, end: 10 });
  });

  it('counts only windows that lie wholly inside', () => {
    assert.equal(windowsIn({ start: 5, end: 15 }, 4, 2), 5);
    assert.equal(windowsIn({ start: 5, end: 11 }, 4, 2), 1);
    assert.equal(windowsIn({ start: 5, end: 10 }, 4, 2), 0);
  });
});
