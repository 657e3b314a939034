import { bodiesOf, type Graph } from '../graph/graph';
import { int64s } from '../tensor';

/** The operator set from which on every reduction takes its axes as an input; ReduceSum did before. */
const since = 18;

/**
 * Writes the axes of reductions as inputs, for a model of an operator set that asks for it. Our own rules write them as attributes, as
 * older sets have it.
 */
export function axesAsInputs(graph: Graph, opset: number, around: Graph = graph): void {
  if (opset < since) return;
  for (const node of graph.nodes) {
    for (const body of bodiesOf(node)) axesAsInputs(body, opset, around);
    const { axes, ...rest } = node.attributes;
    if (!node.op.startsWith('Reduce') || node.domain !== '' || axes?.kind !== 'ints') continue;
    node.inputs = [node.inputs[0] ?? null, around.initializer('axes', int64s(axes.value))];
    node.attributes = rest;
  }
}
