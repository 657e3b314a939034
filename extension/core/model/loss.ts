import { type Builder, floatType } from '../graph/builder';
import type { Value } from '../graph/value';
import type { BatchLoss } from '../losses/loss';
import { losses } from '../losses/table';
import type { ModelSpec } from './spec';

/** The loss of a batch, from what the head gives and what `y` and `weight` hold (see `feeds.ts`). */
export function lossOf(b: Builder, spec: ModelSpec, prediction: Value, y: Value, weight: Value): BatchLoss {
  const loss = losses[spec.loss.name];
  // Of two classes the second is the one.
  const axis = spec.pooling === 'every' ? 1 : 0;
  const truth = loss.truth === 'binary' ? b.cast(b.unsqueeze(y, [axis]), floatType(prediction)) : y;
  return loss.build(b, { prediction, truth, weight, settings: spec.loss, classWeights: spec.classWeights });
}

/**
 * What the outputs say: the point forecasts [targets, batch], or the probability of each class [classes, batch], both with a steps'
 * axis in front where every step is answered.
 */
export function answersOf(b: Builder, spec: ModelSpec, prediction: Value): Value {
  const loss = losses[spec.loss.name];
  const point = loss.point(b, prediction, spec.loss);
  if (loss.truth !== 'binary') return point;
  return b.concat([b.sub(b.scalarLike(point, 1), point), point], spec.pooling === 'every' ? 1 : 0);
}
