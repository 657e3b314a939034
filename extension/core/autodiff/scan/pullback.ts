import { UnrollError } from '../../../protocol/errors';
import { Builder } from '../../graph/builder';
import { bodiesOf, capturesOf, Graph, type Node } from '../../graph/graph';
import { Value } from '../../graph/value';
import { at, staticShape } from '../../ops/arguments';
import { liftElementwise } from '../../ops/elementwise';
import type { Pullback } from '../../ops/operator';
import { type ScanParts, scanParts } from '../../ops/scan';
import { operator } from '../../ops/table';
import { backpropagate, dependents } from '../backpropagate';
import { forwardStacks } from './forward';
import { simplify } from './simplify';
import { Stacks } from './stacks';
import { stepWork } from './stepWork';

/**
 * The gradient of a Scan: back-propagation through time.
 *
 * The step's own gradient is derived and simplified; then only what waits for the gradient carried from step to step goes into
 * a second Scan, which runs the other way. Everything else is computed for all steps at once, before it or after it: the
 * weights' gradients, for one, are one matrix product over all steps.
 */
export function scanPullback(pullback: Pullback): void {
  const { b, node, cotangent, wants, contribute } = pullback;
  const parts = scanParts(node);
  const { body, states, inputs } = parts;
  if (body.nodes.some((inner) => bodiesOf(inner).length > 0)) {
    throw new UnrollError('model', 'The Scan "{0}" holds another Scan, for which there is no gradient.', node.name);
  }
  const captured = capturesOf(body).filter(wants);
  const active = activeStates(parts, wants, captured);
  const activeInputs = inputs.map((_, i) => i).filter((i) => wants(inputs[i]));

  // The gradient of one step, for placeholders of the gradients that reach its outputs.
  const step = new Builder(new Graph('gradient of a step', b.graph.names), b);
  const placeholder = (like: Value) => new Value(b.graph.names.claim(`d_${like.name}`), like.type);
  const carried = new Map(active.map((i) => [i, placeholder(at(body.inputs, i))]));
  // Stacks that exist outside already: what reaches the outputs, and later what the backward Scan gives out.
  const arriving = new Map<Value, Value>();
  const seeds = new Map<Value, Value>();
  const seed = (output: Value, value: Value) => {
    const present = seeds.get(output);
    seeds.set(output, present === undefined ? value : step.add(present, value));
  };
  for (const [i, value] of carried) seed(at(body.outputs, i), value);
  body.outputs.slice(states.length).forEach((output, i) => {
    const d = cotangent(states.length + i);
    if (d === null) return;
    const value = placeholder(output);
    arriving.set(value, d);
    seed(output, value);
  });
  const stateInputs = active.map((i) => at(body.inputs, i));
  const stepInputs = activeInputs.map((i) => at(body.inputs, states.length + i));
  const gradientOf = backpropagate(step, [...body.nodes], seeds, [...stateInputs, ...stepInputs, ...captured]);
  const found = (value: Value) => gradientOf(value);
  const raw = {
    states: stateInputs.map((value) => found(value) ?? step.zerosLike(value, staticShape('Scan', value))),
    inputs: stepInputs.map(found),
    captured: captured.map(found),
  };
  const { nodes, replacement } = simplify(step.graph.nodes, body.nodes, b, carried.values());
  const become = (value: Value | null) => (value === null ? null : replacement(value));
  const gradient = {
    states: raw.states.map(replacement),
    inputs: raw.inputs.map(become),
    captured: raw.captured.map(become),
  };

  // What the backward Scan must do itself, and what can be done for all steps at once.
  const placeholders = new Set([...carried.values(), ...arriving.keys()]);
  const forward = forwardStacks(b, node, parts, stepWork(nodes, placeholders, stateInputs));
  const inside = sequentialNodes(nodes, new Set(carried.values()), gradient);
  const made = madeBy(nodes);
  const stacks = new Stacks(b, nodes, (value) => {
    const stack = arriving.get(value);
    if (stack !== undefined) return { value: stack, stacked: true };
    return forward(value) ?? (made.has(value) ? null : { value, stacked: false });
  });
  const handedOut = crossing(nodes, inside, new Set(carried.values()), [...gradient.inputs, ...gradient.captured]);
  const backward = backwardScan(b, {
    parts,
    nodes: nodes.filter((inner) => inside.has(inner)),
    carried: [...carried.values()],
    finals: active.map((i) => cotangent(i) ?? b.zerosLike(at(body.inputs, i), staticShape('Scan', at(body.inputs, i)))),
    results: gradient.states,
    handedOut,
    stacks,
  });
  for (const [value, stack] of backward.outputs) arriving.set(value, stack);

  // Hand the results to whoever wants them.
  active.forEach((i, k) => {
    const initial = at(states, i);
    if (wants(initial)) contribute(initial, at(backward.states, k));
  });
  gradient.inputs.forEach((value, k) => {
    const input = at(inputs, at(activeInputs, k));
    if (value !== null) contribute(input, stacks.of(value).value);
  });
  gradient.captured.forEach((value, k) => {
    if (value !== null) contribute(at(captured, k), stacks.sum(value));
  });
}

/** The states that a gradient can flow through: those that depend on something wanted, in this step or an earlier one. */
function activeStates(
  { body, states, inputs }: ScanParts,
  wants: (value: Value) => boolean,
  captured: readonly Value[],
): number[] {
  const roots = new Set<Value>(captured);
  for (const [i, input] of [...states, ...inputs].entries()) if (wants(input)) roots.add(at(body.inputs, i));
  for (;;) {
    const reached = dependents(body.nodes, roots);
    const more = states
      .map((_, i) => i)
      .filter((i) => reached.has(at(body.outputs, i)) && !roots.has(at(body.inputs, i)));
    if (more.length === 0) break;
    for (const i of more) roots.add(at(body.inputs, i));
  }
  return states.map((_, i) => i).filter((i) => roots.has(at(body.inputs, i)));
}

