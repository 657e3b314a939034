import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { at, floatOf, inputOf } from './arguments';
import { type Differential, elementwise, flat } from './elementwise';
import { pullbackOf } from './lowered';
import type { Operator } from './operator';

// Functions that bend. Derivatives are written in terms of the input where onnxruntime has no float64 kernel of the function itself.

/** d where the input is positive, else d·slope. */
function sided({ b, x, d }: Differential, slope: () => Value): Value {
  const input = at(x, 0);
  return b.where(b.greater(input, b.scalarLike(d, 0)), d, b.mul(d, slope()));
}

/** x Φ(x), with Φ the normal distribution (Hendrycks & Gimpel 2016); `tanh` is ONNX's approximation of it. */
function lowerGelu(b: Builder, node: Node): Value[] {
  const x = inputOf('Gelu', node, 0);
  const of = (value: number) => b.scalarLike(x, value);
  const approximate = node.attributes['approximate'];
  if (approximate?.kind === 'string' && approximate.value === 'tanh') {
    const cube = b.mul(b.mul(x, x), b.mul(x, of(0.044715)));
    const bent = b.tanh(b.mul(b.add(x, cube), of(Math.sqrt(2 / Math.PI))));
    return [b.mul(b.mul(x, of(0.5)), b.add(bent, of(1)))];
  }
  return [b.mul(b.mul(x, of(0.5)), b.add(b.erf(b.mul(x, of(Math.SQRT1_2))), of(1)))];
}

const gelu: Operator = { ...elementwise('Gelu', 1, flat), pullback: pullbackOf(lowerGelu) };

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
  // γ x where x is positive, else γ α (exp(x) - 1)
  elementwise('Selu', 1, (of) => [
    () => {
      const { b, x, d, attributes } = of;
      const [alpha, gamma] = [
        floatOf(attributes, 'alpha', 1.6732631921768188),
        floatOf(attributes, 'gamma', 1.0507010221481323),
      ];
      return b.mul(
        b.scalarLike(d, gamma),
        sided(of, () => b.mul(b.scalarLike(d, alpha), b.exp(at(x, 0)))),
      );
    },
  ]),
  // x where it is positive, else α (exp(x / α) - 1)
  elementwise('Celu', 1, (of) => [
    () => {
      const { b, x, d, attributes } = of;
      return sided(of, () => b.exp(b.div(at(x, 0), b.scalarLike(d, floatOf(attributes, 'alpha', 1)))));
    },
  ]),
  elementwise('ThresholdedRelu', 1, ({ b, x, d, attributes }) => [
    () => b.where(b.greater(at(x, 0), b.scalarLike(d, floatOf(attributes, 'alpha', 1))), d, b.scalarLike(d, 0)),
  ]),
  // x · max(0, min(1, x / 6 + 1 / 2))
  elementwise('HardSwish', 1, ({ b, x, d }) => [
    () => {
      const input = at(x, 0);
      const of = (value: number) => b.scalarLike(d, value);
      const slope = b.add(b.mul(input, of(1 / 3)), of(0.5));
      return b.mul(d, b.where(b.less(input, of(-3)), of(0), b.where(b.greater(input, of(3)), of(1), slope)));
    },
  ]),
  // x where it is positive, else slope · x; the slopes broadcast.
  elementwise('PRelu', 2, ({ b, x, d }) => {
    const [input, slope] = [at(x, 0), at(x, 1)];
    const isPositive = () => b.greater(input, b.scalarLike(d, 0));
    return [
      () => b.where(isPositive(), d, b.mul(d, slope)),
      () => b.where(isPositive(), b.scalarLike(d, 0), b.mul(d, input)),
    ];
  }),
  gelu,
];
