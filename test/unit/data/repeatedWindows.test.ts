import assert from 'node:assert/strict';
import { countRepeatedWindows } from '../../../extension/data/repeatedWindows';

const earlier = { first: 0, count: 60 };
const later = { first: 70, count: 27 };

describe('repeated windows', () => {
  const plain = () => [
    Float64Array.from({ length: 100 }, (_, row) => row),
    Float64Array.from({ length: 100 }, (_, row) => row * row),
  ];

  it('are none where no stretch comes twice', () => {
    assert.equal(countRepeatedWindows(plain(), 4, earlier, later), 0);
  });

  it('are counted where all columns repeat, and not where one differs', () => {
    const columns = plain();
    for (const values of columns) values.copyWithin(80, 10, 20);
    // Ten rows hold seven windows of four.
    assert.equal(countRepeatedWindows(columns, 4, earlier, later), 7);
    columns[1]?.fill(-1, 85, 86);
    assert.equal(countRepeatedWindows(columns, 4, earlier, later), 3);
    assert.equal(countRepeatedWindows(columns, 4, { first: 0, count: 0 }, later), 0);
  });

  it('are all of them in a series that stands still', () => {
    assert.equal(countRepeatedWindows([new Float64Array(100)], 4, earlier, later), 27);
  });
});
