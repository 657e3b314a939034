import type { Pooling } from '../../protocol/experiment';
import { statePrefix } from '../graph/carried';
import type { Value } from '../graph/value';
import type { Context } from './context';
import { farBelow, outOfSight } from './padding';

/** Steps that are pooled as they come. */
interface Stretch {
  /** [steps, units, batch] */
  readonly x: Value;
  readonly units: number;
  /** [steps, 1, batch]: 1 for a step, 0 for padding; null where every step counts. */
  readonly mask: Value | null;
}

/**
 * Poolings of all steps so far, [units, batch], of a sequence that comes in stretches. Carried, all zero at the beginning: `state.pooling`
 * [units, batch], the sum or the maximum; `state.pooling.weight` [1, batch], of how much; and of attention `state.pooling.top` [1, batch],
 * the largest score, which the weights are relative to so that none overflows (softmax as it is computed online, Milakov and
 * Gimelshein 2018). Null where nothing is carried.
 */
export function runningPool(
  context: Context,
  pooling: Exclude<Pooling, 'every' | 'last'>,
  { x, units, mask }: Stretch,
  scores: () => Value,
): Value | null {
  const { b } = context;
  const carried = context.carried(`${statePrefix}pooling`, [units]);
  const weight = context.carried(`${statePrefix}pooling.weight`, [1]);
  if (carried === null || weight === null) return null;
  const keep = (value: Value, weights: Value) => {
    carried.after(value);
    weight.after(weights);
  };
  const isFirst = b.lessOrEqual(weight.before, b.scalarLike(x, 0));
  const nothing = b.scalarLike(x, outOfSight);
  const sum = (values: Value) => b.reduceSum(values, [0], false);
  const counts = sum(mask ?? ones(context, x));
  if (pooling === 'max') {
    const highest = b.reduceMax(mask === null ? x : b.add(x, farBelow(b, mask)), [0], false);
    const value = b.max(b.where(isFirst, nothing, carried.before), highest);
    keep(value, b.add(weight.before, counts));
    return value;
  }
  if (pooling === 'mean') {
    const total = b.add(carried.before, sum(mask === null ? x : b.mul(x, mask)));
    const steps = b.add(weight.before, counts);
    keep(total, steps);
    return b.div(total, b.max(steps, b.scalarLike(x, 1)));
  }
  const top = context.carried(`${statePrefix}pooling.top`, [1]);
  if (top === null) return null;
  const score = scores();
  const seen = mask === null ? score : b.add(score, farBelow(b, mask));
  const before = b.where(isFirst, nothing, top.before);
  const highest = b.max(before, b.reduceMax(seen, [0], false));
  const share = b.exp(b.sub(before, highest));
  const weights = b.exp(b.sub(seen, highest));
  const total = b.add(b.mul(carried.before, share), sum(b.mul(x, weights)));
  const all = b.add(b.mul(weight.before, share), sum(weights));
  top.after(highest);
  keep(total, all);
  return b.div(total, all);
}

/** The last step so far: that of this stretch, or of an earlier one where this is padding alone; carried as `state.pooling` [units, batch]. */
export function keptEnd(context: Context, { units, mask }: Omit<Stretch, 'x'>, last: Value): Value {
  const { b } = context;
  const carried = mask === null ? null : context.carried(`${statePrefix}pooling`, [units]);
  if (carried === null || mask === null) return last;
  const isPadding = b.lessOrEqual(b.reduceSum(mask, [0], false), b.scalarLike(mask, 0));
  const kept = b.where(isPadding, carried.before, last);
  carried.after(kept);
  return kept;
}

/** [steps, 1, batch] */
function ones({ b }: Context, x: Value): Value {
  const first = b.slice(x, 0, 1, 1);
  return b.add(b.sub(first, first), b.scalarLike(x, 1));
}
