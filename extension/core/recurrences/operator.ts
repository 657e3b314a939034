import { UnrollError } from '../../protocol/errors';
import type { Cell } from '../cells/cell';
import { directionsOf, isFused } from '../cells/fusedCell';
import { type Lowered, lowerFused, operandsOf } from '../cells/lower';
import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import { Value } from '../graph/value';
import { at, intOf } from '../ops/arguments';
import { type Change, changesOf } from '../trace/change';
import { expose, exposed, type TracedLayer } from '../trace/tracedLayer';
import type { Constants } from './numeric/constants';
import type { FoundRecurrence, PlainRead, RecurrenceRead } from './recurrence';
import { standIn } from './standIn';
import { numbersIn } from './weights';

/** A fused recurrent operator; null for every other node. `constants` tells the sizes of weights that nodes make, such as dequantised ones. */
export function findOperator(given: Node, constants: Constants = () => null): FoundRecurrence | null {
  if (given.domain !== '' || !isFused(given.op)) return null;
  const node = withKnownWeights(given, constants);
  const [, , input] = node.inputs[1]?.type.shape ?? [];
  const hidden = Number(node.inputs[2]?.type.shape?.[2]);
  const attribute = node.attributes['direction'];
  const direction = attribute?.kind === 'string' ? attribute.value : 'forward';
  const cell = cellOf(node);
  return {
    name: node.name,
    realisation: 'operator',
    node: given,
    op: node.op,
    title: cell?.title ?? node.op,
    hidden: Number.isNaN(hidden) ? null : hidden,
    input: typeof input === 'number' ? input : null,
    direction: direction === 'bidirectional' || direction === 'reverse' ? direction : 'forward',
    parameters: numbersIn(node.inputs.slice(1)) + numbersMade(given, constants),
    gates: cell?.gates ?? [],
    equations: cell?.steps.map(({ text }) => text) ?? [],
    nodes: new Set([given]),
    reads: readsOf(node),
    obstacle: null,
    trace: (b, change) =>
      change === undefined && hasKernel(node) ? tracedOperator(b, node) : replacedOperator(b, given, node, change),
  };
}

/** The operator with the shapes of its weights, where the file does not say them and nodes make them of constants. */
function withKnownWeights(node: Node, constants: Constants): Node {
  const inputs = node.inputs.map((value, i) => {
    if (value === null || i === 0 || value.type.shape !== null) return value;
    const shape = constants(value)?.shape;
    return shape === undefined ? value : new Value(value.name, { dtype: value.type.dtype, shape });
  });
  return inputs.every((value, i) => value === node.inputs[i]) ? node : { ...node, inputs };
}

/** How many numbers the weights are that nodes make of constants. */
function numbersMade({ inputs }: Node, constants: Constants): number {
  const made = new Set(inputs.slice(1).filter((value) => value !== null && value.constant === null)) as Set<Value>;
  const isWeight = ({ type }: Value) => type.shape === null && type.dtype.includes('float');
  return [...made].filter(isWeight).reduce((sum, value) => sum + (constants(value)?.data.length ?? 0), 0);
}

/** The cell of an operator's first direction; null where its attributes make none. */
export function cellOf(node: Node): Cell | null {
  try {
    return directionsOf(node)[0]?.cell ?? null;
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

function readsOf({ inputs, attributes }: Node): readonly RecurrenceRead[] {
  const [X, W, R, B, lengths, h, c, P] = inputs;
  const [steps, batch] = intOf(attributes, 'layout', 0) === 0 ? [0, 1] : [1, 0];
  const reads = (values: readonly (Value | null | undefined)[], read: Omit<PlainRead, 'value'>) =>
    values.flatMap((value) => (value ? [{ value, ...read }] : []));
  return [
    ...reads([X], { kind: 'values', steps, batch }),
    ...reads([lengths], { kind: 'lengths', steps: null, batch: 0 }),
    ...reads([h, c], { kind: 'state', steps: null, batch: steps === 0 ? 1 : 0 }),
    ...reads([W, R, B, P], { kind: 'weight', steps: null, batch: null }),
  ];
}

/** The directions of a fused operator that stays as it is. */
function tracedOperator(b: Builder, node: Node): TracedLayer[] {
  // Lowering comes first, because it refuses operands that do not fit.
  const lowered = lowerFused(b, node);
  return layersOf(b, node, lowered, sequenceOutput(b, node));
}

/** Whether onnxruntime has a kernel for a fused operator: none takes float64 or bfloat16, nor the batch as first axis. */
const hasKernel = ({ inputs, attributes }: Node) =>
  !/float64|bfloat16/.test(inputs[1]?.type.dtype ?? '') && intOf(attributes, 'layout', 0) === 0;

/**
 * Puts the written-out cell in the place of a fused operator that onnxruntime has no kernel for, and compares it with a copy that
 * there is one for. A cell whose states are changed has nothing to be compared with but itself.
 */
function replacedOperator(b: Builder, given: Node, node: Node, change?: Change): TracedLayer[] {
  const dtype = node.inputs[1]?.type.dtype === 'float64' ? 'float64' : 'float32';
  return standIn(b, given, () => {
    const lowered = lowerFused(b, node, (layer, { states }) => changesOf(change, states, { layer, dtype }));
    const Y = change === undefined ? runnableCopy(b, node) : ownY(b, lowered);
    return { values: [lowered.Y, ...lowered.finals], result: layersOf(b, node, lowered, Y) };
  });
}

/** Y of the written-out cells, [steps, directions, batch, hidden]. */
function ownY(b: Builder, { directions }: Lowered): Value {
  const each = directions.map(({ cell, signals }) => {
    const value = signals.get(cell.output);
    if (value === undefined) throw new UnrollError('internal', 'A cell gives out no {0}.', cell.output);
    return b.unsqueeze(value, [1]);
  });
  return b.concat(each, 1);
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
    equations: cell.steps.map(({ text }) => text),
    signals: exposed(b, cell, signals),
    states: cell.states,
    fused: { output: expose(b, Y), direction, signal: cell.output },
  }));
}

/** The node's Y; a node that leaves it out is run a second time with it. */
function sequenceOutput(b: Builder, node: Node): Value {
  const Y = node.outputs[0];
  if (Y) return Y;
  const [again] = b.apply(node.op, node.inputs, node.attributes, ['Y']);
  if (again === undefined) throw new UnrollError('internal', '{0} has no outputs.', node.op);
  return again;
}
