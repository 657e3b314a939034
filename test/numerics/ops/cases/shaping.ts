import type { Attributes } from '../../../../extension/core/graph/graph';
import { type Cases, f, timesInput, x } from './cases';

const one: Attributes = {
  value: { kind: 'tensor', value: { dtype: 'float64', shape: [1], data: Float64Array.of(1.5) } },
};

export const shaping: Cases = {
  Transpose: [f([[2, 3, 4]], (b, v) => b.transpose(x(v), [2, 0, 1])), f([[2, 3]], (b, v) => b.apply('Transpose', v))],
  Reshape: [f([[2, 6]], (b, v) => b.reshape(x(v), [3, 4]))],
  Expand: [f([[2, 1]], (b, v) => b.expand(x(v), [5, 2, 3]))],
  Squeeze: [f([[2, 1, 3]], (b, v) => b.squeeze(x(v), [1]))],
  Unsqueeze: [f([[2, 3]], (b, v) => b.unsqueeze(x(v), [0, 3]))],
  Concat: [
    f(
      [
        [2, 3],
        [2, 1],
      ],
      (b, v) => b.concat(v, 1),
    ),
    f(
      [
        [2, 3],
        [4, 3],
      ],
      (b, v) => b.concat(v, -2),
    ),
  ],
  Split: [f([[6, 2]], (b, v) => b.split(x(v), [1, 3, 2], 0)), f([[6, 2]], (b, v) => x(b.split(x(v), [1, 3, 2], 0), 1))],
  Slice: [f([[6, 4]], (b, v) => b.slice(x(v), 1, 4, 0)), f([[6, 4]], (b, v) => b.slice(x(v), -2, 2 ** 31, 1))],
  Shape: [f([[2, 3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', b.apply('Shape', [x(v)]), one)), x(v)))],
  ConstantOfShape: [f([[3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', [b.int64s([3])], one)), x(v)))],
  Pad: [
    f([[2, 3]], (b, v) => b.pad(x(v), [1, 0], [0, 2])),
    f([[2, 3]], (b, v) => x(b.apply('Pad', [x(v), b.int64s([1, 1, 0, 2]), b.scalar('float64', 3)]))),
  ],
};
