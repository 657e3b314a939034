import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, staticShape } from '../ops/arguments';

/**
 * Mean of the squared differences over every output of every window that counts: Σ w (p - y)² / (outputs · Σ w).
 * `prediction` and `truth` are [outputs, batch], `weight` is [batch]: one, or zero for a window that only fills the batch.
 * A scalar.
 */
export function meanSquaredError(b: Builder, prediction: Value, truth: Value, weight: Value): Value {
  const error = b.sub(prediction, truth);
  const squared = b.mul(b.mul(error, error), b.reshape(weight, [1, at(staticShape('The loss', weight), 0)]));
  const outputs = b.scalarLike(prediction, at(staticShape('The loss', prediction), 0));
  return b.div(b.reduceSum(squared, [0, 1], false), b.mul(outputs, b.reduceSum(weight, [0], false)));
}
