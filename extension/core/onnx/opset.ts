import { clone, create } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { type DType, dtypeFromOnnx, dtypes, type Tensor } from '../tensor';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  type GraphProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
} from './onnx_pb';
import { type Model, modelOf } from './read';
import { writeTensor } from './tensors';

// Models of old operator sets, written anew in the set 13, the first in which sizes and axes are inputs everywhere. The operators that
// changed between the sets 7 and 13 in a way that matters here are those below (ONNX's Changelog.md); all others read the same.

const oldest = 7;
const newest = 13;
/** The first file version that has the operator set, and in which a constant need not be listed among the inputs. */
const irVersion = 7n;

/**
 * The model in operator set 13 or newer; itself where it is that already.
 * @throws UnrollError `model` where an operator of the old set has no like in the new one.
 */
export function inNewerOpset(model: Model): Model {
  const { opset } = model;
  if (opset >= newest) return model;
  if (opset < oldest) {
    throw new UnrollError(
      'model',
      'This model uses operator set {0}, and stepping through it needs {1} or newer; export it again with a newer opset.',
      opset,
      oldest,
    );
  }
  const proto = clone(ModelProtoSchema, model.proto);
  if (proto.graph !== undefined) new Rewriter(proto.graph, opset).rewriteAll();
  for (const entry of proto.opsetImport) {
    if (entry.domain === '' || entry.domain === 'ai.onnx') entry.version = BigInt(newest);
  }
  if (proto.irVersion < irVersion) proto.irVersion = irVersion;
  return modelOf(proto);
}

type Rewrite = (node: NodeProto, rewriter: Rewriter) => void;

/** What becomes of the nodes of an operator in a set below `since`. */
const rewrites: Readonly<Record<string, { readonly since: number; readonly rewrite: Rewrite }>> = {
  Squeeze: { since: 13, rewrite: toInputs('axes') },
  Unsqueeze: { since: 13, rewrite: toInputs('axes') },
  ReduceSum: { since: 13, rewrite: toInputs('axes') },
  Split: { since: 13, rewrite: toInputs('split') },
  Slice: { since: 10, rewrite: toInputs('starts', 'ends', 'axes') },
  TopK: { since: 10, rewrite: toInputs('k') },
  Clip: { since: 11, rewrite: toInputs('min', 'max') },
  Pad: { since: 11, rewrite: toInputs('pads', 'value') },
  Dropout: { since: 12, rewrite: toInputs('ratio') },
  Softmax: { since: 13, rewrite: flattened },
  LogSoftmax: { since: 13, rewrite: flattened },
  Hardmax: { since: 13, rewrite: flattened },
  Scatter: {
    since: 11,
    rewrite: (node) => {
      node.opType = 'ScatterElements';
    },
  },
  BatchNormalization: {
    since: 9,
    rewrite: (node, rewriter) => {
      if (take(node, 'spatial')?.i === 0n) rewriter.refuse(node);
    },
  },
  Scan: { since: 9, rewrite: refuse },
  Upsample: { since: 14, rewrite: refuse },
  Resize: { since: 11, rewrite: refuse },
};

function refuse(node: NodeProto, rewriter: Rewriter): void {
  rewriter.refuse(node);
}

/** Attributes that became inputs after the first. */
function toInputs(...names: readonly string[]): Rewrite {
  return (node, rewriter) => {
    const values = names.map((name) => take(node, name));
    values.forEach((attribute, i) => {
      if (attribute === undefined) return;
      while (node.input.length <= i + 1) node.input.push('');
      const floating = attribute.type === AttributeProto_AttributeType.FLOAT;
      const like = floating && node.opType !== 'Dropout' ? rewriter.typeOf(node.input[0] ?? '') : 'float32';
      const numbers = attribute.ints.length > 0 ? attribute.ints : [attribute.i];
      node.input[i + 1] = rewriter.constant(
        floating
          ? {
              dtype: like,
              shape: [],
              data: like === 'float64' ? Float64Array.of(attribute.f) : Float32Array.of(attribute.f),
            }
          : { dtype: 'int64', shape: [numbers.length], data: BigInt64Array.from(numbers) },
      );
    });
  };
}

