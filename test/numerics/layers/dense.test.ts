import assert from 'node:assert/strict';
import type { Value } from '../../../extension/core/graph/value';
import { batchLast } from '../../../extension/core/layers/dense';
import { at } from '../../../extension/core/ops/arguments';
import { checkGradient } from '../../support/gradientCheck';

describe('linear layers: gradients against finite differences of W x + b in float64', () => {
  const shapes: [string, number[], number, number][] = [
    ['of one step', [4, 3], 4, 7],
    ['of fewer outputs than units at every step', [5, 4, 3], 4, 2],
    ['of more outputs than units at every step, as one product', [5, 4, 3], 4, 7],
  ];
  for (const [what, x, units, out] of shapes) {
    it(what, async () => {
      const parts = (inputs: readonly Value[]) => [at(inputs, 0), at(inputs, 1), at(inputs, 2)] as const;
      await checkGradient({
        inputs: [[out, units], x, [out, 1]],
        build(b, inputs) {
          const [W, given, bias] = parts(inputs);
          const outputs = batchLast(b, W, given, bias);
          assert.deepEqual(outputs.type.shape, [...x.slice(0, -2), out, x.at(-1)]);
          // Each output counts for itself, and together with the others of its step.
          return [outputs, b.softmax(outputs, x.length - 2)];
        },
        twin(b, inputs) {
          const [W, given, bias] = parts(inputs);
          const outputs = b.add(b.matMul(W, given), bias);
          return [outputs, b.softmax(outputs, x.length - 2)];
        },
      });
    });
  }
});
