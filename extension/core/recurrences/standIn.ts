import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import type { Value } from '../graph/value';

/** Puts what `write` adds where `node` stands; `values` take the place of its outputs, in order. */
export function standIn<T>(
  { graph }: Builder,
  node: Node,
  write: () => { readonly values: readonly Value[]; readonly result: T },
): T {
  const place = graph.nodes.indexOf(node);
  const end = graph.nodes.length;
  const { values, result } = write();
  node.outputs.forEach((output, i) => {
    const value = values[i];
    if (output === null || value === undefined) return;
    const name = graph.names.claim('Identity');
    graph.nodes.push({ op: 'Identity', domain: '', name, inputs: [value], outputs: [output], attributes: {} });
  });
  const added = graph.nodes.splice(end);
  graph.nodes.splice(place, 1, ...added);
  return result;
}
