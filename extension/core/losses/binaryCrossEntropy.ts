import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { staticShape } from '../ops/arguments';
import { requireClasses } from './classes';
import type { Loss } from './loss';
import { requireShape, weightedMean } from './mean';

/**
 * Binary cross-entropy with logits: the mean of ln(1 + exp(x)) - x y, for each output by itself. Class weights [w0, w1] weigh
 * each output by its truth and do not change the divisor, as in PyTorch's BCEWithLogitsLoss. The point forecast is the
 * probability of a 1.
 */
export const binaryCrossEntropy: Loss = {
  truth: 'binary',
  outputs: (targets) => targets,
  build(b, { prediction: x, truth, weight, classWeights }) {
    requireShape(truth, staticShape('The loss', x));
    const entropy = b.sub(softplus(b, x), b.mul(x, truth));
    if (!classWeights) return weightedMean(b, entropy, weight);
    requireClasses(classWeights, 2);
    const [negative, positive] = classWeights as [number, number];
    const slope = b.scalarLike(x, positive - negative);
    return weightedMean(b, b.mul(entropy, b.add(b.scalarLike(x, negative), b.mul(truth, slope))), weight);
  },
  point: (b, prediction) => b.sigmoid(prediction),
};

/** ln(1 + exp(x)) that does not overflow. At 0, where both bends meet, the gradient is ½ as it must be: max shares it. */
function softplus(b: Builder, x: Value): Value {
  const rest = b.log(b.add(b.exp(b.neg(b.abs(x))), b.scalarLike(x, 1)));
  return b.add(b.max(x, b.scalarLike(x, 0)), rest);
}
