import { type DType, dtypeFromOnnx } from '../tensor';

/** Element types that we hold no numbers of, by their numbers in ONNX's TensorProto.DataType. */
const others: Readonly<Record<number, string>> = {
  8: 'string',
  14: 'complex64',
  15: 'complex128',
  17: 'float8e4m3fn',
  18: 'float8e4m3fnuz',
  19: 'float8e5m2',
  20: 'float8e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4e2m1',
  24: 'float8e8m0',
  25: 'uint2',
  26: 'int2',
};

/** An element type by its number: `other` is its name where we hold no such numbers, and float32 stands in for it. */
export function elementType(code: number): { readonly dtype: DType; readonly other: string | null } {
  const dtype = dtypeFromOnnx(code);
  if (dtype !== null) return { dtype, other: null };
  // 0 is no type, which is how values without one are written.
  return { dtype: 'float32', other: code === 0 ? null : (others[code] ?? `type ${code}`) };
}
