import type { Builder } from '../graph/builder';
import { floatType } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf, staticShape } from '../ops/arguments';
import { floats } from '../tensor';
import type { Loss, LossSettings } from './loss';
import { requireShape, weightedMean } from './mean';

/**
 * The pinball loss of Koenker & Bassett 1978: the mean of max(τ e, (τ - 1) e) with e = truth - forecast, over every quantile τ
 * of every target. The quantiles come one after the other: output q · targets + k is quantile q of target k.
 * The point forecast is the quantile that is nearest to the median.
 */
export const quantile: Loss = {
  truth: 'values',
  outputs: (targets, { quantiles }) => quantiles.length * targets,
  build(b, { prediction, truth, weight, settings }) {
    const byQuantile = separated(b, prediction, settings);
    const shape = staticShape('The loss', byQuantile);
    const axis = shape.length - 3;
    requireShape(truth, [...shape.slice(0, axis), ...shape.slice(axis + 1)]);
    const error = b.sub(b.unsqueeze(truth, [axis]), byQuantile);
    const levels = (less: number) =>
      b.constant(
        floats(
          floatType(error),
          [settings.quantiles.length, 1, 1],
          settings.quantiles.map((level) => level - less),
        ),
      );
    const pinball = b.max(b.mul(error, levels(0)), b.mul(error, levels(1)));
    return weightedMean(b, b.reshape(pinball, staticShape('The loss', prediction)), weight);
  },
  point(b, prediction, settings) {
    const shape = shapeOf('The loss', prediction);
    const axis = shape.length - 2;
    const targets = Number(at(shape, axis)) / settings.quantiles.length;
    const distances = settings.quantiles.map((level) => Math.abs(level - 0.5));
    const nearest = distances.indexOf(Math.min(...distances));
    return b.slice(prediction, nearest * targets, (nearest + 1) * targets, axis);
  },
};

/** [quantiles · targets, batch] as [quantiles, targets, batch], after any steps. */
function separated(b: Builder, prediction: Value, { quantiles }: LossSettings): Value {
  const shape = staticShape('The loss', prediction);
  const outputs = at(shape, shape.length - 2);
  return b.reshape(prediction, [
    ...shape.slice(0, -2),
    quantiles.length,
    outputs / quantiles.length,
    at(shape, shape.length - 1),
  ]);
}
