import { broadcast } from '../graph/broadcast';
import { floatType } from '../graph/builder';
import { floats } from '../tensor';
import { at, inputOf, requiredConstant, shapeOf, staticShape } from './arguments';
import { elementwise, flat, liftElementwise } from './elementwise';
import type { Operator } from './operator';

/** d base^p / d base = p·base^(p-1); the exponent must be a constant. */
const pow = elementwise('Pow', 2, ({ b, x, d }) => [
  () => {
    const exponents = requiredConstant('Pow', { inputs: x }, 1);
    const shape = staticShape('Pow', at(x, 1));
    const constant = (less: number) =>
      b.constant(
        floats(
          floatType(d),
          shape,
          exponents.map((p) => p - less),
        ),
      );
    const base = at(x, 0);
    const power = exponents.every((p) => p === 2) ? base : b.pow(base, constant(1));
    return b.mul(d, b.mul(constant(0), power));
  },
]);

/** The sum of any number of inputs. */
const sum: Operator = {
  name: 'Sum',
  infer(application) {
    const inputs = application.inputs.map((_, i) => inputOf('Sum', application, i));
    const shape = inputs.map((input) => shapeOf('Sum', input)).reduce(broadcast);
    return [{ dtype: at(inputs, 0).type.dtype, shape }];
  },
  pullback({ node, cotangent, wants, contribute }) {
    const d = cotangent(0);
    for (const input of node.inputs) if (d !== null && wants(input)) contribute(input, d);
  },
  lift: liftElementwise,
};

export const arithmeticOperators: readonly Operator[] = [
  elementwise('Add', 2, ({ d }) => [() => d, () => d]),
  elementwise('Sub', 2, ({ b, d }) => [() => d, () => b.neg(d)]),
  elementwise('Mul', 2, ({ b, x, d }) => [() => b.mul(d, at(x, 1)), () => b.mul(d, at(x, 0))]),
  elementwise('Div', 2, ({ b, x, y, d }) => [() => b.div(d, at(x, 1)), () => b.neg(b.mul(d, b.div(y, at(x, 1))))]),
  elementwise('Neg', 1, ({ b, d }) => [() => b.neg(d)]),
  elementwise('Identity', 1, ({ d }) => [() => d]),
  elementwise('Abs', 1, ({ b, x, d }) => [() => b.mul(d, b.sign(at(x, 0)))]),
  elementwise('Sign', 1, flat),
  elementwise('Reciprocal', 1, ({ b, y, d }) => [() => b.neg(b.mul(d, b.mul(y, y)))]),
  elementwise('Sqrt', 1, ({ b, y, d }) => [() => b.div(b.mul(d, b.scalarLike(d, 0.5)), y)]),
  elementwise('Exp', 1, ({ b, y, d }) => [() => b.mul(d, y)]),
  elementwise('Log', 1, ({ b, x, d }) => [() => b.div(d, at(x, 0))]),
  elementwise('Sin', 1, ({ b, x, d }) => [() => b.mul(d, at(b.apply('Cos', [at(x, 0)]), 0))]),
  elementwise('Cos', 1, ({ b, x, d }) => [() => b.neg(b.mul(d, at(b.apply('Sin', [at(x, 0)]), 0)))]),
  elementwise('Floor', 1, flat),
  elementwise('Ceil', 1, flat),
  elementwise('Round', 1, flat),
  pow,
  sum,
];
