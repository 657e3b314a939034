import assert from 'node:assert/strict';
import { orthogonal, xavierUniform } from '../../../../extension/core/init/initializers';
import { RandomStream } from '../../../../extension/core/random';
import { toNumbers } from '../../../../extension/core/tensor';

describe('init', () => {
  it('makes every gate of the recurrent weights orthogonal', () => {
    const size = 7;
    const values = toNumbers(orthogonal(new RandomStream(1, 0, 0), 2, size));
    for (let gate = 0; gate < 2; gate++) {
      const row = (i: number) => values.slice((gate * size + i) * size, (gate * size + i + 1) * size);
      for (let i = 0; i < size; i++) {
        for (let j = 0; j < size; j++) {
          const dot = row(i).reduce((sum, v, k) => sum + v * (row(j)[k] ?? 0), 0);
          assert.ok(Math.abs(dot - (i === j ? 1 : 0)) < 1e-6, `rows ${i} and ${j} of gate ${gate}: ${dot}`);
        }
      }
    }
  });

  it("keeps Xavier's bound and fills it", () => {
    const bound = Math.sqrt(6 / (3 + 5));
    const values = toNumbers(xavierUniform(new RandomStream(1, 0, 0), [400, 3], 5));
    assert.ok(values.every((value) => Math.abs(value) <= bound));
    assert.ok(Math.max(...values) > 0.95 * bound && Math.min(...values) < -0.95 * bound);
  });
});
