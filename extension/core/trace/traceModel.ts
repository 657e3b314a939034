import { UnrollError } from '../../protocol/errors';
import type { Cell } from '../cells/cell';
import { isFused } from '../cells/fusedCell';
import { type Lowered, lowerFused, operandsOf } from '../cells/lower';
import { recurrence } from '../cells/recurrence';
import { type ReadStepForm, readStepForm } from '../cells/stepForm';
import { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import { Value } from '../graph/value';
import { originalOf, writeExtended } from '../onnx/extend';
import { inNewerOpset } from '../onnx/opset';
import { readModel } from '../onnx/read';
import { at, intOf } from '../ops/arguments';

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
  /** Which of the signals are carried from step to step. */
  readonly states: readonly string[];
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

/**
 * Adds to a model, for every `RNN`, `LSTM` and `GRU` node and every Scan that we wrote for a cell without a fused operator, the
 * cell that it computes, written out, with every signal as an output. The nodes themselves stay, so that the written-out cell
 * can be compared with them; but a node that onnxruntime has no kernel for gives way to its cell, and is compared with a copy that
 * there is one for.
 */
export function traceModel(bytes: Uint8Array): TracedModel {
  const read = readModel(bytes);
  const isRecurrent = ({ op, domain, name }: Node) =>
    domain === '' && (isFused(op) || (op === 'Scan' && name.startsWith('unroll.')));
  const model = read.graph.nodes.some(isRecurrent) ? inNewerOpset(read) : read;
  const { graph } = model;
  const recurrences = graph.nodes.flatMap((node): readonly Recurrent[] => {
    if (node.domain === '' && isFused(node.op)) return [{ node, stepForm: null }];
    const stepForm = readStepForm(graph, node);
    return stepForm === null ? [] : [{ node, stepForm }];
  });
  const original = originalOf(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const b = new Builder(graph);
  const layers = recurrences.flatMap(({ node, stepForm }) => {
    if (stepForm !== null) return [tracedScan(b, node, stepForm)];
    return hasKernel(node) ? tracedOperator(b, node) : replacedOperator(b, node);
  });
  return { bytes: writeExtended(model, original), outputs, layers };
}

/** The directions of a fused operator that stays as it is. */
function tracedOperator(b: Builder, node: Node): TracedLayer[] {
  // Lowering comes first, because it refuses operands that do not fit.
  const lowered = lowerFused(b, node);
  return layersOf(b, node, lowered, sequenceOutput(b, node));
}

/** Whether onnxruntime has a kernel for a fused operator: none of them takes float64, nor the batch as first axis. */
const hasKernel = (node: Node) => node.inputs[1]?.type.dtype !== 'float64' && intOf(node.attributes, 'layout', 0) === 0;

/** Puts the written-out cell in the place of a fused operator. */
function replacedOperator(b: Builder, node: Node): TracedLayer[] {
  const { graph } = b;
  const place = graph.nodes.indexOf(node);
  const end = graph.nodes.length;
  const lowered = lowerFused(b, node);
  node.outputs.forEach((output, i) => {
    const value = [lowered.Y, ...lowered.finals][i];
    if (output === null || value === undefined) return;
    const name = graph.names.claim('Identity');
    graph.nodes.push({ op: 'Identity', domain: '', name, inputs: [value], outputs: [output], attributes: {} });
  });
  const layers = layersOf(b, node, lowered, runnableCopy(b, node));
  const added = graph.nodes.splice(end);
  graph.nodes.splice(place, 1, ...added);
  return layers;
}

/** Y, [steps, directions, batch, hidden], of the operator in float32 and layout 0. */
function runnableCopy(b: Builder, node: Node): Value {
  const { X, W, R, B, lengths, initial, P } = operandsOf(b, node);
  const inputs = [X, W, R, B, null, initial.h, initial.c, P].map((value) => value && b.cast(value, 'float32'));
  inputs[4] = lengths;
  const { layout: _, ...attributes } = node.attributes;
  return at(b.apply(node.op, node.op === 'LSTM' ? inputs : inputs.slice(0, 6), attributes, ['Y']), 0);
}

/** What is shown of the directions of `node`; `Y` is [steps, directions, batch, hidden]. */
function layersOf(b: Builder, node: Node, lowered: Lowered, Y: Value): TracedLayer[] {
  return lowered.directions.map(({ cell, reverse, hidden, signals }, direction) => ({
    node: node.name,
    op: node.op,
    direction: reverse ? 'reverse' : 'forward',
    hidden,
    states: cell.states,
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
    states: cell.states,
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
