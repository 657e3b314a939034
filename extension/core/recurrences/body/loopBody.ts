import type { Graph, Node } from '../../graph/graph';
import type { Dim, Value } from '../../graph/value';
import { axisOf, intOf, intsOf } from '../../ops/arguments';

/** A node that runs its body once a step, with the parts of the body by what they are for. */
export interface LoopBody {
  readonly kind: 'scan' | 'loop';
  readonly node: Node;
  readonly body: Graph;
  readonly states: readonly LoopState[];
  /** What is cut into steps by the node itself. */
  readonly scanned: readonly ScannedInput[];
  /** A Loop's number of the step and its condition; null in a Scan. */
  readonly iteration: Value | null;
  readonly condition: Value | null;
  /** The outputs of the body that the node stacks. */
  readonly stacked: readonly StackedOutput[];
  /** A Scan of operator set 8 has a batch before the steps, whose items it runs one by one. */
  readonly batched: boolean;
}

export interface LoopState {
  readonly initial: Value | null;
  readonly before: Value;
  readonly after: Value;
}

export interface ScannedInput {
  readonly outer: Value | null;
  readonly inner: Value;
  readonly axis: number;
  readonly reverse: boolean;
}

export interface StackedOutput {
  readonly inner: Value;
  /** Its place among the outputs of the node. */
  readonly place: number;
  readonly axis: number;
  readonly reverse: boolean;
}

/** Reads a Scan or a Loop; null for every other node, and for one whose body does not fit it. */
export function readLoopBody(node: Node): LoopBody | null {
  if (node.domain !== '') return null;
  const attribute = node.attributes['body'];
  if (attribute?.kind !== 'graph') return null;
  const loop =
    node.op === 'Scan' ? readScan(node, attribute.value) : node.op === 'Loop' ? readLoop(node, attribute.value) : null;
  // Every state begins with something.
  return loop?.states.every(({ initial }) => initial !== null) ? loop : null;
}

function readScan(node: Node, body: Graph): LoopBody | null {
  const count = intOf(node.attributes, 'num_scan_inputs', -1);
  // Operator set 8 had the lengths of the sequences before the states.
  const batched = node.inputs.length === body.inputs.length + 1;
  const outer = batched ? node.inputs.slice(1) : node.inputs;
  const states = body.inputs.length - count;
  if (count < 0 || states < 0 || outer.length !== body.inputs.length || body.outputs.length < states) return null;
  const inputAxes = intsOf(node.attributes, 'scan_input_axes');
  const inputDirections = intsOf(node.attributes, batched ? 'directions' : 'scan_input_directions');
  const outputAxes = intsOf(node.attributes, 'scan_output_axes');
  const outputDirections = intsOf(node.attributes, 'scan_output_directions');
  return {
    kind: 'scan',
    node,
    body,
    batched,
    states: body.inputs.slice(0, states).flatMap((before, i) => {
      const after = body.outputs[i];
      return after === undefined ? [] : [{ initial: outer[i] ?? null, before, after }];
    }),
    scanned: body.inputs.slice(states).map((inner, i) => {
      const value = outer[states + i] ?? null;
      const rank = value?.type.shape?.length ?? inner.type.shape?.length ?? 1;
      return {
        outer: value,
        inner,
        axis: batched ? 1 : axisOf(inputAxes?.[i] ?? 0, rank),
        reverse: inputDirections?.[i] === 1,
      };
    }),
    iteration: null,
    condition: null,
    stacked: body.outputs.slice(states).map((inner, i) => ({
      inner,
      place: states + i,
      axis: batched ? 1 : axisOf(outputAxes?.[i] ?? 0, (inner.type.shape?.length ?? 0) + 1),
      reverse: outputDirections?.[i] === 1,
    })),
  };
}

function readLoop(node: Node, body: Graph): LoopBody | null {
  const [iteration, condition, ...before] = body.inputs;
  const [next, ...outputs] = body.outputs;
  if (iteration === undefined || condition === undefined || next === undefined) return null;
  if (node.inputs.length > before.length + 2 || outputs.length < before.length) return null;
  return {
    kind: 'loop',
    node,
    body,
    batched: false,
    states: before.flatMap((value, i) => {
      const after = outputs[i];
      return after === undefined ? [] : [{ initial: node.inputs[i + 2] ?? null, before: value, after }];
    }),
    scanned: [],
    iteration,
    condition,
    stacked: outputs
      .slice(before.length)
      .map((inner, i) => ({ inner, place: before.length + i, axis: 0, reverse: false })),
  };
}

/** What is known of the shape of one step of a scanned input. */
export function stepShape({ outer, inner, axis }: ScannedInput, batched: boolean): readonly Dim[] | null {
  const shape = outer?.type.shape ?? null;
  if (shape === null) return inner.type.shape;
  return shape.filter((_, i) => i !== axis && !(batched && i === 0));
}

/** Whether the first scanned input runs backwards: signals then lie by the places in it all the same. */
export const scansBackwards = ({ scanned }: LoopBody): boolean =>
  scanned.length > 0 && scanned.every(({ reverse }) => reverse);
