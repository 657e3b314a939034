import { fromBinary } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { type Attribute, type Attributes, Graph, Names, type Node } from '../graph/graph';
import { Value, type ValueType } from '../graph/value';
import { operators } from '../ops/table';
import { dtypeFromOnnx, type Tensor } from '../tensor';
import { mistakenFor } from './mistaken';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb';
import { isReadable, readTensor } from './tensors';

/** An ONNX file: the graph, and the message it was read from, which keeps what the graph does not speak of. */
export interface Model {
  readonly graph: Graph;
  readonly proto: ModelProto;
  /** Version of ONNX's own operator set. */
  readonly opset: number;
}

/** Reads an ONNX file. Operators without a rule are kept as they are, with outputs of unknown shape. */
export function readModel(bytes: Uint8Array): Model {
  return modelOf(parse(bytes));
}

/** The graph of a model that is already a message. */
export function modelOf(proto: ModelProto): Model {
  if (proto.graph === undefined) throw new UnrollError('model', 'This is not an ONNX model: it holds no graph.');
  const opset = Number(proto.opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);
  const names = new Names();
  claimAll(proto.graph, names);
  return { graph: readGraph(proto.graph, names, new Map()), proto, opset };
}

function parse(bytes: Uint8Array): ModelProto {
  const mistaken = mistakenFor(bytes);
  if (mistaken !== null) throw mistaken;
  try {
    return fromBinary(ModelProtoSchema, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    // The library reads messages a hundred deep, which is some thirty graphs in graphs.
    if (/recursion depth/.test(why)) {
      throw new UnrollError('model', 'Graphs lie too deep in one another in this file to be read; it is damaged.');
    }
    throw new UnrollError('model', 'This is not an ONNX model, or it is damaged: {0}.', why);
  }
}

/** Takes every name in the file, so that whatever is added gets names of its own. */
function claimAll(graph: GraphProto, names: Names): void {
  for (const { name } of [...graph.input, ...graph.output, ...graph.initializer]) names.claim(name);
  for (const node of graph.node) {
    for (const name of [node.name, ...node.output]) names.claim(name);
    for (const { g } of node.attribute) if (g !== undefined) claimAll(g, names);
  }
}

function readGraph(proto: GraphProto, names: Names, outer: ReadonlyMap<string, Value>): Graph {
  const graph = new Graph(proto.name, names);
  const scope = new Map(outer);
  const declared = new Map(
    [...proto.input, ...proto.output, ...proto.valueInfo].map((info) => [info.name, typeOf(info)] as const),
  );
  for (const initializer of proto.initializer) {
    const constant = constantOf(initializer);
    const dtype = dtypeFromOnnx(initializer.dataType) ?? 'float32';
    const value = new Value(initializer.name, { dtype, shape: initializer.dims.map(Number) }, constant);
    graph.initializers.add(value);
    scope.set(initializer.name, value);
  }
  for (const info of proto.input) {
    if (scope.has(info.name) && !outer.has(info.name)) continue; // Old files list their weights among the inputs.
    const value = new Value(info.name, typeOf(info));
    graph.inputs.push(value);
    scope.set(info.name, value);
  }
  for (const node of proto.node) graph.nodes.push(readNode(node, names, scope, declared));
  for (const { name } of proto.output) {
    const value = scope.get(name);
    if (value === undefined)
      throw new UnrollError('model', 'The model promises the output "{0}", but nothing computes it.', name);
    graph.outputs.push(value);
  }
  return graph;
}

/** Weights that we cannot read (in another file, of a rare type) are no constants to us; the model may still run. */
function constantOf(proto: TensorProto): Tensor | null {
  return isReadable(proto) ? readTensor(proto) : null;
}

function readNode(
  proto: NodeProto,
  names: Names,
  scope: Map<string, Value>,
  declared: ReadonlyMap<string, ValueType>,
): Node {
  const inputs = proto.input.map((name) => {
    if (name === '') return null;
    const value = scope.get(name);
    if (value === undefined)
      throw new UnrollError(
        'model',
        'The {0} node "{1}" reads "{2}", which nothing computes.',
        proto.opType,
        proto.name,
        name,
      );
    return value;
  });
  const attributes: Attributes = Object.fromEntries(
    proto.attribute.flatMap((attribute) => {
      const value = readAttribute(attribute, names, scope);
      return value === null ? [] : [[attribute.name, value] as const];
    }),
  );
  const inferred = infer(proto, inputs, attributes);
  const outputs = proto.output.map((name, i) => {
    if (name === '') return null;
    const constant =
      proto.opType === 'Constant' && attributes['value']?.kind === 'tensor' ? attributes['value'].value : null;
    const type = constant ?? declared.get(name) ?? inferred?.[i] ?? { dtype: 'float32' as const, shape: null };
    const value = new Value(name, { dtype: type.dtype, shape: type.shape }, constant);
    scope.set(name, value);
    return value;
  });
  return { op: proto.opType, domain: proto.domain, name: proto.name, inputs, outputs, attributes };
}

/** Types by the operator's rule, or null where there is no rule or the rule asks for more than is known. */
function infer(
  proto: NodeProto,
  inputs: readonly (Value | null)[],
  attributes: Attributes,
): readonly ValueType[] | null {
  const operator = proto.domain === '' ? operators().get(proto.opType) : undefined;
  if (operator === undefined) return null;
  try {
    return operator.infer({ inputs, attributes });
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

const decoder = new TextDecoder();

function readAttribute(proto: AttributeProto, names: Names, scope: ReadonlyMap<string, Value>): Attribute | null {
  const type = AttributeProto_AttributeType;
  switch (proto.type) {
    case type.INT:
      return { kind: 'int', value: Number(proto.i) };
    case type.FLOAT:
      return { kind: 'float', value: proto.f };
    case type.STRING:
      return { kind: 'string', value: decoder.decode(proto.s) };
    case type.INTS:
      return { kind: 'ints', value: proto.ints.map(Number) };
    case type.FLOATS:
      return { kind: 'floats', value: proto.floats };
    case type.STRINGS:
      return { kind: 'strings', value: proto.strings.map((bytes) => decoder.decode(bytes)) };
    case type.TENSOR: {
      const tensor = proto.t === undefined ? null : constantOf(proto.t);
      return tensor === null ? null : { kind: 'tensor', value: tensor };
    }
    case type.GRAPH:
      return proto.g === undefined ? null : { kind: 'graph', value: readGraph(proto.g, names, scope) };
    default:
      return null;
  }
}

function typeOf(info: ValueInfoProto): ValueType {
  const tensor = info.type?.tensorType;
  const dtype = dtypeFromOnnx(tensor?.elemType ?? 0) ?? 'float32';
  if (tensor?.shape === undefined) return { dtype, shape: null };
  const shape = tensor.shape.dim.map(({ value }, i) => {
    // Some exporters write −1 for a free dimension.
    if (value.case === 'dimValue' && value.value >= 0n) return Number(value.value);
    return value.case === 'dimParam' && value.value !== '' ? value.value : `${info.name}_${i}`;
  });
  return { dtype, shape };
}
