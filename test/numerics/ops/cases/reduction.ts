import { type Cases, f, int, x } from './cases';

export const reduction: Cases = {
  ReduceSum: [
    f([[2, 3, 4]], (b, v) => b.reduceSum(x(v), [0, 2], false)),
    f([[2, 3, 4]], (b, v) => b.reduceSum(x(v), [1], true)),
    f([[2, 3]], (b, v) => b.apply('ReduceSum', v, { keepdims: int(0) })),
  ],
  ReduceMean: [
    f([[2, 3, 4]], (b, v) => b.reduceMean(x(v), [0, 2], false)),
    f([[2, 3, 4]], (b, v) => b.reduceMean(x(v), [-2], true)),
    f([[2, 3]], (b, v) => b.apply('ReduceMean', v)),
  ],
  ReduceMax: [
    f([[2, 3, 4]], (b, v) => b.reduceMax(x(v), [0, 2], false)),
    f([[2, 3, 4]], (b, v) => b.reduceMax(x(v), [1], true)),
    // Two equal numbers share the gradient, which adds up to the whole of it.
    f([[1, 4]], (b, v) => b.reduceMax(b.expand(x(v), [2, 4]), [0], false)),
  ],
  ReduceMin: [
    f([[2, 3, 4]], (b, v) => b.apply('ReduceMin', [x(v)], { axes: { kind: 'ints', value: [1] } })),
    f([[1, 4]], (b, v) =>
      b.apply('ReduceMin', [b.expand(x(v), [2, 4])], { axes: { kind: 'ints', value: [0] }, keepdims: int(0) }),
    ),
  ],
  ReduceSumSquare: [
    f([[2, 3, 4]], (b, v) => b.apply('ReduceSumSquare', [x(v)], { axes: { kind: 'ints', value: [2] } })),
  ],
  ReduceL2: [f([[2, 3, 4]], (b, v) => b.apply('ReduceL2', [x(v)], { axes: { kind: 'ints', value: [0, 2] } }))],
  ReduceL1: [f([[2, 3, 4]], (b, v) => b.apply('ReduceL1', [x(v)], { axes: { kind: 'ints', value: [1] } }))],
  ReduceLogSumExp: [
    f([[2, 3, 4]], (b, v) => b.reduceLogSumExp(x(v), [0], false), { from: -30, to: 30 }),
    f([[2, 3, 4]], (b, v) => b.reduceLogSumExp(x(v), [1, 2], true)),
  ],
  CumSum: [
    f([[3, 4]], (b, v) => b.cumSum(x(v), 1)),
    f([[3, 4]], (b, v) => b.cumSum(x(v), 0, { reverse: true })),
    f([[3, 4]], (b, v) => b.cumSum(x(v), -1, { exclusive: true })),
  ],
  Softmax: [
    f([[3, 4]], (b, v) => b.softmax(x(v), -1), { from: -5, to: 5 }),
    f([[3, 4, 2]], (b, v) => b.softmax(x(v), 1), { from: -5, to: 5 }),
  ],
  LogSoftmax: [
    f([[3, 4]], (b, v) => b.logSoftmax(x(v), -1), { from: -5, to: 5 }),
    f([[3, 4, 2]], (b, v) => b.logSoftmax(x(v), 1), { from: -5, to: 5 }),
  ],
  LayerNormalization: [
    f([[3, 4], [4], [4]], (b, v) => b.layerNormalization(x(v), x(v, 1), x(v, 2), -1)),
    f(
      [
        [3, 4, 2],
        [4, 2],
        [4, 2],
      ],
      (b, v) => b.layerNormalization(x(v), x(v, 1), x(v, 2), 1, 0.1),
    ),
    f([[3, 4], [4]], (b, v) => b.apply('LayerNormalization', v)),
  ],
  BatchNormalization: [
    f([[3, 4, 2], [4], [4], [4], [4]], (b, v) => b.apply('BatchNormalization', v), { from: 0.5, to: 2 }),
    f(
      [[3, 4], [4], [4], [4], [4]],
      (b, v) => b.apply('BatchNormalization', v, { epsilon: { kind: 'float', value: 0.1 } }),
      {
        from: 0.5,
        to: 2,
      },
    ),
  ],
};
