import { difference, ofDifference } from './difference';
import type { Loss } from './loss';
import { sumOf, weighted } from './mean';

/** Mean squared error: the mean of (p - y)². */
export const meanSquaredError: Loss = ofDifference((b, e) => b.mul(e, e));

/**
 * ½ Σ (p - y)² over outputs, steps and sequences, without a divisor: the error of Rumelhart, Hinton & Williams 1986. Every batch
 * weighs the same among others, so over many batches this is the mean of the batches' sums.
 */
export const halfSquaredSum: Loss = {
  ...meanSquaredError,
  build(b, inputs) {
    const e = difference(b, inputs);
    const sum = sumOf(b, weighted(b, b.mul(e, e), inputs.weight));
    return { value: b.mul(sum, b.scalarLike(sum, 0.5)), mass: b.scalarLike(sum, 1) };
  },
};
