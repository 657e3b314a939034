import type { Node } from '../../extension/core/graph/graph';
import type { DType } from '../../extension/core/tensor';

/** What onnxruntime's CUDA provider has for one operator. */
export interface CudaKernel {
  /** First and last operator set that the kernel serves; null is every later one. */
  readonly from: number;
  readonly to: number | null;
  /** The element types of each input and output; the last of them stands for all that follow. */
  readonly inputs: readonly (readonly DType[])[];
  readonly outputs: readonly (readonly DType[])[];
}

const float: readonly DType[] = ['float64', 'float32', 'float16'];
const index: readonly DType[] = ['int32', 'int64'];
const bool: readonly DType[] = ['bool'];
const int64: readonly DType[] = ['int64'];
const counted: readonly DType[] = [...float, 'int32', 'int64', 'uint32', 'uint64'];
const numeric: readonly DType[] = [...counted, 'int8', 'int16', 'uint8', 'uint16'];
const any: readonly DType[] = [...numeric, 'bool'];
const reducible: readonly DType[] = [...float, 'int32'];

type Types = readonly DType[];

/** A kernel whose inputs and outputs are all of one set of types. */
const one = (from: number, types: Types, to: number | null = null): CudaKernel => ({
  from,
  to,
  inputs: [types],
  outputs: [types],
});
const many = (
  from: number,
  inputs: readonly Types[],
  outputs: readonly Types[],
  to: number | null = null,
): CudaKernel => ({
  from,
  to,
  inputs,
  outputs,
});

/**
 * The kernels for ONNX's own operators at operator set 17, from onnxruntime's list of registered kernels, `docs/OperatorKernels.md`,
 * section "Operators implemented by CUDAExecutionProvider", as it stood at commit 001d12d2. Types that this program has no
 * tensors of (bfloat16, 8-bit floats, sequences) are left out, and so are operators that no training can want. Where an operator is
 * not here, onnxruntime runs it on the CPU and copies its tensors to and fro.
 */
