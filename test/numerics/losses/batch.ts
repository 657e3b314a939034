import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import type { BatchLoss, Loss, LossInputs } from '../../../extension/core/losses/loss';
import type { FloatType, Tensor } from '../../../extension/core/tensor';
import { floats, int32s } from '../../../extension/core/tensor';

/** A batch that a loss is computed for. */
export interface Batch {
  readonly prediction: Numbers;
  readonly truth: Numbers;
  readonly weight: Numbers;
  readonly settings: LossInputs['settings'];
  readonly classWeights?: readonly number[] | null;
}

export interface Numbers {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const defaults: LossInputs['settings'] = {
  name: 'mse',
  delta: 1,
  quantiles: [0.1, 0.5, 0.9],
  classWeights: null,
};

/** Builds a loss over a graph's inputs `prediction`, `truth` and `weight`, and gives what these are fed with. */
export function lossGraph(loss: Loss, dtype: FloatType, { prediction, truth, weight, settings, classWeights }: Batch) {
  const whole = loss.truth === 'classes' || loss.truth === 'labels';
  const feeds: Record<string, Tensor> = {
    prediction: floats(dtype, prediction.shape, prediction.data),
    truth: whole ? int32s(truth.shape, truth.data) : floats(dtype, truth.shape, truth.data),
    weight: floats(dtype, weight.shape, weight.data),
  };
  const graph = new Graph('loss');
  const b = new Builder(graph);
  const input = (name: string, { shape }: Numbers) => graph.input(name, { dtype: feeds[name]?.dtype ?? dtype, shape });
  const inputs = {
    prediction: input('prediction', prediction),
    truth: input('truth', truth),
    weight: input('weight', weight),
    settings,
    classWeights: classWeights ?? null,
  };
  const built: BatchLoss = loss.build(b, inputs);
  return { b, graph, inputs, built, feeds };
}
