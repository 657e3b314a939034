import assert from 'node:assert/strict';
import { type Draw, drawOnes } from '../../../extension/core/chance';
import { philox, streams } from '../../../extension/core/random';

const draw: Draw = { seed: 7, purpose: streams.dropout, index: 2, time: 5 };
const ones = (length: number, probability: number, changes: Partial<Draw> = {}) => {
  const into = new Uint8Array(length);
  drawOnes(into, probability, { ...draw, ...changes });
  return into;
};

describe('core/chance', () => {
  it('takes halves of the words of Philox, the low half first', () => {
    const words = [0, 1, 2].flatMap((block) => [...philox([block, 5, 2, 0], [7, streams.dropout])]);
    const halves = words.flatMap((word) => [word & 0xffff, word >>> 16]).slice(0, 21);
    assert.deepEqual(
      [...ones(21, 0.3)],
      halves.map((half) => Number(half < Math.round(0.3 * 65536))),
    );
  });

  it('gives the same for the same place and other numbers for another', () => {
    assert.deepEqual(ones(1000, 0.5), ones(1000, 0.5));
    for (const changes of [
      { seed: 8 },
      { purpose: streams.teacher },
      { index: 3 },
      { time: 6 },
      { time: 5 + 2 ** 32 },
    ]) {
      assert.notDeepEqual(ones(1000, 0.5, changes), ones(1000, 0.5));
    }
  });

  it('gives ones as often as it is asked to, independently of their neighbours', () => {
    const length = 200_000;
    for (const probability of [0.1, 0.5, 0.8]) {
      const drawn = ones(length, probability);
      const mean = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0) / length;
      // Four standard deviations.
      const bound = 4 * Math.sqrt((probability * (1 - probability)) / length);
      assert.ok(Math.abs(mean(drawn) - probability) < bound);
      const pairs = mean(drawn.map((value, i) => value * (drawn[i + 1] ?? 0)));
      assert.ok(Math.abs(pairs - probability ** 2) < 2 * bound);
    }
    assert.ok(ones(1000, 1).every((value) => value === 1));
    assert.ok(ones(1000, 0).every((value) => value === 0));
  });
});
