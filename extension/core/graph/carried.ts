import { Graph, type Node, usesOf } from './graph';
import type { Value } from './value';

/** Begins the names of all that is carried in a model of ours. */
export const statePrefix = 'state.';

/** Ends the name of the output that gives a state for the next call; the input that takes it has the name without it. */
export const nextState = '.next';

/** Whether an output of this name is for the next call alone. */
export const isForNext = (name: string) => name.startsWith(statePrefix) && name.endsWith(nextState);

/** The inputs of a graph that it gives out again for the next call. */
export function carriedInputs({ inputs, outputs }: Graph): readonly Value[] {
  const names = new Set(outputs.map(({ name }) => name));
  return inputs.filter(({ name }) => names.has(`${name}${nextState}`));
}

/** The same graph as if every call stood alone: what it carries is neither read nor given out, and nothing is computed for it. */
export function withoutCarried(graph: Graph): Graph {
  const carried = new Set(carriedInputs(graph));
  if (carried.size === 0) return graph;
  const next = new Set([...carried].map(({ name }) => `${name}${nextState}`));
  const alone = new Graph(graph.name, graph.names);
  alone.inputs.push(...graph.inputs.filter((input) => !carried.has(input)));
  alone.outputs.push(...graph.outputs.filter(({ name }) => !next.has(name)));
  for (const value of graph.initializers) alone.initializers.add(value);
  const needed = new Set<Value | null>(alone.outputs);
  const nodes: Node[] = [];
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const value of usesOf(node)) needed.add(value);
    nodes.push(node);
  }
  alone.nodes = nodes.toReversed();
  return alone;
}
