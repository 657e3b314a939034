import { UnrollError } from '../../protocol/errors';
import { sameShape } from '../graph/broadcast';
import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { staticShape } from '../ops/arguments';
import type { BatchLoss } from './loss';

/** Σ over every axis of a value, as a scalar. */
export function sumOf(b: Builder, value: Value): Value {
  const axes = staticShape('The loss', value).map((_, axis) => axis);
  return b.reduceSum(value, axes, false);
}

/** `sum` / `mass`, and 0 where nothing counts: a sum over nothing is 0, and so small a divisor stands for none. */
export function mean(b: Builder, sum: Value, mass: Value): BatchLoss {
  return { value: b.div(sum, b.max(mass, b.scalarLike(mass, 1e-30))), mass };
}

/**
 * The mean of `errors` over every output of every item that counts: Σ w e / (outputs · Σ w).
 * `errors` is `[…, outputs, batch]`, `weight` the same shape without the outputs.
 */
export function weightedMean(b: Builder, errors: Value, weight: Value): BatchLoss {
  const outputs = staticShape('The loss', errors).at(-2) ?? 1;
  const sum = sumOf(b, weighted(b, errors, weight));
  return mean(b, b.div(sum, b.scalarLike(sum, outputs)), sumOf(b, weight));
}

/** `errors` ⊙ `weight`, the weight being the same for all outputs. Throws when the shapes do not fit. */
export function weighted(b: Builder, errors: Value, weight: Value): Value {
  const shape = staticShape('The loss', weight);
  const places = [...shape.slice(0, -1), 1, ...shape.slice(-1)];
  const fits = sameShape(
    places,
    staticShape('The loss', errors).map((dim, axis) => (axis === shape.length - 1 ? 1 : dim)),
  );
  if (!fits) {
    throw new UnrollError(
      'model',
      'The loss has weights for [{0}], but what it weighs is [{1}].',
      shape.join(', '),
      staticShape('The loss', errors).join(', '),
    );
  }
  return b.mul(errors, b.reshape(weight, places));
}

/** Refuses a truth that has not the shape of what it is compared with. */
export function requireShape(truth: Value, shape: readonly number[]): void {
  if (sameShape(truth.type.shape, shape)) return;
  throw new UnrollError(
    'model',
    'The loss compares a truth of [{0}] with a prediction that asks for [{1}].',
    truth.type.shape?.join(', ') ?? '?',
    shape.join(', '),
  );
}
