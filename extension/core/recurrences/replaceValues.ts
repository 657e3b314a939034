import type { Builder } from '../graph/builder';
import type { Node } from '../graph/graph';
import { Value } from '../graph/value';
import type { Replacements } from './operatorForm';
import { settle } from './unrolled/replace';

/** Lets other values stand where nodes of the graph made some, and leaves out every node that nothing needs any more. */
export function replaceValues(b: Builder, replacements: Replacements): void {
  const { graph } = b;
  const places = new Map<string, number>();
  graph.nodes.forEach((node, place) => {
    for (const output of node.outputs) if (output !== null) places.set(output.name, place);
  });
  for (const [old, value] of replacements) {
    const place = places.get(old.name);
    const node = place === undefined ? undefined : graph.nodes[place];
    if (place === undefined || node === undefined) continue;
    const outputs = node.outputs.map((output) =>
      output?.name === old.name ? new Value(graph.names.claim('replaced'), old.type) : output,
    );
    graph.nodes[place] = { ...node, outputs };
    const name = graph.names.claim('Identity');
    graph.nodes.push(copyOf(name, b.cast(value, old.type.dtype), old));
  }
  settle(graph, () => true);
}

const copyOf = (name: string, from: Value, to: Value): Node => ({
  op: 'Identity',
  domain: '',
  name,
  inputs: [from],
  outputs: [to],
  attributes: {},
});
