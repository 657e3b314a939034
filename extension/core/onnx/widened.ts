import { clone, toBinary } from '@bufbuild/protobuf';
import { floats, toNumbers } from '../tensor';
import { type GraphProto, ModelProtoSchema, type TensorProto, type ValueInfoProto } from './onnx_pb';
import type { Model } from './read';
import { isReadable, readTensor, writeTensor } from './tensors';

// TensorProto.DataType of float32, and of the floats of 16 bits.
const single = 1;
const isHalf = (type: number | bigint | undefined) =>
  type !== undefined && (Number(type) === 10 || Number(type) === 16);

/** Whether a model computes with floats of 16 bits anywhere. */
export function hasHalves({ proto }: Pick<Model, 'proto'>): boolean {
  return proto.graph !== undefined && graphsIn(proto.graph).some(holdsHalves);
}

/** The model with all floats of 16 bits as float32, inputs and outputs among them: gradients are computed in that. */
export function widened({ proto }: Pick<Model, 'proto'>): Uint8Array {
  const copy = clone(ModelProtoSchema, proto);
  for (const graph of copy.graph === undefined ? [] : graphsIn(copy.graph)) {
    graph.initializer = graph.initializer.map(widenedTensor);
    for (const { type } of declared(graph)) {
      if (type?.tensorType !== undefined && isHalf(type.tensorType.elemType)) type.tensorType.elemType = single;
    }
    for (const node of graph.node) {
      for (const attribute of node.attribute) {
        if (attribute.t !== undefined) attribute.t = widenedTensor(attribute.t);
        if ((attribute.name === 'to' || attribute.name === 'dtype') && isHalf(attribute.i))
          attribute.i = BigInt(single);
      }
    }
  }
  return toBinary(ModelProtoSchema, copy);
}

function widenedTensor(tensor: TensorProto): TensorProto {
  if (!isHalf(tensor.dataType) || !isReadable(tensor)) return tensor;
  const read = readTensor(tensor);
  return writeTensor(tensor.name, floats('float32', read.shape, toNumbers(read)));
}

const declared = ({ input, output, valueInfo }: GraphProto): readonly ValueInfoProto[] => [
  ...input,
  ...output,
  ...valueInfo,
];

const holdsHalves = (graph: GraphProto) =>
  graph.initializer.some(({ dataType }) => isHalf(dataType)) ||
  declared(graph).some(({ type }) => isHalf(type?.tensorType?.elemType)) ||
  graph.node.some(({ attribute }) =>
    attribute.some(({ name, t, i }) => isHalf(t?.dataType) || (name === 'to' && isHalf(i))),
  );

/** A graph and all bodies in it. */
function graphsIn(graph: GraphProto): GraphProto[] {
  const inner = graph.node.flatMap(({ attribute }) =>
    attribute.flatMap(({ g }) => (g === undefined ? [] : graphsIn(g))),
  );
  return [graph, ...inner];
}
