import { UnrollError } from '../../protocol/errors';
import type { Cell } from '../cells/cell';
import { isFused, lowerFused } from '../cells/lower';
import { recurrence } from '../cells/recurrence';
import { type ReadStepForm, readStepForm } from '../cells/stepForm';
import { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import { Value } from '../graph/value';
import { originalOf, writeExtended } from '../onnx/extend';
import { readModel } from '../onnx/read';

/** A model that gives out its inner signals beside its own outputs. */
export interface TracedModel {
  readonly bytes: Uint8Array;
  /** The names of the model's own outputs; a signal may be one of them. */
  readonly outputs: readonly string[];
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
  /** The node's own output Y, [steps, directions, batch, hidden]; the signal of this name must equal it at this direction. */
  readonly fused: { readonly output: string; readonly direction: number; readonly signal: string };
}

/** A node that computes a cell; a Scan with what it was read as. */
interface Recurrent {
  readonly node: Node;
  readonly stepForm: ReadStepForm | null;
}

/** The oldest operator set that the written-out cells are valid in: the first with Split's and Squeeze's sizes as inputs. */
const oldestOpset = 13;

/**
 * Adds to a model, for every `RNN`, `LSTM` and `GRU` node and every Scan that we wrote for a cell without a fused operator, the
 * cell that it computes, written out, with every signal as an output. The nodes themselves stay, so that the written-out cell
 * can be compared with them.
 */
export function traceModel(bytes: Uint8Array): TracedModel {
  const model = readModel(bytes);
  const { graph } = model;
  const recurrences = graph.nodes.flatMap((node): readonly Recurrent[] => {
    if (node.domain === '' && isFused(node.op)) return [{ node, stepForm: null }];
    const stepForm = readStepForm(graph, node);
    return stepForm === null ? [] : [{ node, stepForm }];
  });
  if (recurrences.length > 0 && model.opset < oldestOpset) {
    throw new UnrollError(
      'model',
      'This model uses operator set {0}, and stepping through it needs {1} or newer; export it again with a newer opset.',
      model.opset,
      oldestOpset,
    );
  }
  const original = originalOf(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const b = new Builder(graph);
  const layers = recurrences.flatMap(({ node, stepForm }) =>
    stepForm === null ? tracedOperator(b, node) : [tracedScan(b, node, stepForm)],
  );
  return { bytes: writeExtended(model, original), outputs, layers };
}

/** The directions of a fused operator. */
function tracedOperator(b: Builder, node: Node): TracedLayer[] {
  const Y = sequenceOutput(b, node);
  const lowered = lowerFused(b, node);
  return lowered.directions.map(({ cell, reverse, hidden, signals }, direction) => ({
    node: node.name,
    op: node.op,
    direction: reverse ? 'reverse' : 'forward',
    hidden,
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, signals),
    fused: { output: expose(b, Y), direction, signal: cell.output },
  }));
}

/** A Scan of ours, once more with every signal. */
function tracedScan(b: Builder, node: Node, stepForm: ReadStepForm): TracedLayer {
  const { cell, hidden, reverse, output } = stepForm;
  const { signals } = recurrence(b, { ...stepForm, form: 'step', signals: cell.signals.map(({ name }) => name) });
  const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
  const type = { ...output.type, shape: output.type.shape ?? ['steps', hidden, 'batch'] };
  const Y = b.unsqueeze(b.transpose(new Value(output.name, type), [0, 2, 1]), [1]);
  return {
    node: node.name,
    op: cell.title,
    direction: reverse ? 'reverse' : 'forward',
    hidden,
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, batchFirst),
    fused: { output: expose(b, Y), direction: 0, signal: cell.output },
  };
}

function exposed(b: Builder, cell: Cell, signals: ReadonlyMap<string, Value>): TracedLayer['signals'] {
  return cell.signals.flatMap(({ name, range }) => {
    const value = signals.get(name);
    return value === undefined ? [] : [{ name, range, output: expose(b, value) }];
  });
}

/** Makes a value an output of the graph, under the name that it has. */
function expose({ graph }: Builder, value: Value): string {
  if (!graph.outputs.includes(value)) graph.outputs.push(value);
  return value.name;
}

/** The node's Y; a node that leaves it out is run a second time with it. */
function sequenceOutput(b: Builder, node: Node): Value {
  const Y = node.outputs[0];
  if (Y) return Y;
  const [again] = b.apply(node.op, node.inputs, node.attributes, ['Y']);
  if (again === undefined) throw new UnrollError('internal', '{0} has no outputs.', node.op);
  return again;
}
