import type { Value } from '../graph/value';
import { at, floatOf } from './arguments';
import { type Differential, elementwise } from './elementwise';
import type { Operator } from './operator';

// Functions that bend. Derivatives are written in terms of the input where onnxruntime has no float64 kernel of the function itself.

/** d where the input is positive, else d·slope. */
function sided({ b, x, d }: Differential, slope: () => Value): Value {
  const input = at(x, 0);
  return b.where(b.greater(input, b.scalarLike(d, 0)), d, b.mul(d, slope()));
}

export const activationOperators: readonly Operator[] = [
  elementwise('Sigmoid', 1, ({ b, y, d }) => [() => b.mul(d, b.mul(y, b.sub(b.scalarLike(d, 1), y)))]),
  elementwise('Tanh', 1, ({ b, y, d }) => [() => b.mul(d, b.sub(b.scalarLike(d, 1), b.mul(y, y)))]),
  elementwise('Relu', 1, ({ b, y, d }) => [() => b.mul(d, b.sign(y))]),
  elementwise('LeakyRelu', 1, (of) => [
    () => sided(of, () => of.b.scalarLike(of.d, floatOf(of.attributes, 'alpha', 0.01))),
  ]),
  elementwise('Elu', 1, (of) => [
    () => {
      const { b, x, d, attributes } = of;
      return sided(of, () => b.mul(b.scalarLike(d, floatOf(attributes, 'alpha', 1)), b.exp(at(x, 0))));
    },
  ]),
  elementwise('Softplus', 1, ({ b, x, d }) => [() => b.mul(d, b.sigmoid(at(x, 0)))]),
  // x / (1 + |x|)
  elementwise('Softsign', 1, ({ b, x, d }) => [
    () => {
      const divisor = b.add(b.scalarLike(d, 1), b.abs(at(x, 0)));
      return b.div(d, b.mul(divisor, divisor));
    },
  ]),
  // max(0, min(1, alpha x + beta))
  elementwise('HardSigmoid', 1, ({ b, x, d, attributes }) => [
    () => {
      const slope = b.scalarLike(d, floatOf(attributes, 'alpha', 0.2));
      const line = b.add(b.mul(slope, at(x, 0)), b.scalarLike(d, floatOf(attributes, 'beta', 0.5)));
      const inside = b.and(b.greater(line, b.scalarLike(d, 0)), b.less(line, b.scalarLike(d, 1)));
      return b.where(inside, b.mul(d, slope), b.scalarLike(d, 0));
    },
  ]),
  // 2/√π · exp(-x²)
  elementwise('Erf', 1, ({ b, x, d }) => [
    () => {
      const bell = b.exp(b.neg(b.mul(at(x, 0), at(x, 0))));
      return b.mul(d, b.mul(b.scalarLike(d, 2 / Math.sqrt(Math.PI)), bell));
    },
  ]),
];
