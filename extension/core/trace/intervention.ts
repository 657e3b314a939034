import { UnrollError } from '../../protocol/errors';
import { lowerFused } from '../cells/lower';
import { recurrence, type StateChange, type StateChanges } from '../cells/recurrence';
import { readStepForm } from '../cells/stepForm';
import { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Dim, Value } from '../graph/value';
import { originalOf, writeExtended } from '../onnx/extend';
import { inNewerOpset } from '../onnx/opset';
import { readModel } from '../onnx/read';
import { intOf } from '../ops/arguments';
import { findRecurrences } from '../recurrences/findRecurrences';
import type { FoundRecurrence } from '../recurrences/recurrence';
import { isUnrolled } from '../recurrences/unrolled/findUnrolled';
import { type ChangedStates, replaceUnrolled } from '../recurrences/unrolled/replace';
import type { FloatType } from '../tensor';
import { expose, exposed, type TracedLayer } from './tracedLayer';
import type { TracedModel } from './traceModel';

/** One state of one layer, about to be changed. */
export interface ChangedState {
  /** Its layer's place among those of the trace. */
  readonly layer: number;
  readonly state: string;
  readonly units: number;
  readonly dtype: FloatType;
  /** What is known of [steps, batch]. */
  readonly steps: Dim;
  readonly batch: Dim;
}

/** What becomes of a state after each step; null for one that is left alone. Asked once for every state of every layer. */
export type Change = (state: ChangedState) => StateChange | null;

/**
 * Puts in the place of every recurrence of the graph of `b` one whose states are changed after each step, so that everything later in
 * the model follows. Returns the layers as `traceModel` gives them, in the same order; there is nothing left that they could be compared
 * with, so each stands beside itself.
 */
export function intervene(b: Builder, recurrences: readonly FoundRecurrence[], change: Change): TracedLayer[] {
  const layers: TracedLayer[] = [];
  for (const found of recurrences) {
    const { node } = found;
    if (node !== null && found.realisation === 'operator')
      layers.push(...changedOperator(b, node, layers.length, change));
    else if (node !== null && found.realisation === 'stepForm')
      layers.push(changedScan(b, node, layers.length, change));
    else if (isUnrolled(found)) {
      const layer = layers.length;
      const changes = ({ states, ...of }: ChangedStates) =>
        changesOf(states, change, { ...of, layer, dtype: 'float32' });
      layers.push(replaceUnrolled(b, found, changes));
    } else throw new UnrollError('model', 'The states of {0} cannot be changed.', found.name);
  }
  return layers;
}

/** A model whose states can be changed after every step, by what its additional inputs are fed. */
export interface IntervenedModel extends TracedModel {
  readonly hooks: readonly Hook[];
}

/**
 * The inputs that change one state s, [steps, units, batch] each, where any axis but the steps' may be 1: after every step it is
 * s ⊙ keep + set. All is kept where there is no `keep`.
 */
export interface Hook extends ChangedState {
  readonly keep: string | null;
  readonly set: string;
}

/**
 * Lets the states of a model be changed: fed with ones and zeros, its outputs are those of the model as it is. Where nothing is to be
 * overwritten, there is no `keep`.
 */
export function interveneModel(bytes: Uint8Array, { overwrites = true } = {}): IntervenedModel {
  const model = inNewerOpset(readModel(bytes));
  const { graph } = model;
  const original = originalOf(graph);
  const outputs = graph.outputs.map(({ name }) => name);
  const hooks: Hook[] = [];
  const layers = intervene(new Builder(graph), findRecurrences(graph), (state) => {
    const { layer, dtype } = state;
    const input = (kind: string) =>
      graph.input(`unroll.${kind}.${layer}.${state.state}`, { dtype, shape: ['all_steps', 'each_unit', 'each_item'] });
    const [keep, set] = [overwrites ? input('keep') : null, input('set')];
    hooks.push({ ...state, keep: keep?.name ?? null, set: set.name });
    return { keep, set };
  });
  return { bytes: writeExtended(model, original), outputs, layers, hooks };
}

