import assert from 'node:assert/strict';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import type { LossSettings } from '../../../../extension/core/losses/loss';
import { losses } from '../../../../extension/core/losses/table';
import { writeModel } from '../../../../extension/core/onnx/write';
import { type DType, floats, toNumbers } from '../../../../extension/core/tensor';
import { lossNames } from '../../../../extension/protocol/choices/training';
import { run } from '../../../support/session';

const settings: LossSettings = { name: 'mse', delta: 1, quantiles: [0.1, 0.4, 0.9], classWeights: null };

/** The point forecast of a column of numbers. */
async function pointOf(name: (typeof lossNames)[number], prediction: readonly number[]) {
  const graph = new Graph('point');
  const b = new Builder(graph);
  const shape = [prediction.length, 1];
  b.output('point', losses[name].point(b, graph.input('prediction', { dtype: 'float64', shape }), settings));
  const { point } = await run(writeModel(graph), { prediction: floats('float64', shape, prediction) });
  assert.ok(point);
  return toNumbers(point);
}

describe('losses/table', () => {
  it('says how many numbers the head must give for three targets, classes or labels', () => {
    const outputs = Object.fromEntries(lossNames.map((name) => [name, losses[name].outputs(3, settings)]));
    assert.deepEqual(outputs, {
      mse: 3,
      halfSquaredSum: 3,
      mae: 3,
      huber: 3,
      quantile: 9,
      gaussian: 6,
      binaryCrossEntropy: 3,
      crossEntropy: 3,
      ctc: 4,
    });
  });

  it('forecasts with the mean, the quantile next to the median, or probabilities', async () => {
    assert.deepEqual(await pointOf('mse', [1, 2]), [1, 2]);
    assert.deepEqual(await pointOf('gaussian', [1, 2, 3, 4]), [1, 2]);
    assert.deepEqual(await pointOf('quantile', [1, 2, 3, 4, 5, 6]), [3, 4]);
    assert.deepEqual(await pointOf('binaryCrossEntropy', [0]), [0.5]);
    assert.deepEqual(await pointOf('crossEntropy', [7, 7, -1e9]), [0.5, 0.5, 0]);
    assert.deepEqual(await pointOf('ctc', [7, 7, -1e9]), [0.5, 0.5, 0]);
  });

  it('refuses truths, weights and class weights that do not fit', () => {
    const build = (
      name: (typeof lossNames)[number],
      truth: readonly number[],
      { prediction = [3, 4], weight = [4], dtype = 'float64' as DType, classWeights = null as number[] | null } = {},
    ) => {
      const b = new Builder(new Graph('loss'));
      const input = (shape: readonly number[], type: DType) => b.graph.input('x', { dtype: type, shape });
      losses[name].build(b, {
        prediction: input(prediction, 'float64'),
        truth: input(truth, dtype),
        weight: input(weight, 'float64'),
        settings,
        classWeights,
      });
    };
    assert.throws(() => build('mse', [2, 4]), /a truth of \[2, 4\] with a prediction that asks for \[3, 4\]/);
    assert.throws(() => build('mse', [3, 4], { weight: [5] }), /weights for \[5\], but what it weighs is \[3, 4\]/);
    assert.throws(() => build('quantile', [3, 4]), /a truth of \[3, 4\] with a prediction that asks for \[1, 4\]/);
    assert.throws(() => build('gaussian', [4, 4], { prediction: [4, 4] }), /asks for \[2, 4\]/);
    const classes = { dtype: 'int32' } as const;
    assert.throws(() => build('crossEntropy', [3, 4], classes), /asks for \[4\]/);
    assert.throws(
      () => build('crossEntropy', [4], { ...classes, classWeights: [1, 2] }),
      /2 class weights for 3 classes/,
    );
    assert.throws(() => build('ctc', [2, 4], classes), /needs a prediction at every step/);
  });
});
