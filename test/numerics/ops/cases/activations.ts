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
  Selu: [
    f([[20]], (b, v) => b.apply('Selu', [x(v)]), {
      twin: (b, v) => {
        const [alpha, gamma] = [1.6732631921768188, 1.0507010221481323];
        const left = b.mul(b.scalar('float64', alpha), b.sub(b.exp(below(b, x(v))), one(b)));
        return b.mul(b.scalar('float64', gamma), b.add(b.relu(x(v)), left));
      },
    }),
  ],
  Celu: [
    f([[20]], (b, v) => b.apply('Celu', [x(v)], { alpha: { kind: 'float', value: 0.5 } }), {
      twin: (b, v) => {
        const left = b.sub(b.exp(b.div(below(b, x(v)), half(b))), one(b));
        return b.add(b.relu(x(v)), b.mul(half(b), left));
      },
    }),
  ],
  ThresholdedRelu: [
    f([[20]], (b, v) => b.apply('ThresholdedRelu', [x(v)], { alpha: { kind: 'float', value: 0.25 } }), {
      twin: (b, v) => b.mul(x(v), b.cast(b.greater(x(v), b.scalar('float64', 0.25)), x(v).type.dtype)),
    }),
  ],
  HardSwish: [
    f([[40]], (b, v) => b.apply('HardSwish', [x(v)]), {
      from: -5,
      to: 5,
      twin: (b, v) => b.mul(x(v), b.clip(b.add(b.mul(x(v), b.scalar('float64', 1 / 6)), half(b)), 0, 1)),
    }),
  ],
  PRelu: [f([[3, 8], [8]], (b, v) => b.apply('PRelu', v))],
  // Its other form is the subject of gelu.test.ts: its gradient holds an Erf, of which there is no float64 kernel.
  Gelu: [
    f([[20]], (b, v) => b.apply('Gelu', [x(v)], { approximate: { kind: 'string', value: 'tanh' } }), {
      opset: 20,
      twin: (b, v) => {
        const cube = b.mul(b.pow(x(v), b.scalar('float64', 3)), b.scalar('float64', 0.044715));
        const bent = b.tanh(b.mul(b.scalar('float64', Math.sqrt(2 / Math.PI)), b.add(x(v), cube)));
        return b.mul(b.mul(half(b), x(v)), b.add(one(b), bent));
      },
    }),
  ],
};
