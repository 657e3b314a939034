import assert from 'node:assert/strict';
import { stepFlops } from '../../../bench/rows';

describe('the operations of a step', () => {
  it('are those of its products, one by one', () => {
    const [T, B, I, H] = [5, 3, 2, 7];
    const product = (m: number, k: number, n: number) => 2 * m * k * n;
    for (const [cell, gates] of [
      ['RNN', 1],
      ['GRU', 3],
      ['LSTM', 4],
    ] as const) {
      const rows = gates * H;
      const forward = T * (product(rows, I, B) + product(rows, H, B));
      const backward = T * product(H, rows, B) + product(rows, T * B, I + H);
      const head = product(1, H, B) + product(H, 1, B) + product(1, B, H);
      assert.equal(stepFlops({ cell, T, B, I, H, threads: 1 }), forward + backward + head);
    }
  });
});
