import { UnrollError } from '../../protocol/errors';
import type { Message } from '../../protocol/messages';
import { int } from '../graph/builder';
import { type Attribute, type Attributes, Graph, Names, type Node } from '../graph/graph';
import { Value, type ValueType } from '../graph/value';
import { operators } from '../ops/table';
import type { Tensor } from '../tensor';
import { elementType } from './elementTypes';
import {
  type AttributeProto,
  AttributeProto_AttributeType,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx_pb';
import { inOrder } from './order';
import { isReadable, readTensor } from './tensors';

/** So much of what is wrong with a model is told. */
const mostProblems = 8;

/** What is known of a graph that is read to be shown, beside the graph. What keeps it from running is noted and read over. */
export class OutlineNotes {
  readonly problems: Message[] = [];
  /** The types of values whose elements we do not hold, such as `string`: their `type` says float32. */
  readonly otherTypes = new Map<Value, string>();
  /** What each node was read from. */
  readonly read = new Map<Node, NodeProto>();
  /** Where nodes read each other in a circle: the value that stands for one that is made only later, and that one. No graph is a circle. */
  readonly later = new Map<Value, Value>();

  /** @param left what stands for tensors whose elements are still in the file. */
  constructor(readonly left: ReadonlyMap<TensorProto, Tensor>) {}

  note({ text }: UnrollError): void {
    if (this.problems.length < mostProblems) this.problems.push(text);
  }
}

/**
 * The graph of a message, whose nodes are put in order. Operators without a rule are kept as they are, with outputs of unknown shape.
 * @param notes for a graph that is only to be shown; null where it is to be run, and what is wrong is thrown.
 */
export function readGraph(proto: GraphProto, notes: OutlineNotes | null): Graph {
  const names = new Names();
  const reader = new GraphReader(names, notes);
  reader.prepare(proto);
  return reader.graph(proto, null);
}

/** The values that can be read in a graph: its own, and those of the graphs around it. */
class Scope {
  private readonly own = new Map<string, Value>();
  /** Values that were read before anything made them. */
  readonly awaited = new Map<string, Value>();

  /** @param made what the nodes of the graph make. */
  constructor(
    readonly outer: Scope | null,
    readonly made: ReadonlySet<string>,
  ) {}

  get(name: string): Value | undefined {
    return this.own.get(name) ?? this.outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.own.set(name, value);
  }
}

class GraphReader {
  constructor(
    private readonly names: Names,
    private readonly notes: OutlineNotes | null,
  ) {}

  /** Takes every name, so that whatever is added gets names of its own, and puts nodes after those that they read. */
  prepare(proto: GraphProto): void {
    for (const { name } of [...proto.input, ...proto.output, ...proto.initializer]) this.names.claim(name);
    for (const node of proto.node) {
      for (const name of [node.name, ...node.output]) this.names.claim(name);
      for (const { g } of node.attribute) if (g !== undefined) this.prepare(g);
    }
    const { nodes, circle } = inOrder(proto.node);
    proto.node = nodes;
    if (circle.length === 0) return;
    const [first, last] = [circle[0], circle.at(-1)].map((node) => `${node?.opType} "${node?.name}"`);
    this.wrong(
      new UnrollError(
        'model',
        'Nodes of this model wait for each other in a circle ({0} in all, from {1} to {2}), so it cannot run; export it again.',
        circle.length,
        first ?? '',
        last ?? '',
      ),
    );
  }

  graph(proto: GraphProto, outer: Scope | null): Graph {
    const graph = new Graph(proto.name, this.names);
    const scope = new Scope(outer, new Set(proto.node.flatMap(({ output }) => output)));
    const declared = new Map([...proto.input, ...proto.output, ...proto.valueInfo].map((info) => [info.name, info]));
    for (const initializer of proto.initializer) {
      const constant = this.constant(initializer);
      const { dtype, other } = elementType(initializer.dataType);
      const value = new Value(initializer.name, { dtype, shape: initializer.dims.map(Number) }, constant);
      this.isOther(value, other);
      graph.initializers.add(value);
      scope.set(initializer.name, value);
    }
    for (const info of proto.input) {
      // Old files list their weights among the inputs.
      if (scope.get(info.name) !== undefined && outer?.get(info.name) === undefined) continue;
      const value = new Value(info.name, typeOf(info));
      this.isOther(value, otherTypeOf(info));
      graph.inputs.push(value);
      scope.set(info.name, value);
    }
    for (const node of proto.node) graph.nodes.push(this.node(node, scope, declared));
    for (const { name } of proto.output) {
      const value = scope.get(name);
      if (value !== undefined) {
        graph.outputs.push(value);
        continue;
      }
      this.wrong(new UnrollError('model', 'The model promises the output "{0}", but nothing computes it.', name));
      graph.outputs.push(new Value(name, unknown));
    }
    return graph;
  }

  private node(proto: NodeProto, scope: Scope, declared: ReadonlyMap<string, ValueInfoProto>): Node {
    const inputs = proto.input.map((name) => {
      if (name === '') return null;
      return scope.get(name) ?? this.missing(proto, name, scope);
    });
    const attributes: Attributes = Object.fromEntries(
      proto.attribute.flatMap((attribute) => {
        const value = this.attribute(attribute, scope);
        return value === null ? [] : [[attribute.name, value] as const];
      }),
    );
    const inferred = infer(proto, inputs, attributes);
    const outputs = proto.output.map((name, i) => {
      if (name === '') return null;
      const constant =
        proto.opType === 'Constant' && attributes['value']?.kind === 'tensor' ? attributes['value'].value : null;
      const info = declared.get(name);
      const type = constant ?? (info === undefined ? inferred?.[i] : typeOf(info, inferred?.[i])) ?? unknown;
      const value = new Value(name, { dtype: type.dtype, shape: type.shape }, constant);
      const awaited = scope.awaited.get(name);
      if (awaited !== undefined) this.notes?.later.set(awaited, value);
      if (info !== undefined) this.isOther(value, otherTypeOf(info));
      scope.set(name, value);
      return value;
    });
    const node = { op: proto.opType, domain: proto.domain, name: proto.name, inputs, outputs, attributes };
    this.notes?.read.set(node, proto);
    return node;
  }

  /** What stands for a value that nothing has made so far, in a model that is shown all the same. */
  private missing(proto: NodeProto, name: string, scope: Scope): Value {
    const error = new UnrollError(
      'model',
      'The {0} node "{1}" reads "{2}", which nothing computes.',
      proto.opType,
      proto.name,
      name,
    );
    // Of what comes later, the circle that it is in has been told.
    if (this.notes === null || !scope.made.has(name)) this.wrong(error);
    const value = new Value(name, unknown);
    scope.awaited.set(name, value);
    scope.set(name, value);
    return value;
  }

  private attribute(proto: AttributeProto, scope: Scope): Attribute | null {
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
        const tensor = proto.t === undefined ? null : this.constant(proto.t);
        return tensor === null ? null : { kind: 'tensor', value: tensor };
      }
      case type.GRAPH:
        return proto.g === undefined ? null : { kind: 'graph', value: this.graph(proto.g, scope) };
      default:
        return null;
    }
  }

  /** Weights that we cannot read (in another file, of a rare type) are no constants to us; the model may still run. */
  private constant(proto: TensorProto): Tensor | null {
    return this.notes?.left.get(proto) ?? (isReadable(proto) ? readTensor(proto) : null);
  }

  private isOther(value: Value, other: string | null): void {
    if (other !== null) this.notes?.otherTypes.set(value, other);
  }

  private wrong(error: UnrollError): void {
    if (this.notes === null) throw error;
    this.notes.note(error);
  }
}