/** The written-out cell of a fused operator in its place. */
function changedOperator(b: Builder, node: Node, first: number, change: Change): TracedLayer[] {
  const dtype = node.inputs[1]?.type.dtype === 'float64' ? 'float64' : 'float32';
  const batchFirst = intOf(node.attributes, 'layout', 0) === 1;
  const [outer, inner] = node.inputs[0]?.type.shape ?? [];
  const [steps, batch] = batchFirst ? [inner, outer] : [outer, inner];
  return inPlaceOf(b, node, () => {
    const lowered = lowerFused(b, node, (direction, cell, hidden) => {
      const layer = first + direction;
      return changesOf(cell.states, change, {
        layer,
        units: hidden,
        dtype,
        steps: steps ?? 'steps',
        batch: batch ?? 'batch',
      });
    });
    const layers = lowered.directions.map(
      ({ cell, reverse, hidden, signals }): TracedLayer => ({
        node: node.name,
        op: node.op,
        direction: reverse ? 'reverse' : 'forward',
        hidden,
        equations: cell.steps.map(({ text }) => text),
        signals: exposed(b, cell, signals),
        states: cell.states,
        fused: { output: expose(b, b.unsqueeze(found(signals, cell.output), [1])), direction: 0, signal: cell.output },
      }),
    );
    return { values: [lowered.Y, ...lowered.finals], result: layers };
  });
}

/** A Scan of ours once more in its own place. */
function changedScan(b: Builder, node: Node, layer: number, change: Change): TracedLayer {
  const read = readStepForm(b.graph, node);
  if (read === null) throw new UnrollError('internal', 'The Scan "{0}" is not one of ours.', node.name);
  const { cell, hidden, reverse, x } = read;
  const [steps, , batch] = x.type.shape ?? [];
  return inPlaceOf(b, node, () => {
    const dtype = x.type.dtype === 'float64' ? 'float64' : 'float32';
    const { signals, finals } = recurrence(b, {
      ...read,
      form: 'step',
      signals: cell.signals.map(({ name }) => name),
      changes: changesOf(cell.states, change, {
        layer,
        units: hidden,
        dtype,
        steps: steps ?? 'steps',
        batch: batch ?? 'batch',
      }),
    });
    const batchFirst = new Map([...signals].map(([name, value]) => [name, b.transpose(value, [0, 2, 1])]));
    return {
      values: [...finals, found(signals, cell.output)],
      result: {
        node: node.name,
        op: cell.title,
        direction: reverse ? 'reverse' : 'forward',
        hidden,
        equations: cell.steps.map(({ text }) => text),
        signals: exposed(b, cell, batchFirst),
        states: cell.states,
        fused: {
          output: expose(b, b.unsqueeze(found(batchFirst, cell.output), [1])),
          direction: 0,
          signal: cell.output,
        },
      },
    };
  });
}

function changesOf(states: readonly string[], change: Change, of: Omit<ChangedState, 'state'>): StateChanges {
  return new Map(
    states.flatMap((state) => {
      const wanted = change({ ...of, state });
      return wanted === null ? [] : [[state, wanted] as const];
    }),
  );
}

/** Puts what `write` adds where `node` stands; `values` take the place of its outputs, in order. */
function inPlaceOf<T>(b: Builder, node: Node, write: () => { values: readonly Value[]; result: T }): T {
  const { graph } = b;
  const place = graph.nodes.indexOf(node);
  const end = graph.nodes.length;
  const { values, result } = write();
  node.outputs.forEach((output, i) => {
    const value = values[i];
    if (output === null || value === undefined) return;
    const name = graph.names.claim('Identity');
    graph.nodes.push({ op: 'Identity', domain: '', name, inputs: [value], outputs: [output], attributes: {} });
  });
  const added = graph.nodes.splice(end);
  graph.nodes.splice(place, 1, ...added);
  return result;
}

function found(signals: ReadonlyMap<string, Value>, name: string): Value {
  const value = signals.get(name);
  if (value === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', name);
  return value;
}
