import { floats } from '../../../../extension/core/tensor';
import { type Cases, f, positive, timesInput, x } from './cases';

export const arithmetic: Cases = {
  Add: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.add(x(v), x(v, 1)),
    ),
    f([[2, 3], [3]], (b, v) => b.add(x(v), x(v, 1))),
  ],
  Sub: [
    f(
      [
        [2, 3],
        [2, 1],
      ],
      (b, v) => b.sub(x(v), x(v, 1)),
    ),
    f([[3], [2, 3]], (b, v) => b.sub(x(v), x(v, 1))),
  ],
  Mul: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.mul(x(v), x(v, 1)),
    ),
    f(
      [
        [2, 1],
        [1, 3],
      ],
      (b, v) => b.mul(x(v), x(v, 1)),
    ),
  ],
  Div: [
    f(
      [
        [2, 3],
        [2, 3],
      ],
      (b, v) => b.div(x(v), x(v, 1)),
      positive,
    ),
    f([[2, 3], [1]], (b, v) => b.div(x(v), x(v, 1)), positive),
  ],
  Neg: [f([[5]], (b, v) => b.neg(x(v)))],
  Identity: [f([[5]], (b, v) => b.identity(x(v)))],
  Sqrt: [f([[5]], (b, v) => b.sqrt(x(v)), positive)],
  Sign: [f([[20]], (b, v) => timesInput(b, x(b.apply('Sign', [x(v)])), x(v)))],
  Min: [
    f(
      [
        [4, 5],
        [4, 5],
      ],
      (b, v) => b.min(x(v), x(v, 1)),
    ),
  ],
  Max: [
    f(
      [
        [4, 5],
        [4, 5],
      ],
      (b, v) => b.max(x(v), x(v, 1)),
    ),
    f([[4, 5], [1]], (b, v) => b.max(x(v), x(v, 1))),
    // Where both are equal the two shares add up to the whole.
    f([[5]], (b, v) => b.max(x(v), x(v))),
  ],
  Clip: [
    f([[30]], (b, v) => b.clip(x(v), -0.3, 0.5)),
    f([[30]], (b, v) => b.clip(x(v), null, 0.2)),
    f([[30]], (b, v) => b.clip(x(v), 0.1, null)),
  ],
  Abs: [f([[20]], (b, v) => b.abs(x(v)))],
  Reciprocal: [f([[5]], (b, v) => b.reciprocal(x(v)), positive)],
  Exp: [f([[5]], (b, v) => b.exp(x(v)))],
  Log: [f([[5]], (b, v) => b.log(x(v)), positive)],
  Pow: [
    f([[5]], (b, v) => b.pow(x(v), b.scalar('float64', 2))),
    f([[5]], (b, v) => b.pow(x(v), b.scalar('float64', -1.5)), positive),
    f([[2, 3]], (b, v) => b.pow(x(v), b.constant(floats('float64', [3], [0.5, 2, 3]))), positive),
  ],
  Sum: [f([[2, 3], [3], [2, 1]], (b, v) => b.apply('Sum', v))],
  Sin: [f([[5]], (b, v) => b.apply('Sin', [x(v)]))],
  Cos: [f([[5]], (b, v) => b.apply('Cos', [x(v)]))],
  ...Object.fromEntries(
    ['Floor', 'Ceil', 'Round'].map((op) => [
      op,
      [f([[9]], (b, v) => timesInput(b, x(b.apply(op, [x(v)])), x(v)), { from: -4, to: 4 })],
    ]),
  ),
};
