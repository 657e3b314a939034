import { fromBinary } from '@bufbuild/protobuf';
import { UnrollError } from '../../protocol/errors';
import type { Message } from '../../protocol/messages';
import type { Graph, Node } from '../graph/graph';
import type { Value } from '../graph/value';
import type { ByteSource } from './byteSource';
import { mistakenFor } from './mistaken';
import { type ModelProto, ModelProtoSchema, type NodeProto } from './onnx_pb';
import { OutlineNotes, readGraph } from './readGraph';
import { deepestGraph, skim } from './skim';

/** An ONNX file: the graph, and the message it was read from, which keeps what the graph does not speak of. */
export interface Model {
  readonly graph: Graph;
  readonly proto: ModelProto;
  /** Version of ONNX's own operator set. */
  readonly opset: number;
}

/** A model read to be shown. Its message lacks what large tensors hold, and what is wrong with it is told. */
export interface Outline extends Model {
  readonly problems: readonly Message[];
  /** The types of values whose elements we do not hold, such as `string`: their `type` says float32. */
  readonly otherTypes: ReadonlyMap<Value, string>;
  /** What each node was read from. */
  readonly read: ReadonlyMap<Node, NodeProto>;
  /** Where nodes read each other in a circle: the value that stands for one that is made only later, and that one. */
  readonly later: ReadonlyMap<Value, Value>;
}

/** Reads an ONNX file. Operators without a rule are kept as they are, with outputs of unknown shape. */
export function readModel(bytes: Uint8Array): Model {
  return modelOf(parse(bytes));
}

/** The graph of a model that is already a message. Nodes that stand before what they read are put after it, in the message too. */
export function modelOf(proto: ModelProto): Model {
  return { graph: readGraph(graphOf(proto), null), proto, opset: opsetOf(proto) };
}

/**
 * Reads what an ONNX file is made of; of large tensors only their types, until their `data` is asked for.
 * @param small tensors of at most so many bytes are read at once; those of a few kilobytes are, where it is not given.
 * @throws UnrollError `model` where it is no ONNX file or damaged.
 */
export function readOutline(source: ByteSource, small?: number): Outline {
  const { proto, left, deeper } = skim(source, small);
  const notes = new OutlineNotes(left);
  if (deeper) {
    notes.note(
      new UnrollError(
        'model',
        'Graphs lie more than {0} deep in one another in this model; what is below is not shown.',
        deepestGraph,
      ),
    );
  }
  const graph = readGraph(graphOf(proto), notes);
  const { problems, otherTypes, read, later } = notes;
  return { graph, proto, opset: opsetOf(proto), problems, otherTypes, read, later };
}

function graphOf({ graph }: ModelProto) {
  if (graph === undefined) throw new UnrollError('model', 'This is not an ONNX model: it holds no graph.');
  return graph;
}

const opsetOf = ({ opsetImport }: ModelProto) =>
  Number(opsetImport.find(({ domain }) => domain === '' || domain === 'ai.onnx')?.version ?? 0);

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
