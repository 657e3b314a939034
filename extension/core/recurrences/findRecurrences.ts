import type { Graph } from '../graph/graph';
import { findOperator } from './operator';
import type { FoundRecurrence } from './recurrence';
import { findStepForm } from './stepForm';

/**
 * Every recurrence of a graph, in the order of the graph: fused operators, Scans and Loops, and steps that stand one after the other.
 * This is the one place that says what counts as a recurrence.
 */
export function findRecurrences(graph: Graph): readonly FoundRecurrence[] {
  return graph.nodes.flatMap((node) => {
    const found = findOperator(node) ?? findStepForm(graph, node);
    return found === null ? [] : [found];
  });
}
