import { UnrollError } from '../../protocol/errors';
import { type Builder, floatType } from '../graph/builder';
import type { Value } from '../graph/value';
import { at, only, shapeOf, staticShape } from '../ops/arguments';
import { floats } from '../tensor';
import { oneHot } from './classes';
import type { Loss } from './loss';
import { mean, requireShape, sumOf } from './mean';

/** The logarithm of zero: so small that nothing can be added to it, yet finite, so that differences of two of them are numbers. */
const impossible = -1e30;

/**
 * Connectionist temporal classification, Graves et al. 2006: -ln of the probability that the steps, read without repeats and
 * blanks, spell the labels; divided by the number of labels (at least 1) and averaged over the sequences, as PyTorch's CTCLoss.
 * Class 0 is the blank. Labels that cannot be spelt in so few steps have the loss 0 and no gradient, but still count as a
 * sequence, as PyTorch's `zero_infinity`: one sequence of that kind must not end a training.
 */
export const ctc: Loss = {
  truth: 'labels',
  outputs: (targets) => targets + 1,
  build(b, { prediction, truth, weight }) {
    const [steps, classes, batch] = stepShape(staticShape('The loss', prediction));
    requireShape(weight, [steps, batch]);
    const longest = at(staticShape('The loss', truth), 0);
    requireShape(truth, [longest, batch]);

    const path = spelling(b, truth);
    const scores = emissions(b, b.logSoftmax(prediction, 1), oneHot(b, path, classes, 1, prediction));
    const skip = skips(b, path, prediction);
    const real = b.greater(weight, b.scalarLike(weight, 0));
    const last = forwardVariable(b, scores, skip, b.unsqueeze(real, [1]));

    // A path ends at the last label or at the blank after it.
    const isLabel = b.cast(b.greaterOrEqual(truth, b.int32s([], [0])), prediction.type.dtype);
    const count = b.reduceSum(isLabel, [0], true);
    const end = b.mul(count, b.scalarLike(count, 2));
    const position = b.constant(
      floats(floatType(prediction), [2 * longest + 1, 1], range(2 * longest + 1)),
      'position',
    );
    const ends = b.or(b.equal(position, end), b.equal(position, b.sub(end, b.scalarLike(end, 1))));
    const total = b.reduceLogSumExp(b.where(ends, last, b.scalarLike(last, impossible)), [0], true);
    const spelt = b.greater(total, b.scalarLike(total, impossible / 2));
    const perLabel = b.div(b.neg(b.where(spelt, total, b.scalarLike(total, 0))), b.max(count, b.scalarLike(count, 1)));

    const sequences = b.slice(weight, 0, 1, 0);
    return mean(b, sumOf(b, b.mul(perLabel, sequences)), sumOf(b, sequences));
  },
  point: (b, prediction) => b.softmax(prediction, shapeOf('The loss', prediction).length - 2),
};

function stepShape(shape: readonly number[]): [number, number, number] {
  const [steps, classes, batch] = shape;
  if (steps !== undefined && classes !== undefined && batch !== undefined) return [steps, classes, batch];
  throw new UnrollError('model', 'The CTC loss needs a prediction at every step: set the model to give every step.');
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i);

/** The labels [longest, batch] with blanks before, between and after them: [2 longest + 1, batch]. */
function spelling(b: Builder, labels: Value): Value {
  const [longest, batch] = staticShape('The loss', labels) as [number, number];
  const blanks = b.int32s([longest, 1, batch], new Array<number>(longest * batch).fill(0));
  const pairs = b.reshape(b.concat([blanks, b.unsqueeze(labels, [1])], 1), [2 * longest, batch]);
  return b.concat([pairs, b.int32s([1, batch], new Array<number>(batch).fill(0))], 0);
}

/** The log-probability of each place of the spelling at each step, [steps, places, batch]: a product that picks, for each sequence. */
function emissions(b: Builder, logProbabilities: Value, places: Value): Value {
  const picked = b.matMul(b.transpose(places, [2, 0, 1]), b.transpose(logProbabilities, [2, 1, 0]));
  return b.transpose(picked, [2, 1, 0]);
}

/** 0 where a path may skip the blank before a place, which is at labels that differ from the label before; else impossible. */
function skips(b: Builder, path: Value, like: Value): Value {
  const [places, batch] = staticShape('The loss', path) as [number, number];
  const blank = b.int32s([], [0]);
  const before = b.concat(
    [b.int32s([2, batch], new Array<number>(2 * batch).fill(0)), b.slice(path, 0, places - 2, 0)],
    0,
  );
  const allowed = b.and(b.not(b.equal(path, blank)), b.not(b.equal(path, before)));
  return b.where(allowed, b.scalarLike(like, 0), b.scalarLike(like, impossible));
}

/**
 * The forward variable after the last step that is real, [places, batch]: the log-probability of all ways to be at each place.
 * `scores` is [steps, places, batch], `real` [steps, 1, batch].
 */
function forwardVariable(b: Builder, scores: Value, skip: Value, real: Value): Value {
  const [, places, batch] = staticShape('The loss', scores) as [number, number, number];
  const dtype = floatType(scores);
  const nowhere = (count: number) =>
    b.constant(floats(dtype, [count, batch], new Array<number>(count * batch).fill(impossible)), 'impossible');
  // Before the first step a path stands at the first blank: from there the first step reaches it again, or the first label.
  const start = b.concat([b.zeros(dtype, [1, batch]), nowhere(places - 1)], 0);
  const result = b.scan([start], [scores, real], false, (step, [alpha], [score, isReal]) => {
    if (!alpha || !score || !isReal) throw new UnrollError('internal', 'A step of CTC has a state and two inputs.');
    const shifted = (by: number) => step.concat([nowhere(by), step.slice(alpha, 0, places - by, 0)], 0);
    const ways = [alpha, shifted(1), step.add(shifted(2), skip)].map((way) => step.unsqueeze(way, [0]));
    const next = step.add(step.reduceLogSumExp(step.concat(ways, 0), [0], false), score);
    return { states: [step.where(isReal, next, alpha)], outputs: [] };
  });
  return only(result.states);
}