export const cudaKernels: Readonly<Record<string, CudaKernel>> = {
  Abs: one(13, numeric),
  Add: one(14, numeric),
  And: one(7, bool),
  ArgMax: many(13, [float], [int64]),
  ArgMin: many(13, [float], [int64]),
  Cast: one(13, any, 18),
  Ceil: one(13, float),
  Clip: one(13, [...float, 'int64', 'int8', 'uint64', 'uint8']),
  Compress: many(11, [any, bool], [any]),
  Concat: one(13, any),
  ConstantOfShape: many(9, [int64], [any]),
  Conv: one(11, float, 21),
  ConvTranspose: one(11, float),
  Cos: one(7, float),
  CumSum: many(14, [counted, index], [counted]),
  Div: one(14, numeric),
  Dropout: many(13, [float, float, bool], [float, bool]),
  Einsum: one(12, float),
  Elu: one(6, float),
  Equal: many(13, [[...counted, 'bool']], [bool]),
  Erf: one(13, float),
  Exp: one(13, float),
  Expand: many(13, [any, int64], [any]),
  Flatten: one(13, any),
  Floor: one(13, float),
  GRU: many(14, [float, float, float, float, ['int32'], float], [float]),
  Gather: many(13, [any, index], [any]),
  GatherElements: many(13, [any, index], [any]),
  GatherND: many(13, [[...float, 'int64'], int64], [[...float, 'int64']]),
  Gemm: one(13, float),
  GlobalAveragePool: one(1, float),
  GlobalMaxPool: one(1, float),
  Greater: many(13, [counted], [bool]),
  GreaterOrEqual: many(16, [counted], [bool]),
  HardSigmoid: one(6, float, 21),
  Identity: one(14, any, 18),
  If: many(13, [bool], [any], 18),
  IsInf: many(10, [['float64', 'float32']], [bool], 19),
  IsNaN: many(13, [float], [bool], 19),
  LSTM: many(14, [float, float, float, float, ['int32'], float, float, float], [float]),
  LayerNormalization: many(17, [float], [float, ['float32']]),
  LeakyRelu: one(16, float),
  Less: many(13, [counted], [bool]),
  LessOrEqual: many(16, [counted], [bool]),
  Log: one(13, float),
  LogSoftmax: one(13, float),
  Loop: many(13, [int64, bool, any], [any], 18),
  MatMul: one(13, float),
  Max: one(13, counted),
  Min: one(13, counted),
  Mod: one(13, counted),
  Mul: one(14, numeric),
  Neg: one(13, [...float, 'int8', 'int16', 'int32', 'int64']),
  NonZero: many(13, [['bool', 'float32', 'float16', 'int32', 'int64', 'uint8']], [int64]),
  Not: one(1, bool),
  OneHot: many(11, [index, index, ['float32', 'float16', 'int64']], [['float32', 'float16', 'int64']]),
  Or: one(7, bool),
  Pad: many(13, [[...float, 'bool'], int64, [...float, 'bool']], [[...float, 'bool']], 17),
  Pow: one(15, [...float, 'int32', 'int64']),
  RNN: many(14, [float, float, float, float, ['int32'], float], [float]),
  Range: one(11, ['float64', 'float32', 'int16', 'int32', 'int64']),
  Reciprocal: one(13, float),
  ReduceL1: one(1, reducible, 17),
  ReduceL2: one(1, reducible, 17),
  ReduceLogSum: one(1, float, 17),
  ReduceLogSumExp: one(1, float, 17),
  ReduceMax: one(1, [...reducible, 'int64'], 17),
  ReduceMean: one(1, reducible, 17),
  ReduceMin: one(1, [...reducible, 'int64', 'int8', 'uint8'], 17),
  ReduceProd: one(1, reducible, 17),
  ReduceSum: many(13, [[...reducible, 'int64'], int64], [[...reducible, 'int64']]),
  ReduceSumSquare: one(1, float, 17),
  Relu: one(14, float),
  Reshape: many(14, [any, int64], [any], 18),
  ReverseSequence: many(10, [any, int64], [any]),
  Round: one(11, float),
  Scan: one(16, any, 18),
  ScatterElements: many(16, [any, index, any], [any], 17),
  ScatterND: many(16, [any, int64, any], [any], 17),
  Selu: one(6, float),
  Shape: many(15, [any], [int64], 18),
  Sigmoid: one(13, float),
  Sign: one(13, numeric),
  Sin: one(7, float),
  Size: many(13, [any], [int64]),
  Slice: many(13, [any, index], [any]),
  Softmax: one(13, float),
  Softplus: one(1, float),
  Softsign: one(1, float),
  Split: many(13, [any, int64], [any], 17),
  Sqrt: one(13, float),
  Squeeze: many(13, [any, int64], [any], 20),
  Sub: one(14, numeric),
  Sum: one(13, float),
  Tanh: one(13, float),
  Tile: many(13, [[...float, 'int32', 'int64'], int64], [[...float, 'int32', 'int64']]),
  TopK: many(11, [[...float, 'int32', 'int64'], int64], [[...float, 'int32', 'int64'], int64]),
  Transpose: one(13, any, 20),
  Trilu: many(14, [any, int64], [any]),
  Unsqueeze: many(13, [any, int64], [any], 20),
  Where: many(16, [bool, [...float, 'int32', 'int64', 'uint8']], [[...float, 'int32', 'int64', 'uint8']]),
  Xor: one(7, bool),
};

/** Why the CUDA provider has no kernel for a node, or null where it has one. */
export function withoutCudaKernel(node: Node, opset: number): string | null {
  const kernel = node.domain === '' ? cudaKernels[node.op] : undefined;
  if (kernel === undefined) return `${node.op} has no kernel`;
  if (opset < kernel.from || (kernel.to !== null && opset > kernel.to))
    return `${node.op} has no kernel at opset ${opset}`;
  const sides = [
    { word: 'input', values: node.inputs, types: kernel.inputs },
    { word: 'output', values: node.outputs, types: kernel.outputs },
  ];
  for (const { word, values, types } of sides) {
    for (const [i, value] of values.entries()) {
      const allowed = types[Math.min(i, types.length - 1)] ?? [];
      if (value !== null && !allowed.includes(value.type.dtype)) {
        return `${node.op} has no kernel for ${value.type.dtype} as ${word} ${i}`;
      }
    }
  }
  return null;
}
