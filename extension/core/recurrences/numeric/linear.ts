import type { Node } from '../../graph/graph';
import { axisOf, floatOf, intOf } from '../../ops/arguments';
import { sizeOf } from '../../tensor';
import { combined, needed } from './elementwise';
import type { Kernel } from './kernel';
import { transposed } from './layout';
import { broadcast, commonShape, made, NotNumeric, type Numbers, shaped, stridesOf } from './numbers';

/**
 * a [rows, inner] · b [inner, columns], added to `out`. Zeros of the smaller one are skipped: what is evaluated here is mostly unit vectors
 * beside large weights.
 */
function product(a: Float64Array, b: Float64Array, out: Float64Array, [rows, inner, columns]: readonly number[]): void {
  const [R, K, C] = [rows ?? 0, inner ?? 0, columns ?? 0];
  const all = Array.from({ length: K }, (_, k) => k);
  const filled = C <= R ? all.filter((k) => b.subarray(k * C, (k + 1) * C).some((x) => x !== 0)) : all;
  for (let i = 0; i < R; i++) {
    for (const k of filled) {
      const left = a[i * K + k] ?? 0;
      if (left === 0) continue;
      for (let j = 0; j < C; j++) out[i * C + j] = (out[i * C + j] ?? 0) + left * (b[k * C + j] ?? 0);
    }
  }
}

/** Weights that a Gemm turns, which it is asked to do for every vector anew. */
const turnedWeights = new WeakMap<Numbers, Numbers>();

function turned(value: Numbers): Numbers {
  const known = turnedWeights.get(value) ?? transposed(value, [1, 0]);
  turnedWeights.set(value, known);
  return known;
}

export function matrixProduct(left: Numbers, right: Numbers): Numbers {
  const a = left.shape.length === 1 ? shaped(left, [1, ...left.shape]) : left;
  const b = right.shape.length === 1 ? shaped(right, [...right.shape, 1]) : right;
  const [rows = 0, inner = 0] = a.shape.slice(-2);
  const [height = 0, columns = 0] = b.shape.slice(-2);
  if (inner !== height || a.shape.length < 2 || b.shape.length < 2) throw new NotNumeric('MatMul');
  const outer = commonShape([a.shape.slice(0, -2), b.shape.slice(0, -2)]);
  const [as, bs] = [broadcast(a, [...outer, rows, inner]), broadcast(b, [...outer, inner, columns])];
  const result = made([...outer, rows, columns]);
  for (let i = 0; i < sizeOf(outer); i++) {
    product(
      as.data.subarray(i * rows * inner, (i + 1) * rows * inner),
      bs.data.subarray(i * inner * columns, (i + 1) * inner * columns),
      result.data.subarray(i * rows * columns, (i + 1) * rows * columns),
      [rows, inner, columns],
    );
  }
  const shape = [...outer, ...(left.shape.length === 1 ? [] : [rows]), ...(right.shape.length === 1 ? [] : [columns])];
  return shaped(result, shape);
}

function general({ attributes }: Node, a: Numbers, b: Numbers, c: Numbers | null | undefined): Numbers {
  const given = (value: Numbers, name: string) => (intOf(attributes, name, 0) === 0 ? value : turned(value));
  const [alpha, beta] = [floatOf(attributes, 'alpha', 1), floatOf(attributes, 'beta', 1)];
  const whole = matrixProduct(given(a, 'transA'), given(b, 'transB'));
  const scaled = alpha === 1 ? whole : { ...whole, data: whole.data.map((x) => alpha * x) };
  return c ? combined(scaled, c, (x, y) => x + beta * y) : scaled;
}

/** (x − zero point) · scale, each for the whole or for every index of an axis. */
function dequantized({ attributes }: Node, x: Numbers, scale: Numbers, zero: Numbers | null | undefined): Numbers {
  const axis = axisOf(intOf(attributes, 'axis', 1), x.shape.length);
  const each = scale.data.length > 1;
  const stride = stridesOf(x.shape)[axis] ?? 1;
  const size = x.shape[axis] ?? 1;
  if (each && scale.data.length !== size) throw new NotNumeric('DequantizeLinear');
  return {
    shape: x.shape,
    data: x.data.map((value, i) => {
      const at = each ? Math.floor(i / stride) % size : 0;
      return (value - (zero?.data[at] ?? 0)) * (scale.data[at] ?? 1);
    }),
  };
}

export const linearKernels: Readonly<Record<string, Kernel>> = {
  MatMul: (_, [a, b]) => [matrixProduct(needed(a), needed(b))],
  Gemm: (node, [a, b, c]) => [general(node, needed(a), needed(b), c)],
  DequantizeLinear: (node, [x, scale, zero]) => [dequantized(node, needed(x), needed(scale), zero)],
};
