import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/**
 * A decaying sum, decay·sum + fresh. Where a paper keeps the decaying mean, decay·mean + (1-decay)·fresh, a rule here keeps this
 * sum, which is the mean divided by 1-decay, and moves the factor into a scalar: that is one product less for every parameter.
 */
export function accumulate(b: Builder, sum: Value, decay: number, fresh: Value): Value {
  return b.add(b.mul(sum, b.scalarLike(sum, decay)), fresh);
}

/** The gradient of the loss with ½·weightDecay·‖parameter‖² added to it: gradient + weightDecay·parameter. */
export function withWeightDecay(b: Builder, gradient: Value, parameter: Value, weightDecay: number): Value {
  if (weightDecay === 0) return gradient;
  return b.add(gradient, b.mul(parameter, b.scalarLike(parameter, weightDecay)));
}
