import type { Builder } from '../../graph/builder';
import { type Graph, type Node, usesOf } from '../../graph/graph';
import type { Value } from '../../graph/value';
import { hasOperator, isZeros, laidOutAs, operatorForm, type Replacements } from '../operatorForm';
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
  const initial = matched.stateOrder.map((state, i) => {
    const term = repeated.initial?.[state];
    const begins = term && (term.node?.outputs[term.output] ?? term.value);
    return begins === undefined || isZeros(graph, begins) ? null : (run.initial[i] ?? null);
  });
  const inside = new Set(termsOf(repeated).flatMap((term) => [...makers(term)]));
  const wanted = readOutside(graph, inside);
  const { Y, finals } = operatorForm(b, { ...run, initial });
  const replacements = new Map<Value, Value>();
  const last = repeated.steps.length - 1;
  for (const [i, state] of matched.cell.states.entries()) {
    const after = repeated.pattern.after[matched.stateOrder[i] ?? -1];
    const final = finals[i];
    if (after === undefined || final === undefined) return null;
    for (const [time, step] of order.entries()) {
      const term = repeated.steps[step]?.get(after);
      const values = term === undefined ? [] : makers(term).flatMap(({ outputs }) => outputs[term.output] ?? []);
      for (const value of values) {
        if (!wanted.delete(value)) continue;
        const isLast = step === last;
        if (!isLast && state !== matched.cell.output) return null;
        const rows = isLast ? final : b.squeeze(b.slice(Y, time, time + 1, 0), [0]);
        replacements.set(value, laidOutAs(b, rows, matched.stateAxes));
      }
    }
  }
  const isFloat64 = [...replacements.keys()].some(({ type }) => type.dtype === 'float64');
  return wanted.size > 0 || isFloat64 ? null : replacements;
}

/** What some nodes make and others read. */
function readOutside(graph: Graph, inside: ReadonlySet<Node>): Set<Value> {
  const made = new Set([...inside].flatMap(({ outputs }) => outputs.filter((output) => output !== null)));
  const read = new Set<Value>(graph.outputs.filter((output) => made.has(output)));
  for (const node of graph.nodes) {
    if (inside.has(node)) continue;
    for (const value of usesOf(node)) if (made.has(value)) read.add(value);
  }
  return read;
}
