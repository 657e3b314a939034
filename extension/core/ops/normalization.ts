import { UnrollError } from '../../protocol/errors';
import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { axisOf, floatOf, inputOf, intOf, shapeOf } from './arguments';
import { pullbackOf } from './lowered';
import type { Operator } from './operator';

/** (x - mean) / √(variance + ε) · scale + bias, and beside it the mean and 1 / √(variance + ε). Ba, Kiros & Hinton 2016. */
function lowerLayerNormalization(b: Builder, node: Node): Value[] {
  const x = inputOf('LayerNormalization', node, 0);
  const scale = inputOf('LayerNormalization', node, 1);
  const bias = node.inputs[2] ?? null;
  const rank = shapeOf('LayerNormalization', x).length;
  const first = axisOf(intOf(node.attributes, 'axis', -1), rank);
  const axes = Array.from({ length: rank - first }, (_, i) => first + i);
  const mean = b.reduceMean(x, axes, true);
  const centred = b.sub(x, mean);
  const variance = b.reduceMean(b.mul(centred, centred), axes, true);
  const epsilon = b.scalarLike(x, floatOf(node.attributes, 'epsilon', 1e-5));
  const inverse = b.reciprocal(b.sqrt(b.add(variance, epsilon)));
  const scaled = b.mul(b.mul(centred, inverse), scale);
  return [bias === null ? scaled : b.add(scaled, bias), mean, inverse];
}

/** Normalises over all axes from `axis` on. */
export const layerNormalization: Operator = {
  name: 'LayerNormalization',
  infer(application) {
    const { dtype, shape } = inputOf('LayerNormalization', application, 0).type;
    return [{ dtype, shape }];
  },
  pullback: pullbackOf(lowerLayerNormalization),
};

/** (x - mean) / √(variance + ε) · scale + bias with one number of each a channel, which is the axis 1. Ioffe & Szegedy 2015. */
function lowerBatchNormalization(b: Builder, node: Node): Value[] {
  const x = inputOf('BatchNormalization', node, 0);
  if (intOf(node.attributes, 'training_mode', 0) === 1) {
    throw new UnrollError('model', 'BatchNormalization has a rule for inference only, not for training.');
  }
  const shape = shapeOf('BatchNormalization', x).map((_, axis) => (axis === 1 ? -1 : 1));
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) =>
    b.reshape(inputOf('BatchNormalization', node, i), shape),
  ) as [Value, Value, Value, Value];
  const epsilon = b.scalarLike(x, floatOf(node.attributes, 'epsilon', 1e-5));
  const deviation = b.sqrt(b.add(variance, epsilon));
  return [b.add(b.mul(b.div(b.sub(x, mean), deviation), scale), bias)];
}

/** Normalises every channel with what was measured in training. */
export const batchNormalization: Operator = {
  name: 'BatchNormalization',
  infer(application) {
    const { dtype, shape } = inputOf('BatchNormalization', application, 0).type;
    return [{ dtype, shape }];
  },
  pullback: pullbackOf(lowerBatchNormalization),
};
