import type { Builder } from '../../../../extension/core/graph/builder';
import type { Value } from '../../../../extension/core/graph/value';
import { type Cases, f, x } from './cases';

const half = (b: Builder) => b.scalar('float64', 0.5);
const below = (b: Builder, value: Value) => b.min(value, b.scalar('float64', 0));
const one = (b: Builder) => b.scalar('float64', 1);

/** 2/√π Σ (-1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)), exact to float64 for |x| up to 1. */
function erfSeries(b: Builder, value: Value): Value {
  const square = b.mul(value, value);
  let power = value;
  let sum = value;
  for (let n = 1, factorial = 1; n <= 20; n++) {
    factorial *= -n;
    power = b.mul(power, square);
    sum = b.add(sum, b.mul(power, b.scalar('float64', 1 / (factorial * (2 * n + 1)))));
  }
  return b.mul(sum, b.scalar('float64', 2 / Math.sqrt(Math.PI)));
}

export const activations: Cases = {
  Sigmoid: [f([[5]], (b, v) => b.sigmoid(x(v)))],
  Tanh: [f([[5]], (b, v) => b.tanh(x(v)))],
  Relu: [f([[20]], (b, v) => b.relu(x(v)))],
  LeakyRelu: [f([[20]], (b, v) => b.leakyRelu(x(v), 0.2))],
  Elu: [
    f([[20]], (b, v) => b.elu(x(v), 1.5), {
      twin: (b, v) => b.add(b.relu(x(v)), b.mul(b.scalar('float64', 1.5), b.sub(b.exp(below(b, x(v))), one(b)))),
    }),
  ],
  HardSigmoid: [
    f([[40]], (b, v) => b.hardSigmoid(x(v), 0.75, 0.5), {
      twin: (b, v) => b.clip(b.add(b.mul(b.scalar('float64', 0.75), x(v)), half(b)), 0, 1),
    }),
  ],
  Softplus: [f([[20]], (b, v) => b.softplus(x(v)), { twin: (b, v) => b.log(b.add(one(b), b.exp(x(v)))) })],
  Softsign: [f([[20]], (b, v) => b.softsign(x(v)), { twin: (b, v) => b.div(x(v), b.add(one(b), b.abs(x(v)))) })],
  Erf: [f([[20]], (b, v) => b.erf(x(v)), { twin: (b, v) => erfSeries(b, x(v)) })],
};
