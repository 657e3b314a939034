import { UnrollError } from '../../protocol/errors';
import { isFused, lowerFused } from '../cells/lower';
import { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';
import { originalOf, writeExtended } from '../onnx/extend';
import { readModel } from '../onnx/read';

/** A model that gives out its inner signals beside its own outputs. */
export interface TracedModel {
  readonly bytes: Uint8Array;
  readonly layers: readonly TracedLayer[];
}

/** One direction of one recurrent node. */
export interface TracedLayer {
  readonly node: string;
  readonly op: string;
  readonly direction: 'forward' | 'reverse';
  readonly hidden: number;
  readonly equations: readonly string[];
  /** Each is an output [steps, batch, hidden] of the traced model. */
  readonly signals: readonly { readonly name: string; readonly range: 'gate' | 'signed'; readonly output: string }[];
  /** The node's own Y, an output [steps, directions, batch, hidden]; signal `h` must equal it at this direction. */
  readonly fused: { readonly output: string; readonly direction: number };
}

/** The oldest operator set that the written-out cells are valid in: the first with Split's and Squeeze's sizes as inputs. */
const oldestOpset = 13;

/**
 * Adds to a model, for every `RNN`, `LSTM` and `GRU` node, the cell that it computes, written out, with every signal as an
 * output. The nodes themselves stay, so that the written-out cell can be compared with them.
 */
export function traceModel(bytes: Uint8Array): TracedModel {
  const model = readModel(bytes);
  const { graph } = model;
  const nodes = graph.nodes.filter((node) => node.domain === '' && isFused(node.op));
  if (nodes.length > 0 && model.opset < oldestOpset) {
    throw new UnrollError(
      'model',
      'This model uses operator set {0}, and stepping through it needs {1} or newer; export it again with a newer opset.',
      model.opset,
      oldestOpset,
    );
  }
  const original = originalOf(graph);
  const b = new Builder(graph);
  const expose = (value: Value): string => {
    if (!graph.outputs.includes(value)) graph.outputs.push(value);
    return value.name;
  };
  const layers = nodes.flatMap((node) => {
    const Y = sequenceOutput(b, node);
    const lowered = lowerFused(b, node);
    return lowered.directions.map(({ cell, reverse, hidden, signals }, direction): TracedLayer => {
      return {
        node: node.name,
        op: node.op,
        direction: reverse ? 'reverse' : 'forward',
        hidden,
        equations: cell.steps.map(({ text }) => text),
        signals: cell.signals.flatMap(({ name, range }) => {
          const value = signals.get(name);
          return value === undefined ? [] : [{ name, range, output: expose(value) }];
        }),
        fused: { output: expose(Y), direction },
      };
    });
  });
  return { bytes: writeExtended(model, original), layers };
}

/** The node's Y; a node that leaves it out is run a second time with it. */
function sequenceOutput(b: Builder, node: Node): Value {
  const Y = node.outputs[0];
  if (Y) return Y;
  const [again] = b.apply(node.op, node.inputs, node.attributes, ['Y']);
  if (again === undefined) throw new UnrollError('internal', '{0} has no outputs.', node.op);
  return again;
}
