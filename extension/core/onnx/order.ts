import type { GraphProto, NodeProto } from './onnx_pb';

/**
 * Nodes in an order in which each stands after those that it reads, changed as little as may be. `circle` holds the nodes of one circle in
 * which they read each other, where there is one; their order is then as it was.
 */
export function inOrder(nodes: readonly NodeProto[]): { readonly nodes: NodeProto[]; readonly circle: NodeProto[] } {
  const makers = new Map<string, number>();
  nodes.forEach(({ output }, i) => {
    for (const name of output) if (name !== '' && !makers.has(name)) makers.set(name, i);
  });
  // Nearly every file is in order; bodies are looked into only where one is not.
  const early = nodes.some(({ input }, i) => input.some((name) => (makers.get(name) ?? -1) >= i));
  const reads = early
    ? nodes.map((node) => readsOf(node, makers))
    : nodes.map((node) => (node.attribute.some(({ g }) => g !== undefined) ? readsOf(node, makers) : []));
  if (!early && !reads.some((from, i) => from.some((maker) => maker >= i))) return { nodes: [...nodes], circle: [] };
  return sorted(nodes, reads);
}

/** The places of the nodes that a node reads from, its bodies included. */
function readsOf(node: NodeProto, makers: ReadonlyMap<string, number>): number[] {
  const found = new Set<number>();
  const look = ({ input, attribute }: NodeProto) => {
    for (const name of input) {
      const maker = makers.get(name);
      if (maker !== undefined) found.add(maker);
    }
    for (const { g } of attribute) if (g !== undefined) lookInto(g);
  };
  const lookInto = (graph: GraphProto) => {
    const own = new Set([...graph.input, ...graph.initializer].map(({ name }) => name));
    for (const { output } of graph.node) for (const name of output) own.add(name);
    for (const each of graph.node) look({ ...each, input: each.input.filter((name) => !own.has(name)) });
    for (const { name } of graph.output) {
      const maker = own.has(name) ? undefined : makers.get(name);
      if (maker !== undefined) found.add(maker);
    }
  };
  look(node);
  return [...found];
}

/** Depth first, without recursion: files may hold a million nodes in a row. */
function sorted(nodes: readonly NodeProto[], reads: readonly number[][]): ReturnType<typeof inOrder> {
  const order: number[] = [];
  const state = new Uint8Array(nodes.length); // 1: being visited, 2: placed
  let circle: number[] = [];
  for (let start = 0; start < nodes.length; start++) {
    if (state[start] !== 0) continue;
    const way: { readonly at: number; next: number }[] = [{ at: start, next: 0 }];
    state[start] = 1;
    for (let top = way.at(-1); top !== undefined; top = way.at(-1)) {
      const from = reads[top.at]?.[top.next++];
      if (from === undefined) {
        state[top.at] = 2;
        order.push(top.at);
        way.pop();
      } else if (state[from] === 0) {
        state[from] = 1;
        way.push({ at: from, next: 0 });
      } else if (state[from] === 1 && circle.length === 0) {
        circle = way.map(({ at }) => at).slice(way.findIndex(({ at }) => at === from));
      }
    }
  }
  const chosen = (places: readonly number[]) => places.flatMap((place) => nodes[place] ?? []);
  return { nodes: circle.length > 0 ? [...nodes] : chosen(order), circle: chosen(circle) };
}
