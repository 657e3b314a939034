import type { Attention } from '../../protocol/experiment';
import type { Value } from '../graph/value';
import type { Context } from './context';
import { dense } from './dense';
import { farBelow } from './padding';
import type { Sequence } from './recurrentLayer';

/** What a decoder looks at: the encoder's steps, and what their scores are made of. */
export interface Memory {
  /** [steps, units, batch] */
  readonly steps: Value;
  /** [steps, hidden, batch]: what is compared with the decoder's state. */
  readonly keys: Value;
  /** [steps, 1, batch], added to the scores: zero for a step, far below everything for padding; null where there is none. */
  readonly padding: Value | null;
}

/** Projects the encoder's steps into the decoder's space, once for all steps of the decoder. */
export function rememberSteps(context: Context, { x, units, mask }: Sequence, hidden: number): Memory {
  return {
    steps: x,
    keys: dense(context, 'attention', x, units, hidden),
    padding: mask === null ? null : farBelow(context.b, mask),
  };
}

/** Where a decoder looks, and what it sees there. */
export interface Look {
  /** α over the encoder's steps, which sum to one: [steps, 1, batch]. */
  readonly weights: Value;
  /** Σ αₜ hₜ, [units, batch]. */
  readonly seen: Value;
}

/**
 * Looks at the encoder's steps from a decoder's state q, [hidden, batch]. The score of a step h is v · tanh(Q q + K h + k) (`additive`;
 * Bahdanau, Cho & Bengio 2015) or q · (K h + k) (`multiplicative`; the "general" score of Luong, Pham & Manning 2015).
 */
export function attend(
  { b, parameter }: Context,
  kind: Exclude<Attention, 'none'>,
  { steps, keys, padding }: Memory,
  query: Value,
  hidden: number,
): Look {
  const scores = (): Value => {
    if (kind === 'multiplicative') return b.reduceSum(b.mul(keys, b.unsqueeze(query, [0])), [1], true);
    const size = { gates: 1, out: hidden, fanIn: hidden };
    const Q = parameter({ name: 'attention.Q', shape: [hidden, hidden], role: 'dense', size });
    const v = parameter({ name: 'attention.v', shape: [1, hidden], role: 'dense', size: { ...size, out: 1 } });
    return b.matMul(v, b.tanh(b.add(keys, b.unsqueeze(b.matMul(Q, query), [0]))));
  };
  const weights = b.softmax(padding === null ? scores() : b.add(scores(), padding), 0);
  return { weights, seen: b.reduceSum(b.mul(steps, weights), [0], false) };
}
