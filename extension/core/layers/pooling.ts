import { UnrollError } from '../../protocol/errors';
import type { Pooling } from '../../protocol/experiment';
import type { Value } from '../graph/value';
import { toTheEnd } from '../ops/arguments';
import type { Context } from './context';
import { dense } from './dense';
import { farBelow } from './padding';
import { keptEnd, runningPool } from './runningPool';

/** Steps to be made one. */
export interface Pooled {
  /** [steps, units, batch] */
  readonly x: Value;
  readonly steps: number;
  readonly units: number;
  /** [steps, 1, batch]: 1 for a step, 0 for padding; null where every step counts. */
  readonly mask: Value | null;
}

/** What is kept of the steps, [units, batch], by the name that experiments use. */
const poolings: Readonly<Record<Exclude<Pooling, 'every'>, (context: Context, pooled: Pooled) => Value>> = {
  last({ b }, { x, mask }) {
    if (mask === null) return b.squeeze(b.last(x, 1, 0), [0]);
    // One at the last step that is not padding: where the mask is one and the next is zero.
    const first = b.slice(mask, 0, 1, 0);
    const after = b.sub(first, first);
    const next = b.slice(b.concat([mask, after], 0), 1, toTheEnd, 0);
    return b.reduceSum(b.mul(x, b.sub(mask, next)), [0], false);
  },
  mean({ b }, { x, steps: all, mask }) {
    if (mask === null) return b.mul(b.reduceSum(x, [0], false), b.scalarLike(x, 1 / all));
    // A sequence that only fills a batch has no step at all; its mean counts for nothing, but must be a number.
    const steps = b.max(b.reduceSum(mask, [0], false), b.scalarLike(mask, 1));
    return b.div(b.reduceSum(b.mul(x, mask), [0], false), steps);
  },
  max({ b }, { x, mask }) {
    return b.reduceMax(mask === null ? x : b.add(x, farBelow(b, mask)), [0], false);
  },
  /** Σ αₜ hₜ with α = softmax over time of v · tanh(A hₜ + a) (additive attention, Bahdanau et al. 2015, without a query). */
  attention(context, { x, units, mask }) {
    const { b } = context;
    const scores = scoresOf(context, x, units);
    const seen = mask === null ? scores : b.add(scores, farBelow(b, mask));
    return b.reduceSum(b.mul(x, b.softmax(seen, 0)), [0], false);
  },
};

/** How much each step matters, [steps, 1, batch]. */
function scoresOf(context: Context, x: Value, units: number): Value {
  const { b, parameter } = context;
  const score = b.tanh(dense(context, 'attention', x, units, units));
  const size = { gates: 1, out: 1, fanIn: units };
  const v = parameter({ name: 'attention.v', shape: [1, units], role: 'dense', size });
  return b.matMul(v, score);
}

const titles: Readonly<Record<Exclude<Pooling, 'every'>, string>> = {
  last: 'Last step',
  mean: 'Mean pooling',
  max: 'Max pooling',
  attention: 'Attention pooling',
};

/** Makes one step of all. */
export function pool(context: Context, pooling: Pooling, pooled: Pooled): Value {
  if (pooling === 'every') throw new UnrollError('internal', 'Every step is kept, so there is nothing to pool.');
  return context.b.inPart(titles[pooling], () => {
    const { x, units } = pooled;
    const own = () => poolings[pooling](context, pooled);
    if (pooling === 'last') return keptEnd(context, pooled, own());
    return runningPool(context, pooling, pooled, () => scoresOf(context, x, units)) ?? own();
  });
}