const unknown: ValueType = { dtype: 'float32', shape: null };

/** Types by the operator's rule, or null where there is no rule or the rule asks for more than is known. */
function infer(
  proto: NodeProto,
  inputs: readonly (Value | null)[],
  attributes: Attributes,
): readonly ValueType[] | null {
  const operator = proto.domain === '' ? operators().get(proto.opType) : undefined;
  if (operator === undefined) return null;
  // Before operator set 18 only its outputs said into how many parts a Split cuts evenly.
  const parts = proto.opType === 'Split' ? { num_outputs: int(proto.output.length) } : {};
  try {
    return operator.infer({ inputs, attributes: { ...parts, ...attributes } });
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

const decoder = new TextDecoder();

const otherTypeOf = (info: ValueInfoProto) => elementType(info.type?.tensorType?.elemType ?? 0).other;

/** The declared type of a value; what a file leaves out is as `inferred`. */
function typeOf(info: ValueInfoProto, inferred: ValueType = unknown): ValueType {
  const tensor = info.type?.tensorType;
  if (tensor === undefined) return inferred;
  const { dtype } = elementType(tensor.elemType);
  if (tensor.shape === undefined) return { dtype, shape: inferred.shape };
  const shape = tensor.shape.dim.map(({ value }, i) => {
    // Some exporters write −1 for a free dimension.
    if (value.case === 'dimValue' && value.value >= 0n) return Number(value.value);
    return value.case === 'dimParam' && value.value !== '' ? value.value : `${info.name}_${i}`;
  });
  return { dtype, shape };
}
