import { create, toBinary } from '@bufbuild/protobuf';
import type { Attribute, Graph, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { knownShape } from '../ops/operator';
import { dtypes } from '../tensor';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema,
} from './onnx_pb';
import { writeTensor } from './tensors';

/** The operator set and file version that we write: old enough for every runtime in use, new enough for all that we need. */
export const opset = 17;
export const irVersion = 8n;
/** What our files say they were made by. */
export const producer = 'Unroll';

/** A graph as the bytes of an ONNX file. `metadata` becomes the model's metadata_props. `version` is that of the operator set. */
export function writeModel(
  graph: Graph,
  metadata: Readonly<Record<string, string>> = {},
  version: number = opset,
): Uint8Array {
  return toBinary(ModelProtoSchema, modelProto(graph, metadata, version));
}

function modelProto(graph: Graph, metadata: Readonly<Record<string, string>>, version: number): ModelProto {
  return create(ModelProtoSchema, {
    irVersion,
    producerName: producer,
    opsetImport: [{ domain: '', version: BigInt(version) }],
    graph: graphProto(graph, true),
    metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  });
}

/** A graph. A body's free dimensions are left out: they follow from what the surrounding graph gives it. */
export function graphProto(graph: Graph, outermost: boolean): GraphProto {
  return create(GraphProtoSchema, {
    name: graph.name,
    node: graph.nodes.map(nodeProto),
    initializer: [...graph.initializers].flatMap(({ name, constant }) =>
      constant ? [writeTensor(name, constant)] : [],
    ),
    input: graph.inputs.map((value) => valueInfo(value, outermost)),
    output: graph.outputs.map((value) => valueInfo(value, outermost)),
  });
}

export function valueInfo({ name, type }: Value, free: boolean): ValueInfoProto {
  const writable = type.shape !== null && (free || knownShape(type.shape) !== null) ? type.shape : null;
  const shape = writable?.map((dim) =>
    typeof dim === 'number'
      ? ({ case: 'dimValue', value: BigInt(dim) } as const)
      : ({ case: 'dimParam', value: dim } as const),
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: {
      tensorType: {
        elemType: dtypes[type.dtype].onnx,
        ...(shape && { shape: { dim: shape.map((value) => ({ value })) } }),
      },
    },
  });
}

export function nodeProto(node: Node): NodeProto {
  return create(NodeProtoSchema, {
    opType: node.op,
    domain: node.domain,
    name: node.name,
    input: trimmed(node.inputs),
    output: trimmed(node.outputs),
    attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeProto(name, attribute)),
  });
}

/** Names, with an empty one where ONNX leaves a value out and nothing at the end. */
function trimmed(values: readonly (Value | null)[]): string[] {
  const names = values.map((value) => value?.name ?? '');
  while (names.at(-1) === '') names.pop();
  return names;
}

const encoder = new TextEncoder();

export function attributeProto(name: string, attribute: Attribute): AttributeProto {
  const type = AttributeProto_AttributeType;
  switch (attribute.kind) {
    case 'int':
      return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(attribute.value) });
    case 'float':
      return create(AttributeProtoSchema, { name, type: type.FLOAT, f: attribute.value });
    case 'string':
      return create(AttributeProtoSchema, { name, type: type.STRING, s: encoder.encode(attribute.value) });
    case 'ints':
      return create(AttributeProtoSchema, { name, type: type.INTS, ints: attribute.value.map(BigInt) });
    case 'floats':
      return create(AttributeProtoSchema, { name, type: type.FLOATS, floats: [...attribute.value] });
    case 'strings':
      return create(AttributeProtoSchema, {
        name,
        type: type.STRINGS,
        strings: attribute.value.map((s) => encoder.encode(s)),
      });
    case 'tensor':
      return create(AttributeProtoSchema, { name, type: type.TENSOR, t: writeTensor('', attribute.value) });
    case 'graph':
      return create(AttributeProtoSchema, { name, type: type.GRAPH, g: graphProto(attribute.value, false) });
  }
}
