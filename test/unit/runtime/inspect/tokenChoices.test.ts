import assert from 'node:assert/strict';
import type { TraceSignal } from '../../../../extension/protocol/trace';
import { tokenChoices } from '../../../../extension/runtime/inspect/tokenChoices';

const signal = (units: number, ...values: number[]): TraceSignal => ({
  name: 'y',
  range: 'signed',
  units,
  values: Float32Array.from(values),
});
const vocabulary = { names: ['a', 'b'], unknown: null };

describe('what a model that reads a text answers', () => {
  it('are probabilities as they come, with the next token as what is right', () => {
    const choices = tokenChoices([signal(3, 1, 2, 3), signal(2, 0.25, 0.75, 1, 0)], vocabulary, ['a', 'b']);
    assert.deepEqual(choices && [...choices.probabilities], [0.25, 0.75, 1, 0]);
    assert.deepEqual(choices?.truth, ['b', null]);
  });

  it('are the softmax of logits, however large', () => {
    const choices = tokenChoices([signal(2, 1000, 1000 + Math.log(3), -2, -2)], vocabulary, ['a', 'b']);
    const expected = [0.25, 0.75, 0.5, 0.5];
    assert.equal(choices?.probabilities.length, 4);
    for (const [i, value] of choices?.probabilities.entries() ?? []) {
      assert.ok(Math.abs(value - (expected[i] ?? 0)) < 1e-4, `${value}`);
    }
  });

  it('are nothing where no output has a number for every token', () => {
    assert.equal(tokenChoices([signal(3, 1, 2, 3)], vocabulary, ['a']), null);
  });
});
