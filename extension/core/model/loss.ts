import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import type { BatchLoss } from '../losses/loss';
import { losses } from '../losses/table';
import { floatType } from '../graph/builder';
import type { ModelSpec } from './spec';

/** The loss of a batch, from what the head gives and what `y` and `weight` hold (see `feeds.ts`). */
export function lossOf(b: Builder, spec: ModelSpec, prediction: Value, y: Value, weight: Value): BatchLoss {
  const loss = losses[spec.loss.name];
  // Of two classes the second is the one.
  const axis = spec.pooling === 'every' ? 1 : 0;
  const truth = loss.truth === 'binary' ? b.cast(b.unsqueeze(y, [axis]), floatType(prediction)) : y;
  return loss.build(b, { prediction, truth, weight, settings: spec.loss, classWeights: spec.classWeights });
}
