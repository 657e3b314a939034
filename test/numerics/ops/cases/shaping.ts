import type { Builder } from '../../../../extension/core/graph/builder';
import type { Attributes } from '../../../../extension/core/graph/graph';
import type { Value } from '../../../../extension/core/graph/value';
import { type Cases, f, int, timesInput, x } from './cases';

const one: Attributes = {
  value: { kind: 'tensor', value: { dtype: 'float64', shape: [1], data: Float64Array.of(1.5) } },
};

const sliced = (b: Builder, value: Value, ...numbers: number[][]) =>
  b.apply('Slice', [value, ...numbers.map((list) => b.int64s(list))]);

export const shaping: Cases = {
  Transpose: [f([[2, 3, 4]], (b, v) => b.transpose(x(v), [2, 0, 1])), f([[2, 3]], (b, v) => b.apply('Transpose', v))],
  Reshape: [f([[2, 6]], (b, v) => b.reshape(x(v), [3, 4]))],
  Expand: [f([[2, 1]], (b, v) => b.expand(x(v), [5, 2, 3]))],
  Squeeze: [f([[2, 1, 3]], (b, v) => b.squeeze(x(v), [1]))],
  Unsqueeze: [f([[2, 3]], (b, v) => b.unsqueeze(x(v), [0, 3]))],
  Flatten: [
    f([[2, 3, 4]], (b, v) => b.apply('Flatten', v, { axis: int(2) })),
    f([[2, 3, 4]], (b, v) => b.apply('Flatten', v)),
  ],
  Dropout: [f([[2, 3]], (b, v) => x(b.apply('Dropout', [x(v)])))],
  ReverseSequence: [
    f([[4, 3, 2]], (b, v) =>
      b.apply('ReverseSequence', [x(v), b.int64s([4, 2, 1])], { time_axis: int(0), batch_axis: int(1) }),
    ),
  ],
  Tile: [f([[2, 3]], (b, v) => b.apply('Tile', [x(v), b.int64s([3, 2])]))],
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
  Split: [
    f([[6, 2]], (b, v) => b.split(x(v), [1, 3, 2], 0)),
    f([[6, 2]], (b, v) => x(b.split(x(v), [1, 3, 2], 0), 1)),
    f([[2, 7]], (b, v) => b.apply('Split', [x(v)], { axis: int(-1), num_outputs: int(3) }), { opset: 18 }),
  ],
  Slice: [
    f([[6, 4]], (b, v) => b.slice(x(v), 1, 4, 0)),
    f([[6, 4]], (b, v) => b.slice(x(v), -2, 2 ** 31, 1)),
    f([[6, 4]], (b, v) => sliced(b, x(v), [-1], [-(2 ** 31)], [0], [-1])),
    f([[7, 4]], (b, v) => sliced(b, x(v), [1, 3], [7, 0], [0, 1], [2, -2])),
  ],
  Shape: [f([[2, 3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', b.apply('Shape', [x(v)]), one)), x(v)))],
  ConstantOfShape: [f([[3]], (b, v) => timesInput(b, x(b.apply('ConstantOfShape', [b.int64s([3])], one)), x(v)))],
  Pad: [
    f([[2, 3]], (b, v) => b.pad(x(v), [1, 0], [0, 2])),
    f([[2, 3]], (b, v) => x(b.apply('Pad', [x(v), b.int64s([1, 1, 0, 2]), b.scalar('float64', 3)]))),
  ],
};
