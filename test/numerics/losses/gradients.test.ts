import assert from 'node:assert/strict';
import type { Builder } from '../../../extension/core/graph/builder';
import { losses } from '../../../extension/core/losses/table';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, zeros } from '../../../extension/core/tensor';
import { lossNames } from '../../../extension/protocol/choices/training';
import { checkGradient } from '../../support/gradientCheck';
import { defaults } from './batch';

const [targets, batch, steps] = [3, 4, 5];

/** The truth of a loss, random, after `leading` axes. */
function truthOf(b: Builder, kind: string, leading: readonly number[]) {
  const random = new RandomStream(3, 0, 0);
  const draw = (shape: readonly number[], value: () => number) => Array.from({ length: sizeOf(shape) }, value);
  if (kind === 'labels') return b.int32s([2, batch], [1, 2, 3, 3, 1, 3, -1, 2]);
  if (kind === 'classes') {
    const shape = [...leading, batch];
    return b.int32s(
      shape,
      draw(shape, () => random.below(targets)),
    );
  }
  const shape = [...leading, targets, batch];
  const value = kind === 'binary' ? () => random.below(2) : () => 2 * random.uniform() - 1;
  return b.constant(floats('float64', shape, draw(shape, value)));
}

describe('losses: gradients against finite differences in float64', () => {
  for (const name of lossNames) {
    const loss = losses[name];
    const outputs = loss.outputs(targets, defaults);
    const places = loss.truth === 'labels' ? [[steps]] : [[], [steps]];
    for (const leading of places) {
      const classes = loss.truth === 'binary' ? 2 : loss.truth === 'classes' ? outputs : null;
      for (const classWeights of classes === null ? [null] : [null, [0.5, 2, 1.5].slice(0, classes)]) {
        const form = `${leading.length > 0 ? 'every step' : 'one target'}${classWeights ? ', class weights' : ''}`;
        it(`${name}, ${form}`, async () => {
          await checkGradient({
            inputs: [[...leading, outputs, batch]],
            from: -2,
            to: 2,
            build(b, [prediction]) {
              assert.ok(prediction);
              const shape = [...leading, batch];
              // The last steps of the last sequence, or the last sequence, are padding.
              const counts = zeros('float64', shape).data as Float64Array;
              const weight = counts.map((_, i) => (i % batch === batch - 1 && i >= counts.length - 2 * batch ? 0 : 1));
              const { value } = loss.build(b, {
                prediction,
                truth: truthOf(b, loss.truth, leading),
                weight: b.constant(floats('float64', shape, weight)),
                settings: { ...defaults, name, delta: 0.6 },
                classWeights,
              });
              return [value];
            },
          });
        });
      }
    }
  }
});
