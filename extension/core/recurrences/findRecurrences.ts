import type { Graph } from '../graph/graph';
import { findBody } from './body/findBody';
import { findQuantised } from './hindered';
import { constantsOf } from './numeric/constants';
import { findOperator } from './operator';
import type { FoundRecurrence } from './recurrence';
import { findStepForm } from './stepForm';
import { findUnrolled, isUnrolled } from './unrolled/findUnrolled';

/**
 * Every recurrence of a graph, in the order of the graph: fused operators, Scans and Loops, and steps that stand one after the other.
 * This is the one place that says what counts as a recurrence.
 */
export function findRecurrences(graph: Graph): readonly FoundRecurrence[] {
  const unrolled = findUnrolled(graph);
  const constants = constantsOf(graph);
  const ofNodes = graph.nodes.flatMap((node) => {
    const found = findOperator(node, constants) ?? findQuantised(node, constants) ?? findStepForm(graph, node);
    return found === null ? findBody(node, constants) : [found];
  });
  if (unrolled.length === 0) return ofNodes;
  const places = new Map(graph.nodes.map((node, i) => [node, i] as const));
  const placeOf = (found: FoundRecurrence) => {
    const node = isUnrolled(found) ? found.last : found.node;
    return (node && places.get(node)) ?? 0;
  };
  return [...ofNodes, ...unrolled].sort((a, b) => placeOf(a) - placeOf(b));
}
