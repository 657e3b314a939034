import { asked, type Cases, f, int, x } from './cases';

const pair = [
  [4, 5],
  [4, 5],
];
const adding = { axis: int(1), reduction: { kind: 'string', value: 'add' } } as const;

/** Comparisons, choices and picks. */
export const selection: Cases = {
  Equal: [f([[6], [6]], (b, v) => asked(b, b.equal(b.sign(x(v)), b.sign(x(v, 1))), v))],
  Less: [f(pair, (b, v) => asked(b, b.less(x(v), x(v, 1)), v))],
  LessOrEqual: [f(pair, (b, v) => asked(b, b.lessOrEqual(x(v), x(v, 1)), v))],
  Greater: [f(pair, (b, v) => asked(b, b.greater(x(v), x(v, 1)), v))],
  GreaterOrEqual: [f(pair, (b, v) => asked(b, b.greaterOrEqual(x(v), x(v, 1)), v))],
  Not: [f(pair, (b, v) => asked(b, b.not(b.less(x(v), x(v, 1))), v))],
  And: [f(pair, (b, v) => asked(b, b.and(b.less(x(v), x(v, 1)), b.less(x(v), b.scalar('float64', 0))), v))],
  Or: [f(pair, (b, v) => asked(b, b.or(b.less(x(v), x(v, 1)), b.less(x(v), b.scalar('float64', 0))), v))],
  Where: [
    f(pair, (b, v) => b.where(b.less(x(v), x(v, 1)), b.mul(x(v), x(v)), x(v, 1))),
    f([[4, 5], [5]], (b, v) =>
      b.mul(b.where(b.less(x(v), b.scalar('float64', 0)), x(v, 1), b.scalar('float64', 2)), x(v)),
    ),
  ],
  Cast: [
    f([[5]], (b, v) => b.mul(b.cast(b.cast(x(v), 'int32'), 'float64'), x(v)), { from: -4, to: 4 }),
    f([[5]], (b, v) => b.cast(b.mul(x(v), x(v)), 'float64')),
  ],
  Gather: [
    f([[4, 3]], (b, v) => b.gather(x(v), b.int32s([2, 3], [3, 0, 3, 1, 3, 0]), 0)),
    f([[2, 4, 3]], (b, v) => b.gather(x(v), b.int64s([1, 1, 3, 0, 1, -1]), 1)),
    f([[2, 4]], (b, v) => b.gather(x(v), b.int32s([], [2]), -1)),
  ],
  GatherElements: [
    f([[2, 3]], (b, v) =>
      b.apply('GatherElements', [x(v), b.int32s([2, 4], [0, 2, 2, 1, 1, 1, 1, 0])], { axis: int(1) }),
    ),
  ],
  TopK: [
    f([[3, 5]], (b, v) => b.topK(x(v), 2, 1).values),
    f([[4, 3]], (b, v) => b.mul(b.topK(x(v), 3, 0).values, b.slice(x(v), 0, 3, 0))),
  ],
  ScatterElements: [
    f(
      [
        [2, 3],
        [2, 4],
      ],
      (b, v) => b.apply('ScatterElements', [x(v), b.int32s([2, 4], [0, 2, 2, 1, 1, 1, 1, 0]), x(v, 1)], adding),
    ),
  ],
};
