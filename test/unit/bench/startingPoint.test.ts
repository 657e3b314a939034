import assert from 'node:assert/strict';
import type { Row } from '../../../bench/rows';
import { batchLast, reorderGates, startingPoint } from '../../../bench/startingPoint';

const row: Row = { cell: 'LSTM', T: 2, B: 3, I: 2, H: 2, threads: 1 };

describe('where all sides start', () => {
  it('has the shapes of PyTorch, and the same numbers each time', () => {
    const start = startingPoint(row);
    assert.deepEqual(
      Object.entries(start).map(([name, data]) => [name, data.length]),
      [
        ['x', 12],
        ['y', 3],
        ['weightIh', 16],
        ['weightHh', 16],
        ['biasIh', 8],
        ['biasHh', 8],
        ['headW', 2],
        ['headB', 1],
      ],
    );
    assert.deepEqual(startingPoint(row), start);
    assert.ok(start.weightHh.every((value) => Math.abs(value) <= Math.SQRT1_2));
  });

  it('moves gates as blocks of rows', () => {
    // Rows of PyTorch's i, f, g, o; two rows a gate, one number a row.
    const data = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8);
    assert.deepEqual(reorderGates(row, data, 1, ['i', 'o', 'f', 'g']), Float32Array.of(1, 2, 7, 8, 3, 4, 5, 6));
    assert.throws(() => reorderGates(row, data, 1, ['z']), /no gate "z"/);
  });

  it('puts the batch last', () => {
    // Written as 100 t + 10 b + i.
    const x = Float32Array.of(0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121);
    assert.deepEqual(batchLast(row, x), Float32Array.of(0, 10, 20, 1, 11, 21, 100, 110, 120, 101, 111, 121));
  });
});
