import { UnrollError } from '../protocol/errors';
import { bfloatToNumber, halfToNumber } from './half';

/** Element types, by their onnxruntime names, each with the array that holds it and its number in ONNX's TensorProto.DataType. */
export const dtypes = {
  float32: { array: Float32Array, onnx: 1 },
  uint8: { array: Uint8Array, onnx: 2 },
  int8: { array: Int8Array, onnx: 3 },
  uint16: { array: Uint16Array, onnx: 4 },
  int16: { array: Int16Array, onnx: 5 },
  int32: { array: Int32Array, onnx: 6 },
  int64: { array: BigInt64Array, onnx: 7 },
  bool: { array: Uint8Array, onnx: 9 },
  float16: { array: Uint16Array, onnx: 10 },
  float64: { array: Float64Array, onnx: 11 },
  uint32: { array: Uint32Array, onnx: 12 },
  uint64: { array: BigUint64Array, onnx: 13 },
  bfloat16: { array: Uint16Array, onnx: 16 },
} as const;

export type DType = keyof typeof dtypes;
export type TensorData =
  | Float32Array
  | Float64Array
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;
/** The types that gradients flow through. */
export type FloatType = 'float32' | 'float64';

/** A dense array, row-major. */
export interface Tensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** The number of elements of a shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, dim) => size * dim, 1);
}

/** The type with this number in ONNX, or null where we hold no such elements (strings, 8-bit floats…). */
export function dtypeFromOnnx(code: number): DType | null {
  const found = Object.entries(dtypes).find(([, { onnx }]) => onnx === code);
  return found === undefined ? null : (found[0] as DType);
}

/** A tensor of floats from plain numbers; throws when the count does not fit the shape. */
export function floats(dtype: FloatType, shape: readonly number[], values: ArrayLike<number>): Tensor {
  const data = dtype === 'float32' ? Float32Array.from(values) : Float64Array.from(values);
  return { dtype, shape, data: filling(shape, data) };
}

function filling<T extends TensorData>(shape: readonly number[], data: T): T {
  if (data.length === sizeOf(shape)) return data;
  throw new UnrollError('internal', '{0} values do not fill a tensor of shape [{1}].', data.length, shape.join(', '));
}

/** A tensor of zeros. */
export function zeros(dtype: FloatType, shape: readonly number[]): Tensor {
  const size = sizeOf(shape);
  return { dtype, shape, data: dtype === 'float32' ? new Float32Array(size) : new Float64Array(size) };
}

/** A vector of int64, which is how ONNX writes shapes and axes. */
export function int64s(values: readonly number[]): Tensor {
  return { dtype: 'int64', shape: [values.length], data: BigInt64Array.from(values.map(BigInt)) };
}

/** A tensor of int32, which is how class numbers and token ids are written; throws when the count does not fit the shape. */
export function int32s(shape: readonly number[], values: readonly number[]): Tensor {
  return { dtype: 'int32', shape, data: filling(shape, Int32Array.from(values)) };
}

/** What makes a plain number of an element of an array of this type. */
export function numberReader(dtype: DType): (element: number | bigint) => number {
  const bits: Partial<Record<DType, (bits: number) => number>> = { float16: halfToNumber, bfloat16: bfloatToNumber };
  const read = bits[dtype];
  return read === undefined ? Number : (element) => read(Number(element));
}

/** The elements as plain numbers. */
export function toNumbers(tensor: Tensor): number[] {
  return Array.from(tensor.data as ArrayLike<number>, numberReader(tensor.dtype));
}
