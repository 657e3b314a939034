import assert from 'node:assert/strict';
import { countRepeatedWindows } from '../../../../extension/data/forecast/repeatedWindows';

const earlier = { first: 0, count: 60 };
const later = { first: 70, count: 27 };

describe('repeated windows', () => {
  const plain = () => [
    { values: Float64Array.from({ length: 100 }, (_, row) => row) },
    { values: Float64Array.from({ length: 100 }, (_, row) => row * row) },
  ];

  it('are none where no stretch comes twice', () => {
    assert.equal(countRepeatedWindows(plain(), 4, earlier, later), 0);
  });

  it('are counted where all columns repeat, and not where one differs', () => {
    const columns = plain();
    for (const { values } of columns) values.copyWithin(80, 10, 20);
    // Ten rows hold seven windows of four.
    assert.equal(countRepeatedWindows(columns, 4, earlier, later), 7);
    columns[1]?.values.fill(-1, 85, 86);
    assert.equal(countRepeatedWindows(columns, 4, earlier, later), 3);
    assert.equal(countRepeatedWindows(columns, 4, { first: 0, count: 0 }, later), 0);
  });

  it('are all of them in a series that stands still', () => {
    assert.equal(countRepeatedWindows([{ values: new Float64Array(100) }], 4, earlier, later), 27);
  });

  it('are told by going through all pairs', () => {
    let state = 1;
    const random = (below: number) => {
      state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
      return Math.floor((state / 0x80000000) * below);
    };
    for (let turn = 0; turn < 20; turn++) {
      const columns = [0, 1].map(() => ({ values: Float64Array.from({ length: 400 }, () => random(2)) }));
      const [first, second] = [
        { first: 3 + random(5), count: 250 },
        { first: 270 + random(5), count: 100 },
      ];
      const length = 1 + random(6);
      const same = (a: number, b: number) =>
        columns.every(({ values }) => values.slice(a, a + length).every((value, i) => value === values[b + i]));
      let expected = 0;
      for (let b = second.first; b < second.first + second.count; b++) {
        let found = false;
        for (let a = first.first; a < first.first + first.count; a++) found ||= same(a, b);
        if (found) expected++;
      }
      assert.equal(countRepeatedWindows(columns, length, first, second), expected);
    }
  });
});
