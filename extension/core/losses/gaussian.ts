import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf, staticShape } from '../ops/arguments';
import type { Loss } from './loss';
import { requireShape, weightedMean } from './mean';

/** The variance, in scaled units, that is never gone below: PyTorch's default. */
const floor = 1e-6;

/**
 * Negative log-likelihood of a normal distribution without its constant, Nix & Weigend 1994, as PyTorch's GaussianNLLLoss: the
 * mean of ½ (ln v + (y - m)² / v). The first half of the outputs are the means m, the second half ln v; v is at least 1e-6, and
 * where it is less by itself only the mean learns. The point forecast is the mean.
 */
export const gaussian: Loss = {
  truth: 'values',
  outputs: (targets) => 2 * targets,
  levels: (targets) => targets,
  build(b, { prediction, truth, weight }) {
    const { center, logVariance } = halves(b, prediction);
    requireShape(truth, staticShape('The loss', center));
    const bounded = b.max(logVariance, b.scalarLike(prediction, Math.log(floor)));
    const e = b.sub(truth, center);
    const surprise = b.add(bounded, b.mul(b.mul(e, e), b.exp(b.neg(bounded))));
    return weightedMean(b, b.mul(surprise, b.scalarLike(prediction, 0.5)), weight);
  },
  point: (b, prediction) => halves(b, prediction).center,
};

function halves(b: Builder, prediction: Value): { center: Value; logVariance: Value } {
  const shape = shapeOf('The loss', prediction);
  const axis = shape.length - 2;
  const targets = Number(at(shape, axis)) / 2;
  const [center, logVariance] = b.split(prediction, [targets, targets], axis) as [Value, Value];
  return { center, logVariance };
}
