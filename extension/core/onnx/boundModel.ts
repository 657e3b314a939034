import { clone, create, toBinary } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { type Graph, type Node, usesOf } from '../graph/graph';
import { Value } from '../graph/value';
import { knownShape } from '../ops/operator';
import { type DType, sizeOf, type Tensor } from '../tensor';
import {
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  ValueInfoProtoSchema,
} from './onnx_pb';
import { type Model, modelOf } from './read';
import { writeTensor } from './tensors';
import { irVersion, opset, valueInfo } from './write';

// A model bound to the sizes of what it is fed: nothing in it is free any more, so that gradients can be written out. Sizes that no rule
// of ours infers are measured, by running the model once with those values as outputs; what becomes of shapes is a constant then.

/** What is known of a tensor without its elements. */
export type Size = Pick<Tensor, 'dtype' | 'shape'>;

/** A model with the sizes of its inputs, and the values that must be measured before it is wholly bound. */
export interface HalfBound {
  readonly proto: ModelProto;
  readonly sizes: ReadonlyMap<string, Size>;
  readonly missing: readonly string[];
}

/** More elements than this are no shape, axis or index. */
const mostInConstant = 4096;

/** Binds a model to the sizes of its inputs; what the file declares of other values is forgotten, because it may be free. */
export function bindInputs(model: Model, inputs: ReadonlyMap<string, Size>): HalfBound {
  const proto = clone(ModelProtoSchema, model.proto);
  const { graph } = proto;
  if (graph === undefined) return { proto, sizes: new Map(), missing: [] };
  forget(graph);
  for (const input of graph.input) {
    const size = inputs.get(input.name);
    if (size !== undefined) Object.assign(input, declared(input.name, size));
  }
  const read = modelOf(proto).graph;
  const sizes = new Map<string, Size>();
  const missing: string[] = [];
  const fixed = new Set<Value>([...read.initializers]);
  for (const value of [...read.inputs, ...read.initializers]) note(value, sizes);
  for (const node of read.nodes) {
    if (ofOtherKinds.test(node.op)) continue;
    for (const output of node.outputs) {
      if (output === null) continue;
      if (output.constant !== null) fixed.add(output);
      if (output.constant !== null || (isFloat(output) && hasRule(node, output))) note(output, sizes);
      else missing.push(output.name);
    }
  }
  return { proto, sizes, missing };
}

/** Operators whose results are no tensors. */
const ofOtherKinds = /Sequence|Optional|^String|^TfIdf|^Regex/;
const isFloat = ({ type }: Value) => type.dtype === 'float32' || type.dtype === 'float64';
/** Whether the size that a rule inferred is to be trusted: all inputs were known to it. */
const hasRule = (node: Node, { type }: Value) =>
  knownShape(type.shape) !== null &&
  node.domain === '' &&
  node.inputs.every((input) => input === null || knownShape(input.type.shape) !== null);

function note({ name, type }: Value, sizes: Map<string, Size>): void {
  const shape = knownShape(type.shape);
  if (shape !== null) sizes.set(name, { dtype: type.dtype, shape });
}

/** The bytes of a half-bound model that gives out what must be measured. */
export function measuring({ proto, missing }: HalfBound): Uint8Array {
  const copy = clone(ModelProtoSchema, proto);
  const given = new Set(copy.graph?.output.map(({ name }) => name));
  // A runtime finds out their types by itself.
  for (const name of missing) if (!given.has(name)) copy.graph?.output.push(create(ValueInfoProtoSchema, { name }));
  return toBinary(ModelProtoSchema, copy);
}

/**
 * The model wholly bound. Whole numbers that do not depend on the content of the inputs `varying`, such as what is made of shapes, are
 * constants in it; its only outputs are `outputs`.
 * @throws UnrollError `usage` where it does not have them.
 */
