import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from '../../extension/core/onnx/onnx_pb';

// ONNX files that nobody exported, for tests of what reads them.

/** A node with one output, `<name>.y`. Bodies are attributes that hold a graph. */
export function nodeOf(
  op: string,
  name: string,
  input: readonly string[],
  bodies: Readonly<Record<string, GraphProto>> = {},
): NodeProto {
  const attribute = Object.entries(bodies).map(([key, g]) =>
    create(AttributeProtoSchema, { name: key, type: AttributeProto_AttributeType.GRAPH, g }),
  );
  return create(NodeProtoSchema, { opType: op, name, input: [...input], output: [`${name}.y`], attribute });
}

/** A graph of nodes. Weights are float32 zeros of a square shape; `outputs` names what it gives out. */
export function graphOf(
  node: readonly NodeProto[],
  outputs: readonly string[],
  weights: Readonly<Record<string, number>> = {},
): GraphProto {
  const initializer = Object.entries(weights).map(([name, size]) => ({
    name,
    dims: [BigInt(size), BigInt(size)],
    dataType: 1,
    rawData: new Uint8Array(4 * size * size),
  }));
  return create(GraphProtoSchema, { node: [...node], output: outputs.map((name) => ({ name })), initializer });
}

/** A file with this graph, which reads `x`: float32, [batch, 8]. */
export function fileOf(
  graph: GraphProto,
  more: Parameters<typeof create<typeof ModelProtoSchema>>[1] = {},
): Uint8Array {
  const shape = {
    dim: [
      { value: { case: 'dimParam' as const, value: 'batch' } },
      { value: { case: 'dimValue' as const, value: 8n } },
    ],
  };
  const [input] = create(GraphProtoSchema, {
    input: [{ name: 'x', type: { tensorType: { elemType: 1, shape } } }],
  }).input;
  if (input !== undefined) graph.input.unshift(input);
  const model = create(ModelProtoSchema, { irVersion: 8n, opsetImport: [{ domain: '', version: 17n }], ...more });
  model.graph = graph;
  return toBinary(ModelProtoSchema, model);
}
