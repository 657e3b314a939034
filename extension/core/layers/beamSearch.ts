import type { Builder } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, shapeOf } from '../ops/arguments';
import { floats } from '../tensor';

/** The token that ends a translation, and the one that stands for all that are not in the vocabulary, which is never written. */
export const endToken = 0;
export const unknownToken = 1;

/** One step of a decoder for all beams: what it carries is [units, beams], the tokens before int64 [beams]. */
export type BeamStep = (
  b: Builder,
  previous: Value,
  states: readonly Value[],
) => {
  readonly states: readonly Value[];
  /** [tokens, beams] */
  readonly logits: Value;
  /** Where the decoder looked, [source steps, beams]; null where it does not look. */
  readonly weights: Value | null;
};

/** What a search found for each sequence. */
export interface Found {
  /** int64 [steps, batch]; after the end only ends. */
  readonly tokens: Value;
  /** The probability of the whole translation, [batch]. */
  readonly probability: Value;
  /** Where the decoder looked for each token, [steps, source steps, batch]; null where it does not look. */
  readonly weights: Value | null;
}

/** Added to the score of what must not be taken. */
const never = -1e9;

/** Each column of [..., batch] beside itself `width` times: [..., batch · width]. */
export function spread(b: Builder, x: Value, width: number): Value {
  if (width === 1) return x;
  const rank = shapeOf('A beam', x).length;
  const copies = Array.from({ length: width }, () => b.unsqueeze(x, [rank]));
  // Zero keeps an axis as it is, also one whose size is known only when the model runs.
  return b.reshape(b.concat(copies, rank), [...new Array<number>(rank - 1).fill(0), -1]);
}

/**
 * Writes a beam search: of each sequence the `width` likeliest beginnings are continued side by side, and in the end the one with the
 * highest mean log-probability of its tokens is taken, so that short ones are not preferred. Beams of one sequence are neighbours among
 * the columns. The whole search is part of the graph, so that a file needs no program around it.
 */
export function beamSearch(
  b: Builder,
  search: {
    readonly width: number;
    readonly steps: number;
    readonly tokens: number;
    /** What the decoder starts from, [units, batch]. */
    readonly start: readonly Value[];
    readonly one: BeamStep;
  },
): Found {
  const { width, steps, tokens, start, one } = search;
  const like = at(start, 0);
  // [1, batch]
  const zeros = b.reduceSum(b.sub(like, like), [0], true);
  const filled = (value: number) => b.add(zeros, b.scalarLike(zeros, value));
  // [batch, 1]: the first beam of each sequence among the columns.
  const before = b.mul(b.cumSum(filled(1), 1, { exclusive: true }), b.scalarLike(zeros, width));
  const firsts = b.cast(b.transpose(before, [1, 0]), 'int64');
  // At first all beams of a sequence are the same, so only one of them may go on.
  const others = Array.from({ length: width - 1 }, () => b.transpose(filled(never), [1, 0]));
  const scores = b.concat([b.transpose(zeros, [1, 0]), ...others], 1);
  const previous = b.cast(b.squeeze(spread(b, filled(tokens), width), [0]), 'int64');
  const lengths = b.squeeze(spread(b, zeros, width), [0]);
  const vector = (special: (token: number) => number) =>
    b.constant(
      floats(
        'float32',
        [1, tokens],
        Array.from({ length: tokens }, (_, token) => special(token)),
      ),
      'allowed',
    );
  const writable = vector((token) => (token === unknownToken ? never : 0));
  const onlyEnd = vector((token) => (token === endToken ? 0 : never));

  const carried = start.map((state) => spread(b, state, width));
  const counted = b.zerosLike(like, [steps, 1]);
  const { states: final, outputs } = b.scan(
    [...carried, scores, previous, lengths],
    [counted],
    false,
    (inner, states) => {
      const own = states.slice(0, carried.length);
      const [score, last, length] = threeAfter(states, carried.length);
      const step = one(inner, last, own);
      const ended = inner.equal(inner.unsqueeze(last, [1]), inner.constant(int64Scalar(endToken)));
      const likely = inner.logSoftmax(inner.transpose(step.logits, [1, 0]), 1);
      const gained = inner.where(ended, onlyEnd, inner.add(likely, writable));
      const all = inner.add(inner.reshape(score, [-1, 1]), gained);
      const { values, places } = inner.topK(inner.reshape(all, [-1, width * tokens]), width, 1);
      const beam = inner.apply('Div', [places, inner.constant(int64Scalar(tokens))]);
      const from = at(beam, 0);
      const token = inner.reshape(inner.sub(places, inner.mul(from, inner.constant(int64Scalar(tokens)))), [-1]);
      const columns = inner.reshape(inner.add(from, firsts), [-1]);
      const going = inner.sub(inner.scalarLike(length, 1), inner.cast(inner.squeeze(ended, [1]), 'float32'));
      return {
        states: [
          ...step.states.map((state) => inner.gather(state, columns, 1)),
          values,
          token,
          inner.gather(inner.add(length, going), columns, 0),
        ],
        outputs: [token, columns, ...(step.weights === null ? [] : [inner.gather(step.weights, columns, 1)])],
      };
    },
  );
  const [finalScores, , finalLengths] = threeAfter(final, carried.length);
  const means = b.div(finalScores, b.reshape(b.max(finalLengths, b.scalarLike(finalLengths, 1)), [-1, width]));
  const { places: best } = b.topK(means, 1, 1);
  const chosen = b.reshape(b.add(best, firsts), [-1]);
  // From the last token back to the first: every beam knows which one it came from.
  const traced = b.scan([chosen], outputs, true, (inner, states, [token = chosen, columns = chosen, weights]) => {
    const here = at(states, 0);
    return {
      states: [inner.gather(columns, here, 0)],
      outputs: [inner.gather(token, here, 0), ...(weights === undefined ? [] : [inner.gather(weights, here, 1)])],
    };
  });
  return {
    tokens: at(traced.outputs, 0),
    probability: b.exp(b.gather(b.reshape(finalScores, [-1]), chosen, 0)),
    weights: traced.outputs[1] ?? null,
  };
}

const threeAfter = (values: readonly Value[], first: number) =>
  [at(values, first), at(values, first + 1), at(values, first + 2)] as const;

const int64Scalar = (value: number) => ({ dtype: 'int64', shape: [], data: BigInt64Array.of(BigInt(value)) }) as const;
