import assert from 'node:assert/strict';
import { slidingPieces, tiledPieces, wholeSequences } from '../../../../extension/data/sequences/pieces';

describe('pieces', () => {
  it('that slide end at every row that may end one', () => {
    const { first, length } = slidingPieces({ start: 2, end: 8 }, 3, (row) => row !== 5);
    assert.deepEqual(Array.from(first), [2, 4, 5]);
    assert.deepEqual(Array.from(length), [3, 3, 3]);
    assert.equal(slidingPieces({ start: 2, end: 4 }, 3, () => true).first.length, 0);
  });

  for (const rows of [4, 5, 7, 8, 9]) {
    it(`that tile count every one of ${rows} rows once`, () => {
      const { first, length, counted } = tiledPieces({ start: 10, end: 10 + rows }, 4);
      const seen = Array.from(first).flatMap((row, i) => {
        const [rowsOf = 0, before = 0] = [length[i], counted[i]];
        return Array.from({ length: rowsOf - before }, (_, step) => row + before + step);
      });
      assert.deepEqual(
        seen,
        Array.from({ length: rows }, (_, i) => 10 + i),
      );
      assert.ok(length.every((each) => each === 4));
    });
  }

  it('that tile are none where one does not fit', () => {
    assert.equal(tiledPieces({ start: 0, end: 3 }, 4).first.length, 0);
  });

  it('that are whole sequences keep their last rows, and leave out the unknown', () => {
    const starts = Uint32Array.of(0, 2, 7, 8, 12);
    const { first, length, sequences } = wholeSequences({ start: 0, end: 4 }, starts, 3, (sequence) => sequence !== 2);
    assert.deepEqual(
      [Array.from(first), Array.from(length), sequences],
      [
        [0, 4, 9],
        [2, 3, 3],
        [0, 1, 3],
      ],
    );
  });
});
