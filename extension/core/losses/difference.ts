import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { staticShape } from '../ops/arguments';
import type { Loss, LossInputs, LossSettings } from './loss';
import { requireShape, weightedMean } from './mean';

/** A loss that is the mean, over outputs and items, of a function of the difference between prediction and truth. */
export function ofDifference(error: (b: Builder, difference: Value, settings: LossSettings) => Value): Loss {
  return {
    truth: 'values',
    outputs: (targets) => targets,
    build(b, inputs) {
      return weightedMean(b, error(b, difference(b, inputs), inputs.settings), inputs.weight);
    },
    point: (_b, prediction) => prediction,
  };
}

/** Prediction - truth, both of the same shape. */
export function difference(b: Builder, { prediction, truth }: LossInputs): Value {
  requireShape(truth, staticShape('The loss', prediction));
  return b.sub(prediction, truth);
}
