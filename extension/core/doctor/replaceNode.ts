import { Builder } from '../graph/builder';
import type { Graph, Node } from '../graph/graph';
import { Value } from '../graph/value';

/** Puts what `make` adds to the graph in the place of a node. */
export function replaceNode(graph: Graph, node: Node, make: (b: Builder) => void): void {
  const place = graph.nodes.indexOf(node);
  const end = graph.nodes.length;
  make(new Builder(graph));
  const added = graph.nodes.splice(end);
  graph.nodes.splice(place, 1, ...added);
}

/** Adds a node that makes `output`, a value that others read already. */
export function makes(graph: Graph, output: Value, node: Pick<Node, 'op' | 'inputs' | 'attributes'>): void {
  graph.nodes.push({ ...node, domain: '', name: graph.names.claim(node.op), outputs: [output] });
}

/** A value of the same type with a name of its own. */
export const another = (graph: Graph, { name, type }: Value): Value =>
  new Value(graph.names.claim(name), { dtype: type.dtype, shape: null });
