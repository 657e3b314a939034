import { UnrollError } from '../../protocol/errors';
import { type Builder, int, ints } from '../graph/builder';
import { Graph, type Node } from '../graph/graph';
import { type Dim, Value } from '../graph/value';
import { only } from '../ops/arguments';
import { type LoopBody, readLoopBody } from '../recurrences/body/loopBody';
import { standIn } from '../recurrences/standIn';
import { lookupsOf } from './lookups';

/**
 * Writes a Scan or a Loop as a Scan over first axes in one direction, of which there is a gradient. A Loop must run as often as a constant
 * says, whatever it computes.
 * What was known of the values in its body may be more now: read the graph again.
 */
export function makePlain(b: Builder, node: Node): 'was' | 'is now' | 'cannot be' {
  const loop = readLoopBody(node);
  if (loop === null || loop.batched) return 'cannot be';
  if (loop.kind === 'scan') {
    if (isPlain(loop)) return 'was';
    plainScan(b, loop);
    return 'is now';
  }
  const trips = loop.node.inputs[0]?.constant?.data[0];
  if (trips === undefined || !runsOn(loop)) return 'cannot be';
  scanOfLoop(b, loop, Number(trips));
  return 'is now';
}

function isPlain({ scanned, stacked }: LoopBody): boolean {
  const all = [...scanned, ...stacked];
  return all.every(({ axis }) => axis === 0) && new Set(all.map(({ reverse }) => reverse)).size <= 1;
}

/** Other axes are brought to the front, and what runs against the first input is turned around. */
function plainScan(b: Builder, { node, body, states, scanned, stacked }: LoopBody): void {
  const main = scanned[0]?.reverse ?? false;
  standIn(b, node, () => {
    const inputs = scanned.map(({ outer, axis, reverse }) => {
      if (outer === null) throw new UnrollError('internal', 'A Scan lacks an input.');
      const rank = outer.type.shape?.length ?? 0;
      const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis);
      const front = b.transpose(outer, [axis, ...others]);
      return reverse === main ? front : turned(b, front);
    });
    const initial = states.map((state) => state.initial);
    const results = scanNode(b, node, body, initial, inputs, main);
    const values = results.map((value, i) => {
      const { axis, reverse } = stacked[i - states.length] ?? { axis: 0, reverse: main };
      const inOrder = reverse === main ? value : turned(b, value);
      const rank = value.type.shape?.length ?? 0;
      const perm = Array.from({ length: rank }, (_, to) => (to < axis ? to + 1 : to === axis ? 0 : to));
      return axis === 0 ? inOrder : b.transpose(inOrder, perm);
    });
    return { values, result: undefined };
  });
}

/** Whether the condition of a Loop is true at every step. */
function runsOn({ node, body, condition }: LoopBody): boolean {
  const isTrue = (value: Value | null | undefined) =>
    value?.constant !== undefined && Number(value?.constant?.data[0] ?? 0) !== 0;
  if (node.inputs[1] && !isTrue(node.inputs[1])) return false;
  let next = body.outputs[0];
  for (;;) {
    if (next === undefined) return false;
    if (next === condition || isTrue(next)) return true;
    const maker = body.nodes.find(({ outputs }) => next !== undefined && outputs.includes(next));
    if (maker?.op !== 'Identity' && maker?.op !== 'Cast') return false;
    next = maker.inputs[0] ?? undefined;
  }
}

/** A Scan over the numbers of the steps, and over what a step looks up by its number. */
function scanOfLoop(b: Builder, loop: LoopBody, trips: number): void {
  const { node, body, states, iteration, condition } = loop;
  standIn(b, node, () => {
    const lookups = lookupsOf(loop, trips);
    const step = new Graph(b.graph.names.claim('step'), b.graph.names);
    for (const value of body.initializers) step.initializers.add(value);
    const inputs: Value[] = [];
    step.inputs.push(...states.map(({ before }) => before));
    if (iteration !== null) {
      const shape = [trips, ...(iteration.type.shape ?? []).map(Number)];
      const numbers = BigInt64Array.from({ length: trips }, (_, i) => BigInt(i));
      inputs.push(b.constant({ dtype: 'int64', shape, data: numbers }));
      step.inputs.push(iteration);
    }
    if (condition !== null) {
      const yes = b.constant({ dtype: 'bool', shape: [], data: Uint8Array.of(1) });
      step.nodes.push(identity(b, yes, condition));
    }
    for (const { outer, inner, axis, removesAxis, places } of lookups) {
      const taken = b.gather(outer, b.int64s(places), axis);
      const others = (outer.type.shape ?? []).flatMap((_, i) => (i === axis ? [] : [i]));
      const front = b.transpose(taken, [axis, ...others]);
      const stacked = removesAxis ? front : b.unsqueeze(front, [axis + 1]);
      const { dtype, shape } = stacked.type;
      const slice = new Value(b.graph.names.claim(`${inner.name}_slice`), { dtype, shape: shape?.slice(1) ?? null });
      inputs.push(stacked);
      step.inputs.push(slice);
      step.nodes.push(identity(b, slice, inner));
    }
    const lookedUp = new Set(lookups.map((lookup) => lookup.node));
    step.nodes.push(...body.nodes.filter((inner) => !lookedUp.has(inner)));
    // onnxruntime wants every output of a body to be a value of its own, made in it.
    for (const output of body.outputs.slice(1)) {
      const copy = new Value(b.graph.names.claim(`${output.name}_step`), output.type);
      step.nodes.push(identity(b, output, copy));
      step.outputs.push(copy);
    }
    const initial = states.map((state) => state.initial);
    return { values: scanNode(b, node, step, initial, inputs, false), result: undefined };
  });
}

const identity = (b: Builder, from: Value, to: Value): Node => ({
  op: 'Identity',
  domain: '',
  name: b.graph.names.claim('Identity'),
  inputs: [from],
  outputs: [to],
  attributes: {},
});

/** Adds a plain Scan and gives its outputs. */
function scanNode(
  b: Builder,
  { name }: Node,
  body: Graph,
  initial: readonly (Value | null)[],
  inputs: readonly Value[],
  reverse: boolean,
): Value[] {
  const states = initial.length;
  const steps: Dim = inputs[0]?.type.shape?.[0] ?? 'steps';
  const outputs = body.outputs.map((value, i) => {
    const { dtype, shape } = value.type;
    const own = i < states ? (initial[i]?.type.shape ?? shape) : shape && [steps, ...shape];
    return new Value(b.graph.names.claim(`${value.name}_of_steps`), { dtype, shape: own });
  });
  const direction = reverse ? 1 : 0;
  b.graph.nodes.push({
    op: 'Scan',
    domain: '',
    name,
    inputs: [...initial, ...inputs],
    outputs: [...outputs],
    attributes: {
      body: { kind: 'graph', value: body },
      num_scan_inputs: int(inputs.length),
      scan_input_directions: ints(inputs.map(() => direction)),
      scan_output_directions: ints(outputs.slice(states).map(() => direction)),
    },
  });
  return outputs;
}

/** The steps in the other order. */
export function turned(b: Builder, value: Value): Value {
  const least = -(2 ** 31 - 1);
  return only(b.apply('Slice', [value, b.int64s([-1]), b.int64s([least]), b.int64s([0]), b.int64s([-1])]));
}
