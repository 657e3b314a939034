import type { FunctionFamily, FunctionName, PlainFunction } from '../../../protocol/cellLanguage';
import { NotNumeric } from '../numeric/numbers';

// The functions of the cells' language as numbers see them; `core/cells/functions.ts` writes them as operators.

const plain: Readonly<Record<Exclude<PlainFunction, 'norm'>, (x: number) => number>> = {
  σ: (x) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  relu: (x) => Math.max(0, x),
  softsign: (x) => x / (1 + Math.abs(x)),
  softplus: (x) => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x))),
};

const families: Readonly<Record<FunctionFamily, (alpha: number, beta: number) => (x: number) => number>> = {
  clip: (alpha) => (x) => Math.min(alpha, Math.max(-alpha, x)),
  affine: (alpha, beta) => (x) => alpha * x + beta,
  leakyRelu: (alpha) => (x) => (x < 0 ? alpha * x : x),
  thresholdedRelu: (alpha) => (x) => (x > alpha ? x : 0),
  scaledTanh: (alpha, beta) => (x) => alpha * Math.tanh(beta * x),
  hardSigmoid: (alpha, beta) => (x) => Math.min(1, Math.max(0, alpha * x + beta)),
  elu: (alpha) => (x) => (x < 0 ? alpha * Math.expm1(x) : x),
};

/** A function of the language, of one number. @throws NotNumeric for one that is not of single numbers. */
export function functionOf(fn: FunctionName): (x: number) => number {
  const [, name, constants = ''] = /^(\w+)\[(.*)\]$/.exec(fn) ?? [];
  if (name !== undefined) {
    const [alpha = 0, beta = 0] = constants.split(',').map(Number);
    return families[name as FunctionFamily](alpha, beta);
  }
  if (fn === 'norm') throw new NotNumeric(fn);
  return plain[fn as Exclude<PlainFunction, 'norm'>];
}
