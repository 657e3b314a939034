import { type DescMessage, fromBinary, type MessageShape } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import { dtypeFromOnnx, dtypes, sizeOf, type Tensor } from '../tensor';
import { type ByteSource, Window } from './byteSource';
import { fieldsOf, type Stretch } from './fields';
import { mistakenFor } from './mistaken';
import {
  type AttributeProto,
  AttributeProtoSchema,
  type GraphProto,
  GraphProtoSchema,
  type ModelProto,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  type TensorProto,
  TensorProtoSchema,
} from './onnx_pb';
import { damaged, readTensor } from './tensors';

/** A tensor of more bytes than this is left in the file: shapes, axes and the constants of formulas are smaller. */
const smallTensor = 2 ** 14;
/** Of everything else so much may be in a file: it becomes objects that are many times as large. */
const mostStructure = 2 ** 27;
/** Of a model's remarks and names one alone is not as large as this. */
const mostText = 2 ** 20;
/** Graphs in graphs are followed so far down. */
export const deepestGraph = 32;

/** An ONNX file read without its weights. */
export interface Skimmed {
  readonly proto: ModelProto;
  /** What stands for each tensor whose elements were left in the file: they are read when its `data` is asked for. */
  readonly left: ReadonlyMap<TensorProto, Tensor>;
  /** Whether graphs lie deeper in one another than were followed. */
  readonly deeper: boolean;
}

/**
 * Reads everything of an ONNX file but what its large tensors hold, in one pass and little memory.
 * @param small tensors of at most so many bytes are read.
 * @throws UnrollError `model` where it is none or damaged.
 */
export function skim(source: ByteSource, small = smallTensor): Skimmed {
  const mistaken = mistakenFor(source.read(0, Math.min(source.size, 256)));
  if (mistaken !== null) throw mistaken;
  return new Skimmer(source, small).model();
}