function madeBy(nodes: readonly Node[]): Set<Value | null> {
  return new Set(nodes.flatMap((node) => node.outputs));
}

/** The gradients that a step hands on, of its states, and those that are collected over all steps. */
interface StepGradient {
  readonly states: readonly Value[];
  readonly inputs: readonly (Value | null)[];
  readonly captured: readonly (Value | null)[];
}

/**
 * The nodes that run step by step: those between the carried gradients and the next carried gradients, and those that no rule can
 * run for all steps at once. Two more do because it is cheaper there. The gradient of an input that is a matrix product would be as
 * many products for all steps at once, of operands that have left the caches. And where a factor multiplies what is carried, giving
 * out the product costs no more than giving out what is carried, and leaves nothing to multiply.
 */
function sequentialNodes(nodes: readonly Node[], carried: ReadonlySet<Value>, gradient: StepGradient): Set<Node> {
  const waiting = dependents(nodes, carried);
  const products = nodes
    .filter(({ op, inputs: [left] }) => op === 'MatMul' && left?.type.shape?.length === 2 && !waiting.has(left))
    .flatMap(({ outputs }) => outputs);
  const early = gradient.inputs.filter((value) => value !== null && products.includes(value)) as Value[];
  const inside = new Set<Node>();
  const needed = new Set<Value>([...gradient.states, ...early]);
  const collected = new Set<Value | null>([...gradient.inputs, ...gradient.captured]);
  for (const node of [...nodes].reverse()) {
    const waits = node.outputs.some((output) => output !== null && waiting.has(output));
    const onTheWay = waits && node.outputs.some((output) => output !== null && needed.has(output));
    const isCollected = node.outputs.some((output) => collected.has(output));
    const scales =
      operator(node.op).lift === liftElementwise && node.inputs.some((input) => input && carried.has(input));
    if (isCollected) for (const input of node.inputs) collected.add(input);
    if (!onTheWay && !(isCollected && scales) && operator(node.op).lift !== undefined) continue;
    inside.add(node);
    for (const input of node.inputs) if (input !== null) needed.add(input);
  }
  return inside;
}

/** The step-by-step values that are needed outside, by the nodes after the backward Scan that lead to `results`. */
function crossing(
  nodes: readonly Node[],
  inside: ReadonlySet<Node>,
  carried: ReadonlySet<Value>,
  results: readonly (Value | null)[],
): Value[] {
  const makers = new Map(nodes.flatMap((node) => node.outputs.map((output) => [output, node] as const)));
  const found = new Set<Value>();
  const seen = new Set<Value>();
  const visit = (value: Value | null): void => {
    if (value === null || seen.has(value)) return;
    seen.add(value);
    const maker = makers.get(value);
    if (carried.has(value) || (maker !== undefined && inside.has(maker))) found.add(value);
    else maker?.inputs.forEach(visit);
  };
  results.forEach(visit);
  return [...found];
}

interface BackwardPlan {
  readonly parts: ScanParts;
  readonly nodes: readonly Node[];
  /** Placeholders of the carried gradients. */
  readonly carried: readonly Value[];
  /** Gradients of the final states: what is carried into the last step. */
  readonly finals: readonly Value[];
  /** The carried gradients that a step hands to the step before it. */
  readonly results: readonly Value[];
  /** Values that the Scan gives out for every step. */
  readonly handedOut: readonly Value[];
  readonly stacks: Stacks;
}

/** Builds the Scan that runs against the forward one. */
function backwardScan(
  b: Builder,
  plan: BackwardPlan,
): { states: readonly Value[]; outputs: ReadonlyMap<Value, Value> } {
  if (plan.carried.length === 0) return { states: [], outputs: new Map() };
  const local = new Set<Value | null>([...madeBy(plan.nodes), ...plan.carried]);
  const read = plan.nodes.flatMap(
    (node) => node.inputs.filter((input) => input !== null && !local.has(input)) as Value[],
  );
  const passed = plan.results.filter((value) => !local.has(value));
  const outer = new Map([...new Set([...read, ...passed])].map((value) => [value, plan.stacks.of(value)]));
  const scanned = [...outer].filter(([, stack]) => stack.stacked);
  // A Scan needs something to count its steps by, even when its step reads nothing new.
  const inputs = scanned.length > 0 ? scanned.map(([, stack]) => stack.value) : [at(plan.parts.inputs, 0)];
  const result = b.scan(plan.finals, inputs, !plan.parts.reverse, (inner, states, slices) => {
    const here = new Map<Value, Value>();
    for (const [i, value] of plan.carried.entries()) here.set(value, at(states, i));
    for (const [i, [value]] of scanned.entries()) here.set(value, at(slices, i));
    for (const [value, stack] of outer) if (!stack.stacked) here.set(value, stack.value);
    const local = (value: Value) => here.get(value) ?? value;
    for (const node of plan.nodes) {
      const inputs = node.inputs.map((input) => (input === null ? null : local(input)));
      const outputs = inner.apply(node.op, inputs, node.attributes);
      for (const [i, output] of node.outputs.entries()) if (output !== null) here.set(output, at(outputs, i));
    }
    return { states: plan.results.map(local), outputs: plan.handedOut.map(local) };
  });
  return { states: result.states, outputs: new Map(plan.handedOut.map((value, i) => [value, at(result.outputs, i)])) };
}