/** A softmax over all axes from one on, which was its old meaning: over the last axis of the flattened input. */
function flattened(node: NodeProto, rewriter: Rewriter): void {
  const axis = take(node, 'axis')?.i ?? 1n;
  node.attribute.push(intAttribute('axis', -1n));
  const [x = ''] = node.input;
  const [y = ''] = node.output;
  if (axis === -1n) return;
  const [shape, flat, result] = ['shape', 'flat', 'softmax'].map((name) => rewriter.claim(name)) as [
    string,
    string,
    string,
  ];
  const made = (opType: string, input: string[], output: string) =>
    create(NodeProtoSchema, { opType, name: output, input, output: [output] });
  const flatten = made('Flatten', [x], flat);
  flatten.attribute.push(intAttribute('axis', axis));
  rewriter.before.push(made('Shape', [x], shape), flatten);
  rewriter.after.push(
    create(NodeProtoSchema, { opType: 'Reshape', name: `${result} back`, input: [result, shape], output: [y] }),
  );
  node.input = [flat];
  node.output = [result];
}

const intAttribute = (name: string, i: bigint) =>
  create(AttributeProtoSchema, { name, type: AttributeProto_AttributeType.INT, i });

/** Takes an attribute off a node. */
function take(node: NodeProto, name: string) {
  const found = node.attribute.find((attribute) => attribute.name === name);
  node.attribute = node.attribute.filter((attribute) => attribute !== found);
  return found;
}

class Rewriter {
  /** Nodes to stand before and after the one that is being rewritten. */
  before: NodeProto[] = [];
  after: NodeProto[] = [];
  private readonly taken = new Set<string>();
  private readonly types = new Map<string, DType>();

  constructor(
    private readonly graph: GraphProto,
    private readonly opset: number,
  ) {
    this.note(graph);
  }

  rewriteAll(): void {
    const constants = new Set(this.graph.initializer.map(({ name }) => name));
    this.rewriteGraph(this.graph);
    // Among the inputs they would be no constants to a runtime.
    this.graph.input = this.graph.input.filter(({ name }) => !constants.has(name));
  }

  private rewriteGraph(graph: GraphProto): void {
    graph.node = graph.node.flatMap((node) => {
      for (const { g } of node.attribute) if (g !== undefined) this.rewriteGraph(g);
      const own = node.domain === '' || node.domain === 'ai.onnx';
      const entry = own && Object.hasOwn(rewrites, node.opType) ? rewrites[node.opType] : undefined;
      if (entry === undefined || this.opset >= entry.since) return [node];
      this.before = [];
      this.after = [];
      entry.rewrite(node, this);
      return [...this.before, node, ...this.after];
    });
  }

  refuse({ opType, name }: NodeProto): never {
    throw new UnrollError(
      'model',
      'The {0} node "{1}" of operator set {2} has changed its meaning since; export the model again with a newer opset.',
      opType,
      name,
      this.opset,
    );
  }

  claim(wish: string): string {
    let name = wish;
    for (let n = 2; this.taken.has(name); n++) name = `${wish}_${n}`;
    this.taken.add(name);
    return name;
  }

  constant(tensor: Tensor): string {
    const name = this.claim('constant');
    this.graph.initializer.push(writeTensor(name, tensor));
    return name;
  }

  /** The type that the file gives a value, float32 where it says nothing. */
  typeOf(name: string): 'float32' | 'float64' {
    return this.types.get(name) === 'float64' ? 'float64' : 'float32';
  }

  private note(graph: GraphProto): void {
    for (const { name, type } of [...graph.input, ...graph.output, ...graph.valueInfo]) {
      const dtype = dtypeFromOnnx(type?.tensorType?.elemType ?? dtypes.float32.onnx);
      if (dtype !== null) this.types.set(name, dtype);
    }
    for (const { name } of [...graph.input, ...graph.output, ...graph.initializer]) this.taken.add(name);
    for (const node of graph.node) {
      for (const name of [node.name, ...node.output]) this.taken.add(name);
      for (const { g } of node.attribute) if (g !== undefined) this.note(g);
    }
  }
}
