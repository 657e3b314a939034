import assert from 'node:assert/strict';
import { RandomStream } from '../../../extension/core/random';
import { draw, type Sampling } from '../../../extension/core/sampling';

const plain: Sampling = { temperature: 1, topK: null, topP: 1 };
const probabilities = Float32Array.of(0.1, 0.5, 0.25, 0.15);

function frequencies(sampling: Sampling): number[] {
  const random = new RandomStream(7, 0, 0);
  const counts = [0, 0, 0, 0];
  for (let i = 0; i < 20_000; i++) {
    const token = draw(probabilities, sampling, random);
    counts[token] = (counts[token] ?? 0) + 1;
  }
  return counts.map((count) => count / 20_000);
}

function near(found: readonly number[], expected: readonly number[]): void {
  for (const [i, value] of expected.entries()) assert.ok(Math.abs((found[i] ?? 9) - value) < 0.015, `${found}`);
}

describe('drawing a token', () => {
  it('follows the probabilities', () => near(frequencies(plain), [0.1, 0.5, 0.25, 0.15]));

  it('sharpens and flattens them with the temperature', () => {
    const squares = [0.01, 0.25, 0.0625, 0.0225].map((p) => p / 0.345);
    near(frequencies({ ...plain, temperature: 0.5 }), squares);
    const roots = [...probabilities].map(Math.sqrt);
    near(
      frequencies({ ...plain, temperature: 2 }),
      roots.map((p) => p / roots.reduce((a, b) => a + b)),
    );
  });

  it('takes the likeliest at temperature 0', () => near(frequencies({ ...plain, temperature: 0 }), [0, 1, 0, 0]));

  it('keeps to the likeliest few, and to those with enough probability together', () => {
    near(frequencies({ ...plain, topK: 2 }), [0, 2 / 3, 1 / 3, 0]);
    near(frequencies({ ...plain, topP: 0.45 }), [0, 1, 0, 0]);
    near(frequencies({ ...plain, topP: 0.8 }), [0, 5 / 9, 2.5 / 9, 1.5 / 9]);
  });

  it('finds something among nothing but zeros', () =>
    assert.equal(draw(new Float32Array(3), plain, new RandomStream(1, 0, 0)), 0));
});
