import type { FunctionFamily, FunctionName, PlainFunction } from '../../extension/protocol/cellLanguage';

/** A function of a single number, and what it was given: NaN where that cannot be told from what came out. */
interface Pair {
  readonly of: (x: number, alpha: number, beta: number) => number;
  readonly inverse: (y: number, alpha: number, beta: number) => number;
}

const unknown = Number.NaN;
const within = (y: number, low: number, high: number, x: number) => (y > low && y < high ? x : unknown);

const pairs: Readonly<Record<PlainFunction | FunctionFamily, Pair>> = {
  σ: { of: (x) => 1 / (1 + Math.exp(-x)), inverse: (y) => Math.log(y / (1 - y)) },
  tanh: { of: Math.tanh, inverse: Math.atanh },
  relu: { of: (x) => Math.max(0, x), inverse: (y) => (y > 0 ? y : unknown) },
  softsign: { of: (x) => x / (1 + Math.abs(x)), inverse: (y) => y / (1 - Math.abs(y)) },
  softplus: {
    of: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
    inverse: (y) => y + Math.log(-Math.expm1(-y)),
  },
  // Takes all units together: a single one does not say.
  norm: { of: () => unknown, inverse: () => unknown },
  clip: { of: (x, alpha) => Math.min(alpha, Math.max(-alpha, x)), inverse: (y, alpha) => within(y, -alpha, alpha, y) },
  affine: { of: (x, alpha, beta) => alpha * x + beta, inverse: (y, alpha, beta) => (y - beta) / alpha },
  leakyRelu: { of: (x, alpha) => (x > 0 ? x : alpha * x), inverse: (y, alpha) => (y > 0 ? y : y / alpha) },
  thresholdedRelu: { of: (x, alpha) => (x > alpha ? x : 0), inverse: (y, alpha) => (y > alpha ? y : unknown) },
  scaledTanh: {
    of: (x, alpha, beta) => alpha * Math.tanh(beta * x),
    inverse: (y, alpha, beta) => Math.atanh(y / alpha) / beta,
  },
  hardSigmoid: {
    of: (x, alpha, beta) => Math.min(1, Math.max(0, alpha * x + beta)),
    inverse: (y, alpha, beta) => within(y, 0, 1, (y - beta) / alpha),
  },
  elu: {
    of: (x, alpha) => (x > 0 ? x : alpha * Math.expm1(x)),
    inverse: (y, alpha) => (y > 0 ? y : Math.log1p(y / alpha)),
  },
};

/** The pair of a name such as `tanh` or `leakyRelu[0.01]`, with its constants. */
function pairOf(fn: FunctionName): readonly [pair: Pair, alpha: number, beta: number] {
  const [, name = fn, constants = ''] = /^([^[]+)(?:\[(.*)\])?$/.exec(fn) ?? [];
  const [alpha = 0, beta = 0] = constants.split(',').map(Number);
  return [pairs[name as PlainFunction | FunctionFamily], alpha, beta];
}

/** A function of the cells' language of one number; of what is not known, NaN, none knows more. */
export function applied(fn: FunctionName, x: number): number {
  const [pair, alpha, beta] = pairOf(fn);
  return Number.isNaN(x) ? x : pair.of(x, alpha, beta);
}

/**
 * What a function was given when it gave `y`; NaN where many inputs give that, or where a number of 32 bits, as signals are, leaves
 * the input open by more than a hundredth.
 */
export function inverted(fn: FunctionName, y: number): number {
  const [pair, alpha, beta] = pairOf(fn);
  const x = pair.inverse(y, alpha, beta);
  const rounding = Math.max(Math.abs(y), 2 ** -126) * 2 ** -23;
  const open = Math.abs(pair.inverse(y + rounding, alpha, beta) - pair.inverse(y - rounding, alpha, beta));
  return Number.isFinite(x) && open <= 0.01 * Math.max(1, Math.abs(x)) ? x : unknown;
}