/** What a message consists of: itself without some of its fields, and those. Field numbers are those of onnx.proto. */
class Skimmer {
  private readonly window: Window;
  private readonly left = new Map<TensorProto, Tensor>();
  private deeper = false;
  private kept = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly small: number,
  ) {
    this.window = new Window(source);
  }

  model(): Skimmed {
    const graphs: Stretch[] = [];
    const proto = this.message(ModelProtoSchema, { from: 0, to: this.source.size }, { 7: (at) => graphs.push(at) });
    const [first, ...more] = graphs;
    if (first !== undefined) proto.graph = this.graph(first, more, 1);
    return { proto, left: this.left, deeper: this.deeper };
  }

  /** A message that is given more than once is the sum of what is given. */
  private graph(first: Stretch, others: readonly Stretch[], depth: number): GraphProto {
    const [nodes, initializers]: [NodeProto[], TensorProto[]] = [[], []];
    const part = (place: Stretch) =>
      this.message(GraphProtoSchema, place, {
        1: (at) => nodes.push(this.node(at, depth)),
        5: (at) => initializers.push(this.tensor([at])),
        15: () => {}, // Sparse weights: no operator of ours reads them.
      });
    const graph = part(first);
    for (const { input, output, valueInfo } of others.map(part)) {
      graph.input.push(...input);
      graph.output.push(...output);
      graph.valueInfo.push(...valueInfo);
    }
    graph.node = nodes;
    graph.initializer = initializers;
    return graph;
  }

  private node(place: Stretch, depth: number): NodeProto {
    const attributes: AttributeProto[] = [];
    const node = this.message(NodeProtoSchema, place, { 5: (at) => attributes.push(this.attribute(at, depth)) });
    node.attribute = attributes;
    return node;
  }

  private attribute(place: Stretch, depth: number): AttributeProto {
    const [tensors, graphs]: [Stretch[], Stretch[]] = [[], []];
    const attribute = this.message(AttributeProtoSchema, place, {
      5: (at) => tensors.push(at),
      6: (at) => graphs.push(at),
      // Lists of tensors and graphs, and sparse tensors: no operator of ours has any.
      10: () => {},
      11: () => {},
      22: () => {},
      23: () => {},
    });
    if (tensors.length > 0) attribute.t = this.tensor(tensors);
    const [first, ...others] = graphs;
    if (first !== undefined) {
      if (depth < deepestGraph) attribute.g = this.graph(first, others, depth + 1);
      else this.deeper = true;
    }
    return attribute;
  }

  private tensor(places: readonly Stretch[]): TensorProto {
    const elements: Stretch[] = [];
    let raw = 0;
    const rest: Stretch[] = [];
    for (const place of places) {
      for (const { number, whole, content } of fieldsOf(this.window, place)) {
        add(elementFields.has(number) ? elements : rest, whole);
        if (number === 9 && content !== null) raw = content.to - content.from;
      }
    }
    const size = lengthOf(elements);
    if (size <= this.small) return parse(TensorProtoSchema, this.gather([...rest, ...elements]));
    const proto = parse(TensorProtoSchema, this.gather(rest));
    const tensor = this.later(proto, elements, rest, raw);
    if (tensor !== null) this.left.set(proto, tensor);
    return proto;
  }

  /** A tensor whose elements are read when they are asked for; null where we hold no such elements. */
  private later(
    proto: TensorProto,
    elements: readonly Stretch[],
    rest: readonly Stretch[],
    raw: number,
  ): Tensor | null {
    const dtype = dtypeFromOnnx(proto.dataType);
    if (dtype === null) return null;
    const shape = proto.dims.map(Number);
    if (shape.some((dim) => dim < 0)) throw damaged(proto);
    if (raw > 0 && raw !== sizeOf(shape) * dtypes[dtype].array.BYTES_PER_ELEMENT) throw damaged(proto);
    const { source } = this;
    let read: Tensor | null = null;
    return {
      dtype,
      shape,
      get data() {
        read ??= readTensor(parse(TensorProtoSchema, joined(source, [...rest, ...elements])));
        return read.data;
      },
    };
  }

  /** A message without the fields that `take` takes. */
  private message<D extends DescMessage>(
    schema: D,
    place: Stretch,
    take: Readonly<Record<number, (content: Stretch) => void>>,
  ): MessageShape<D> {
    const rest: Stretch[] = [];
    for (const { number, whole, content } of fieldsOf(this.window, place)) {
      const taken = take[number];
      if (taken !== undefined) {
        if (content !== null) taken(content);
      } else if (whole.to - whole.from <= mostText) add(rest, whole);
    }
    return parse(schema, this.gather(rest));
  }

  /** Reads stretches now, as far as the file does not hold more than becomes a model. */
  private gather(stretches: readonly Stretch[]): Uint8Array {
    const size = lengthOf(stretches);
    this.kept += size;
    if (this.kept > mostStructure) {
      throw new UnrollError('model', 'Without its weights this model is still too large to be shown.');
    }
    return joined(this.window, stretches);
  }
}

function parse<D extends DescMessage>(schema: D, bytes: Uint8Array): MessageShape<D> {
  try {
    return fromBinary(schema, bytes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnrollError('model', 'This is not an ONNX model, or it is damaged: {0}.', why);
  }
}

/** Where a tensor's elements may stand: in its raw data or in a field for their type. */
const elementFields: ReadonlySet<number> = new Set([4, 5, 6, 7, 9, 10, 11]);

/** Adds a stretch, to the last one where it follows that. */
function add(stretches: Stretch[], next: Stretch): void {
  const last = stretches.at(-1);
  if (last?.to === next.from) stretches[stretches.length - 1] = { from: last.from, to: next.to };
  else stretches.push(next);
}

const lengthOf = (stretches: readonly Stretch[]) => stretches.reduce((sum, { from, to }) => sum + to - from, 0);

function joined(source: Window | ByteSource, stretches: readonly Stretch[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(stretches));
  let at = 0;
  for (const { from, to } of stretches) {
    bytes.set(source instanceof Window ? source.bytes(from, to) : source.read(from, to - from), at);
    at += to - from;
  }
  return bytes;
}
