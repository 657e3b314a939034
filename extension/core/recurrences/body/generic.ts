import { type Builder, int } from '../../graph/builder';
import type { Node } from '../../graph/graph';
import type { Dim } from '../../graph/value';
import { Value } from '../../graph/value';
import { at } from '../../ops/arguments';
import { dtypes, sizeOf } from '../../tensor';
import { expose, type TracedLayer, type TracedSignal } from '../../trace/tracedLayer';
import { activationsOf, isLayout } from '../match/activations';
import type { StepGraph } from '../match/contract';
import { type Sample, sampleOf, sizesOf } from '../match/sample';
import { NotNumeric } from '../numeric/numbers';
import { bodyEquations } from './equations';
import { exposeStep } from './exposeStep';
import { type LoopBody, type LoopState, scansBackwards } from './loopBody';

/** So many values of a body are shown. */
const mostSignals = 48;

/** What is shown of a body that is no known cell. */
export interface BodySignals {
  /** Values of the body by the names that they are shown under; states first to last, activations between them as they come. */
  readonly named: ReadonlyMap<Value, string>;
  readonly states: readonly Value[];
  /** Those that lie within [0, 1]. */
  readonly gates: ReadonlySet<Value>;
  readonly sample: Sample | null;
}

/**
 * Every state that a body carries and every activation in it. A state whose shape changes from step to step is left out with what is made
 * of it, since steps of different shapes cannot be stacked.
 */
export function bodySignals(loop: LoopBody, step: StepGraph): BodySignals {
  const sample = firstSample(step);
  const shapeOf = (value: Value) => sample?.values.get(value)?.shape.join() ?? null;
  const steady = loop.states.filter((state) => {
    const { before, after } = state;
    if (loop.kind === 'scan') return true;
    if (isNoTensor(loop, state) || grows(loop, state)) return false;
    // Where more than the batch is left free, the sizes of the sample are guesses and tell nothing.
    const free = (before.type.shape ?? []).filter((dim) => typeof dim === 'string').length;
    const [from, to] = [shapeOf(before), shapeOf(after)];
    return before.type.shape === null || free > 1 || from === null || to === null || from === to;
  });
  const states = new Set(steady.map(({ after }) => after));
  const changing = madeOf(
    loop,
    loop.states.filter(({ after }) => !states.has(after)).map(({ before }) => before),
  );
  const found = activationsOf(loop.body.nodes, step.constantOf);
  const named = new Map<Value, string>();
  const gates = new Set<Value>();
  const taken = new Set<string>();
  const name = (value: Value, wish: string) => {
    if (named.has(value) || named.size >= mostSignals) return;
    let own = wish;
    for (let n = 2; taken.has(own); n++) own = `${wish}_${n}`;
    taken.add(own);
    named.set(value, own);
  };
  for (const node of loop.body.nodes) {
    for (const output of node.outputs) {
      if (output === null || changing.has(output)) continue;
      const activation = found.get(output);
      // A part of an activation that only lies otherwise is the same signal.
      if (activation !== undefined && (!isLayout(node) || node.op === 'Split' || node.op === 'Slice')) {
        name(output, output.name);
        if (activation.fn === 'σ' || activation.fn.startsWith('hardSigmoid')) gates.add(output);
      } else if (states.has(output)) name(output, output.name);
    }
  }
  // A state that no node of the body makes: what another state was, or what was there before the loop.
  for (const state of states) name(state, state.name);
  return { named, states: [...states], gates, sample };
}

/** Whether a state is a sequence or an optional value, by what is done with it: a file need not say. */
function isNoTensor({ body }: LoopBody, { before, after }: LoopState): boolean {
  const handles = ({ op }: Node) => /Sequence|^Optional/.test(op);
  return body.nodes.some(
    (node) => handles(node) && (node.inputs[0] === before || (node.outputs[0] === after && node.op !== 'SequenceAt')),
  );
}