export function bound(
  { proto, sizes }: HalfBound,
  measured: ReadonlyMap<string, Tensor>,
  varying: ReadonlySet<string>,
  outputs: readonly string[],
): Model {
  const copy = clone(ModelProtoSchema, proto);
  const { graph } = copy;
  if (graph === undefined) return modelOf(copy);
  // Gradients are written as our own set has it; since 13 the operators of older sets have only gained in meaning.
  for (const entry of copy.opsetImport) {
    if ((entry.domain === '' || entry.domain === 'ai.onnx') && entry.version < opset) entry.version = BigInt(opset);
  }
  if (copy.irVersion < irVersion) copy.irVersion = irVersion;
  const missing = outputs.find((name) => !graph.output.some((output) => output.name === name));
  if (missing !== undefined) throw noOutput(missing);
  const all = new Map<string, Size>([...sizes, ...measured]);
  const loose = dependents(modelOf(proto).graph, varying);
  const isSettled = (name: string) => {
    const tensor = measured.get(name);
    return tensor !== undefined && !loose.has(name) && isWhole(tensor.dtype) && sizeOf(tensor.shape) <= mostInConstant;
  };
  const kept: NodeProto[] = [];
  for (const node of graph.node) {
    if (node.output.length > 0 && node.output.every((name) => name === '' || isSettled(name))) {
      for (const name of node.output) {
        const tensor = measured.get(name);
        if (tensor !== undefined) graph.initializer.push(writeTensor(name, tensor));
      }
      continue;
    }
    kept.push(node);
    for (const name of node.output) {
      const size = measured.get(name);
      if (size !== undefined) graph.valueInfo.push(declared(name, size));
    }
    for (const { name, g } of node.attribute) if (g !== undefined) bindBody(node, name, g, all);
  }
  graph.node = kept;
  graph.output = outputs.map((name) => {
    const size = all.get(name);
    return size === undefined ? create(ValueInfoProtoSchema, { name }) : declared(name, size);
  });
  return modelOf(copy);
}

export const noOutput = (name: string) => new UnrollError('usage', 'The model has no output "{0}".', name);

const isWhole = (dtype: DType) => !dtype.startsWith('float');

/** The names of the values whose content depends on that of some inputs; their sizes are fixed. */
function dependents(graph: Graph, varying: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(varying);
  for (const node of graph.nodes) {
    if (node.op === 'Shape' || node.op === 'Size') continue;
    if (!usesOf(node).some(({ name }) => found.has(name))) continue;
    for (const output of node.outputs) if (output !== null) found.add(output.name);
  }
  return found;
}

/** Says how large the inputs of a Scan's or a Loop's body are: as what they are given, without the axis that is scanned. */
function bindBody(node: NodeProto, attribute: string, body: GraphProto, sizes: ReadonlyMap<string, Size>): void {
  if (attribute !== 'body' || (node.opType !== 'Scan' && node.opType !== 'Loop')) return;
  const scans = node.opType === 'Scan' ? Number(intOf(node.attribute, 'num_scan_inputs')) : 0;
  const axes = node.attribute.find(({ name }) => name === 'scan_input_axes')?.ints.map(Number) ?? [];
  const first = node.input.length - scans;
  body.input.forEach((input, i) => {
    if (node.opType === 'Loop' && i < 2) {
      Object.assign(input, declared(input.name, { dtype: i === 0 ? 'int64' : 'bool', shape: [] }));
      return;
    }
    const size = sizes.get(node.input[i] ?? '');
    if (size === undefined) return;
    const axis = axes[i - first] ?? 0;
    const scanned = axis < 0 ? axis + size.shape.length : axis;
    const shape = i < first ? size.shape : size.shape.filter((_, at) => at !== scanned);
    Object.assign(input, declared(input.name, { dtype: size.dtype, shape }));
  });
}

const intOf = (attributes: readonly AttributeProto[], name: string) =>
  attributes.find((attribute) => attribute.name === name)?.i ?? 0n;

/** Drops what a graph declares of its values' sizes, but for its inputs. */
function forget(graph: GraphProto): void {
  graph.valueInfo = [];
  for (const value of graph.output) {
    if (value.type?.tensorType !== undefined) delete value.type.tensorType.shape;
  }
  for (const node of graph.node) for (const { g } of node.attribute) if (g !== undefined) forget(g);
}

const declared = (name: string, type: Size) => valueInfo(new Value(name, type), true);
