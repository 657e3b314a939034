import assert from 'node:assert/strict';
import { permutation, philox, RandomStream, streams } from '../../../extension/core/random';

describe('random', () => {
  // Known answers published with the generator (Random123, kat_vectors).
  const known = [
    { counter: [0, 0, 0, 0], key: [0, 0], words: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      words: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      words: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ] as const;
  for (const { counter, key, words } of known) {
    it(`gives Philox4x32-10's known answer for counter ${counter[0].toString(16)}…`, () => {
      assert.deepEqual([...philox([...counter], [...key])], [...words]);
    });
  }

  it('draws uniforms and normals with the right moments', () => {
    const random = new RandomStream(5, streams.weights, 0);
    const uniforms = Array.from({ length: 20000 }, () => random.uniform());
    const normals = Array.from({ length: 20000 }, () => random.normal());
    const mean = (values: number[]) => values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = (values: number[]) => mean(values.map((v) => (v - mean(values)) ** 2));
    assert.ok(uniforms.every((v) => v >= 0 && v < 1));
    assert.ok(Math.abs(mean(uniforms) - 0.5) < 0.01);
    assert.ok(Math.abs(mean(normals)) < 0.03);
    assert.ok(Math.abs(variance(normals.slice(0, 4000)) - 1) < 0.1);
  });

  it('shuffles: every index once, the same for the same seed and epoch, another for another', () => {
    const order = permutation(1000, 1, 3);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      Array.from({ length: 1000 }, (_, i) => i),
    );
    assert.deepEqual(permutation(1000, 1, 3), order);
    assert.notDeepEqual(permutation(1000, 1, 4), order);
    assert.notDeepEqual(permutation(1000, 2, 3), order);
    assert.deepEqual([...permutation(0, 1, 1)], []);
    assert.deepEqual([...permutation(1, 1, 1)], [0]);
  });
});