/** Whether what is carried is joined to what was carried before. */
function grows({ body }: LoopBody, { before, after }: LoopState): boolean {
  const makers = new Map(body.nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  let [at, joined]: [Value | null | undefined, boolean] = [after, false];
  for (let node = makers.get(at ?? null); node !== undefined; node = makers.get(at ?? null)) {
    if (node.op === 'Concat') {
      if (node.inputs.includes(before)) return true;
      joined = true;
    } else if (!isLayout(node) || node.op === 'Slice' || node.op === 'Gather') return false;
    at = node.inputs[0];
    if (at === before) return joined;
  }
  return false;
}

/** What a body makes of some values, themselves included. */
function madeOf({ body }: LoopBody, values: readonly Value[]): ReadonlySet<Value> {
  const made = new Set(values);
  for (const { inputs, outputs } of body.nodes) {
    if (!inputs.some((input) => input !== null && made.has(input))) continue;
    for (const output of outputs) if (output !== null) made.add(output);
  }
  return made;
}

function firstSample(step: StepGraph): Sample | null {
  for (const sizes of sizesOf(step)) {
    try {
      return sampleOf(step, sizes, 1);
    } catch (error) {
      if (!(error instanceof NotNumeric)) throw error;
    }
  }
  return null;
}

/** How many numbers the first state holds, its batch left out; null where that is not known. */
export function unitsOf({ states }: LoopBody): number | null {
  for (const { before, initial } of states) {
    const shape = before.type.shape ?? initial?.type.shape ?? null;
    if (shape === null || !before.type.dtype.startsWith('float')) continue;
    const sizes = shape.slice(shape.length > 1 ? 1 : 0);
    if (sizes.every((size) => typeof size === 'number')) return sizes.reduce<number>((a, b) => a * Number(b), 1);
  }
  return null;
}

/** Gives out every state and activation of a body that is no known cell. */
export function tracedBody(b: Builder, loop: LoopBody, signals: BodySignals): TracedLayer[] {
  const { named, states, gates, sample } = signals;
  const given = [...named].map(([value, name]): TracedSignal & { readonly value: Value } => {
    const stacked = exposeStep(b, loop, value);
    const rank = value.type.shape?.length ?? sample?.values.get(value)?.shape.length ?? null;
    const output = expose(b, asRows(b, stacked, value, rank));
    return { name, range: gates.has(value) ? 'gate' : 'signed', output, value };
  });
  const compared = given.find(({ value }) => states.includes(value)) ?? given[0];
  if (compared === undefined) return [];
  return [
    {
      node: loop.node.name,
      op: loop.node.op,
      direction: scansBackwards(loop) ? 'reverse' : 'forward',
      hidden: unitsOf(loop) ?? 1,
      equations: bodyEquations(loop, named),
      signals: given.map(({ name, range, output }) => ({ name, range, output })),
      states: given.filter(({ value }) => states.includes(value)).map(({ name }) => name),
      // It is the model's own number: there is nothing else that it could be compared with.
      fused: { output: compared.output, direction: 0, signal: compared.name },
    },
  ];
}

/** A stacked value as [steps, batch, units]: a step of one axis is units, of more axes the first that is not one is the batch. */
function asRows(b: Builder, stacked: Value, value: Value, rank: number | null): Value {
  const cast = at(b.apply('Cast', [withRank(stacked, rank)], { to: int(dtypes.float32.onnx) }), 0);
  const dims = value.type.shape ?? [];
  const units = dims.slice(rank === 1 ? 0 : 1);
  // Of a loop that runs no step, the rest could not be told.
  const isKnown = value.type.shape !== null && units.every((dim) => typeof dim === 'number');
  const rest = isKnown ? sizeOf(units) : -1;
  const last = dims.at(-1);
  const single = rank === 3 && dims[0] === 1 && typeof last === 'number';
  const shape = single ? [0, -1, last] : rank !== null && rank >= 2 ? [0, 0, rest] : [0, 1, rest];
  return at(b.apply('Reshape', [cast, b.int64s(shape)]), 0);
}

function withRank(value: Value, rank: number | null): Value {
  if (value.type.shape !== null) return value;
  const shape: Dim[] = Array.from({ length: (rank ?? 1) + 1 }, (_, axis) => `${value.name}_${axis}`);
  return new Value(value.name, { dtype: value.type.dtype, shape });
}
