import { type Builder, float, text } from '../../../../extension/core/graph/builder';
import type { Value } from '../../../../extension/core/graph/value';
import { at } from '../../../../extension/core/ops/arguments';
import { type Cases, f, x } from './cases';

/** A convolution by its definition: Σ over taps of the kernel, one place at a time. */
function byDefinition(
  b: Builder,
  [input, weight, bias]: readonly (Value | undefined)[],
  { stride = 1, dilation = 1, pads = [0, 0] as readonly [number, number] },
): Value {
  if (input === undefined || weight === undefined) throw new Error('A convolution has an input and weights.');
  const padded = b.concat(
    pads.map((count) => b.zeros('float64', [2, 3, count])).flatMap((zeros, i) => (i === 0 ? [zeros, input] : [zeros])),
    2,
  );
  const [, , length] = padded.type.shape as [number, number, number];
  const [, , kernel] = weight.type.shape as [number, number, number];
  const places: Value[] = [];
  for (let start = 0; start + dilation * (kernel - 1) < length; start += stride) {
    const sums = Array.from({ length: kernel }, (_, tap) => {
      const from = start + tap * dilation;
      return b.matMul(b.squeeze(b.slice(weight, tap, tap + 1, 2), [2]), b.slice(padded, from, from + 1, 2));
    });
    places.push(sums.reduce((sum, part) => b.add(sum, part)));
  }
  const all = b.concat(places, 2);
  return bias === undefined ? all : b.add(all, b.reshape(bias, [4, 1]));
}

const convolution = (length: number, kernel: number, movement: Parameters<typeof byDefinition>[2], bias = true) =>
  f(
    [[2, 3, length], [4, 3, kernel], ...(bias ? [[4]] : [])],
    (b, v) => b.conv(x(v), x(v, 1), bias ? at(v, 2) : null, movement),
    { twin: (b, v) => byDefinition(b, v, movement) },
  );

export const linear: Cases = {
  MatMul: [
    f(
      [
        [2, 3],
        [3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [5, 2, 3],
        [5, 3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [2, 3],
        [5, 3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f(
      [
        [5, 2, 3],
        [3, 4],
      ],
      (b, v) => b.matMul(x(v), x(v, 1)),
    ),
    f([[3], [3, 4]], (b, v) => b.matMul(x(v), x(v, 1))),
    f([[5, 2, 3], [3]], (b, v) => b.matMul(x(v), x(v, 1))),
    f([[3], [3]], (b, v) => b.matMul(x(v), x(v, 1))),
  ],
  Gemm: [false, true]
    .flatMap((transA) =>
      [false, true].map((transB) =>
        f([transA ? [3, 2] : [2, 3], transB ? [4, 3] : [3, 4]], (b, v) => b.gemm(x(v), x(v, 1), transA, transB)),
      ),
    )
    .concat([
      f([[2, 3], [3, 4], [4]], (b, v) => b.apply('Gemm', v)),
      f([[2, 3], [3, 4], [4]], (b, v) => b.apply('Gemm', v, { alpha: float(0.5), beta: float(-2) })),
    ]),
  Einsum: [
    f(
      [
        [2, 5, 3],
        [4, 3],
      ],
      (b, v) => b.apply('Einsum', v, { equation: text('bti,oi->bto') }),
    ),
    f(
      [
        [2, 5],
        [2, 5, 3],
      ],
      (b, v) => b.apply('Einsum', v, { equation: text('bt, bth -> bh') }),
    ),
    f([[2, 3], [3, 4], [4]], (b, v) => b.apply('Einsum', v, { equation: text('ij,jk,k->i') })),
    // What no other operand and no result has is summed; without an arrow the letters that occur once are the result.
    f([[2, 3], [4]], (b, v) => b.apply('Einsum', v, { equation: text('ij,k->ik') })),
    f(
      [
        [2, 3],
        [3, 4],
      ],
      (b, v) => b.apply('Einsum', v, { equation: text('bj,ja') }),
    ),
    f([[2, 3]], (b, v) => b.apply('Einsum', v, { equation: text('ij->ji') })),
  ],
  Conv: [
    convolution(7, 3, {}),
    convolution(7, 3, { pads: [2, 0] }, false),
    convolution(8, 3, { stride: 2, pads: [1, 1] }),
    convolution(9, 2, { stride: 3, dilation: 2 }),
    convolution(10, 3, { stride: 4 }),
    convolution(3, 3, {}),
  ],
};
