import { clone, toBinary } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { dtypeFromOnnx, dtypes } from '../tensor';
import { type GraphProto, ModelProtoSchema, type TensorProto, TensorProto_DataLocation } from './onnx_pb';
import type { Model } from './read';

/** Where a tensor's bytes lie outside the model's file. */
export interface ExternalPart {
  readonly tensor: string;
  /** Path of the file, from the model's folder on; as the model gives it, to be trusted by nobody. */
  readonly location: string;
  readonly offset: number;
  /** How many bytes; null for all to the end of the file. */
  readonly length: number | null;
}

/** The tensors of a model whose bytes lie in other files. @throws UnrollError `model` where a place makes no sense. */
export function externalParts({ proto }: Pick<Model, 'proto'>): readonly ExternalPart[] {
  return proto.graph === undefined ? [] : externalTensors(proto.graph).map(partOf);
}

/**
 * The model as one file: the bytes of every external tensor, as `load` gives them, put into it.
 * @throws UnrollError `model` where they are not as many as the tensor's shape says, and what `load` throws.
 */
export function withExternalData(
  { proto }: Pick<Model, 'proto'>,
  load: (part: ExternalPart) => Uint8Array,
): Uint8Array {
  const copy = clone(ModelProtoSchema, proto);
  for (const tensor of copy.graph === undefined ? [] : externalTensors(copy.graph)) {
    tensor.rawData = load(partOf(tensor));
    tensor.dataLocation = TensorProto_DataLocation.DEFAULT;
    tensor.externalData = [];
  }
  return toBinary(ModelProtoSchema, copy);
}

function externalTensors(graph: GraphProto): TensorProto[] {
  const inNodes = graph.node.flatMap(({ attribute }) =>
    attribute.flatMap(({ t, g }) => [...(t === undefined ? [] : [t]), ...(g === undefined ? [] : externalTensors(g))]),
  );
  const own = [...graph.initializer, ...inNodes];
  // What lies in bodies has been looked through already.
  return own.filter(({ dataLocation }) => dataLocation === TensorProto_DataLocation.EXTERNAL);
}

function partOf(tensor: TensorProto): ExternalPart {
  const said = new Map(tensor.externalData.map(({ key, value }) => [key, value] as const));
  const whole = (key: string) => {
    const text = said.get(key);
    if (text === undefined) return null;
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (!Number.isSafeInteger(value)) throw wrongPlace(tensor.name);
    return value;
  };
  const location = said.get('location') ?? '';
  if (location === '') throw wrongPlace(tensor.name);
  const part = { tensor: tensor.name, location, offset: whole('offset') ?? 0, length: whole('length') };
  const dtype = dtypeFromOnnx(tensor.dataType);
  if (dtype === null) return part;
  const bytes = tensor.dims.map(Number).reduce((size, dim) => size * dim, dtypes[dtype].array.BYTES_PER_ELEMENT);
  if (!Number.isSafeInteger(bytes) || bytes < 0 || (part.length !== null && part.length !== bytes))
    throw wrongPlace(tensor.name);
  return { ...part, length: bytes };
}

const wrongPlace = (tensor: string) =>
  new UnrollError(
    'model',
    'The file says of the weights "{0}" that they lie in another file, but not sensibly where; it is damaged.',
    tensor,
  );
