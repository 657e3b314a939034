import type { Builder } from '../../graph/builder';
import { type Graph, type Node, usesOf } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { backwards } from '../body/exposeStep';
import type { Axes } from '../match/contract';
import {
  hasOperator,
  isZeros,
  laidOutAs,
  type OperatorForm,
  operatorForm,
  type Replacements,
  stepsLaidOutAs,
} from '../operatorForm';
import { type Collected, collectedIn } from './collected';
import type { UnrolledRecurrence } from './findUnrolled';
import { runOf } from './lowered';
import { termsOf } from './roll';

/**
 * Writes the fused operator of an unrolled recurrence into `b`, for what the rest of `graph` reads of its steps. Null where there is no such
 * operator, or where something is read that it does not give out.
 */
export function fuseUnrolled(b: Builder, found: UnrolledRecurrence, graph: Graph): Replacements | null {
  const { rolled, name, makers } = found;
  const { cell: matched, repeated, order } = rolled;
  if (matched === null || !hasOperator(matched)) return null;
  const run = runOf(b, name, rolled, matched);
  if (run === null) return null;
  const { cell, stateOrder, stateAxes } = matched;
  const initial = stateOrder.map((state, i) => {
    const term = repeated.initial?.[state];
    const begins = term && (term.node?.outputs[term.output] ?? term.value);
    return begins === undefined || isZeros(graph, begins) ? null : (run.initial[i] ?? null);
  });
  // The values of each state by their places in time; copies of one another hold the same.
  const places = cell.states.map((_, i): readonly (readonly Value[])[] => {
    const after = repeated.pattern.after[stateOrder[i] ?? -1];
    return order.map((step) => {
      const term = after && repeated.steps[step]?.get(after);
      return term === undefined ? [] : makers(term).flatMap(({ outputs }) => outputs[term.output] ?? []);
    });
  });
  const inside = new Set(termsOf(repeated).flatMap((term) => [...makers(term)]));
  const output = places[cell.states.indexOf(cell.output)] ?? [];
  const collected = collectedIn(graph, output, stateAxes);
  const wanted = readOutside(graph, new Set([...inside, ...collected.map(({ node }) => node)]));
  if (output.some((copies) => copies.some(({ type }) => type.dtype === 'float64'))) return null;
  const form = operatorForm(b, { ...run, initial });
  const replacements = new Map<Value, Value>();
  const replace = (value: Value, make: () => Value) => {
    if (wanted.delete(value.name)) replacements.set(value, make());
  };
  for (const each of collected) {
    const [made] = each.node.outputs;
    if (made) replace(made, () => asCollected(b, form, each, stateAxes));
  }
  const last = order.indexOf(repeated.steps.length - 1);
  for (const [i, times] of places.entries()) {
    const final = form.finals[i];
    if (final === undefined) return null;
    for (const [time, copies] of times.entries()) {
      if (time !== last && cell.states[i] !== cell.output) continue;
      for (const value of copies) {
        const rows = () => (time === last ? final : b.squeeze(b.slice(form.Y, time, time + 1, 0), [0]));
        replace(value, () => laidOutAs(b, rows(), stateAxes));
      }
    }
  }
  return wanted.size > 0 ? null : replacements;
}

/** The states of all steps side by side, as a node of the model puts them. */
function asCollected(b: Builder, { Y }: OperatorForm, { axis, isOwnAxis, turned }: Collected, axes: Axes): Value {
  const { rank, units, batch } = axes;
  const without = (place: number) => (place > axis ? place - 1 : place);
  const bare = isOwnAxis
    ? { rank: rank - 1, units: without(units), batch: batch === null ? null : without(batch) }
    : axes;
  const whole = stepsLaidOutAs(b, turned ? backwards(b, Y) : Y, bare);
  const others = Array.from({ length: bare.rank }, (_, i) => i + 1);
  return b.transpose(whole, [...others.slice(0, axis), 0, ...others.slice(axis)]);
}

/**
 * The names of what the outputs of a graph are made of among what some nodes make. Past those nothing is followed: what only they read, such as
 * the sizes of their own values, goes with them.
 */
function readOutside(graph: Graph, inside: ReadonlySet<Node>): Set<string> {
  const makers = new Map<string, Node>();
  for (const node of graph.nodes) for (const output of node.outputs) if (output !== null) makers.set(output.name, node);
  const [read, seen, open] = [new Set<string>(), new Set<string>(), [...graph.outputs]];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (seen.has(value.name)) continue;
    seen.add(value.name);
    const node = makers.get(value.name);
    if (node === undefined) continue;
    if (inside.has(node)) read.add(value.name);
    else open.push(...usesOf(node));
  }
  return read;
}
