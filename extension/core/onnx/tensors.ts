import { create } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { type DType, dtypeFromOnnx, dtypes, sizeOf, type Tensor, type TensorData } from '../tensor';
import { type TensorProto, TensorProto_DataLocation, TensorProtoSchema } from './onnx_pb';

/** Whether a tensor's elements stand in the message, in a type that we hold. Throws where its shape is impossible. */
export function isReadable(proto: TensorProto): boolean {
  if (proto.dims.some((dim) => dim < 0n)) throw damaged(proto);
  return dtypeFromOnnx(proto.dataType) !== null && proto.dataLocation !== TensorProto_DataLocation.EXTERNAL;
}

/** A tensor from its bytes. Throws where it lies in another file, holds an element type that we do not, or is damaged. */
export function readTensor(proto: TensorProto): Tensor {
  const dtype = dtypeFromOnnx(proto.dataType);
  if (dtype === null) {
    throw new UnrollError(
      'model',
      'The tensor "{0}" holds elements of ONNX type {1}, which cannot be read.',
      proto.name,
      proto.dataType,
    );
  }
  if (proto.dataLocation === TensorProto_DataLocation.EXTERNAL) {
    throw new UnrollError(
      'model',
      'The weights "{0}" lie in another file; put that file beside the model.',
      proto.name,
    );
  }
  const shape = proto.dims.map(Number);
  const size = sizeOf(shape);
  if (shape.some((dim) => dim < 0)) throw damaged(proto);
  if (proto.rawData.length > 0 || size === 0) return tensorOf(proto.name, dtype, shape, proto.rawData);
  const data = fromFields(proto, dtype);
  if (data.length !== size) throw damaged(proto);
  return { dtype, shape, data };
}

/** A tensor from the raw bytes of its elements. @throws UnrollError `model` where they are not as many as the shape says. */
export function tensorOf(name: string, dtype: DType, shape: readonly number[], bytes: Uint8Array): Tensor {
  const { array } = dtypes[dtype];
  if (bytes.length !== sizeOf(shape) * array.BYTES_PER_ELEMENT) throw damaged({ name });
  // A copy, because the bytes need not be aligned to the elements. ONNX is little-endian, as are all our platforms.
  return { dtype, shape, data: new array(new Uint8Array(bytes).buffer) };
}

function fromFields(proto: TensorProto, dtype: Tensor['dtype']): TensorData {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(proto.floatData);
    case 'float64':
      return Float64Array.from(proto.doubleData);
    case 'int64':
      return BigInt64Array.from(proto.int64Data);
    case 'uint64':
      return BigUint64Array.from(proto.uint64Data);
    case 'uint32':
      return Uint32Array.from(proto.uint64Data, Number);
    default:
      return dtypes[dtype].array.from(proto.int32Data);
  }
}

/** What a tensor is that holds more or fewer elements than its shape says. */
export function damaged(proto: Pick<TensorProto, 'name'>): UnrollError {
  return new UnrollError(
    'model',
    'The tensor "{0}" does not hold as many elements as its shape says; the file is damaged.',
    proto.name,
  );
}

/** The inverse of {@link readTensor}, with the elements as raw bytes. */
export function writeTensor(name: string, tensor: Tensor): TensorProto {
  const { data } = tensor;
  return create(TensorProtoSchema, {
    name,
    dataType: dtypes[tensor.dtype].onnx,
    dims: tensor.shape.map(BigInt),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  });
}
