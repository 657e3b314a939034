import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';

/** Stands for minus infinity where a padded step must neither be the largest nor weigh anything; its exponential is zero. */
export const outOfSight = -1e9;

/** Zero for a step, far below everything for padding. */
export function farBelow(b: Builder, mask: Value): Value {
  return b.mul(b.sub(b.scalarLike(mask, 1), mask), b.scalarLike(mask, outOfSight));
}
