import type { Level } from './level';

/** One end of a flow against the other. */
export interface Link {
  readonly flow: number;
  /** Index in the flow's `to`. */
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

export interface Ranks {
  readonly rank: Int32Array;
  readonly rows: number;
  /** The links that were turned round, because what they close is a circle. */
  readonly reversed: ReadonlySet<Link>;
  /** All links but those from a node to itself. */
  readonly links: readonly Link[];
}

/** Gives every node a row, such that every link but the turned ones leads downwards, and no more rows than needed. */
export function rankNodes({ nodes, flows }: Level): Ranks {
  const links: Link[] = [];
  flows.forEach(({ from, to }, flow) => {
    to.forEach((target, end) => {
      if (target.node !== from.node) links.push({ flow, end, from: from.node, to: target.node });
    });
  });
  const reversed = turned(nodes.length, links);
  const down: [number, number][] = links.map((link) =>
    reversed.has(link) ? [link.to, link.from] : [link.from, link.to],
  );
  const above: number[][] = nodes.map(() => []);
  const below: number[][] = nodes.map(() => []);
  for (const [a, b] of down) {
    below[a]?.push(b);
    above[b]?.push(a);
  }
  const rank = new Int32Array(nodes.length);
  const order = topological(above, below);
  const floor = nodes.some(({ pin }) => pin === 'first') ? 1 : 0;
  for (const node of order) {
    if (nodes[node]?.pin === 'first') continue;
    rank[node] = (above[node] ?? []).reduce((most, other) => Math.max(most, (rank[other] ?? 0) + 1), floor);
  }
  tighten(rank, order, above, below, (node) => nodes[node]?.pin !== null);
  const deepest = order.reduce((most, node) => Math.max(most, nodes[node]?.pin === 'last' ? 0 : (rank[node] ?? 0)), 0);
  const bottom = nodes.some(({ pin }) => pin !== 'last') ? deepest + 1 : 0;
  nodes.forEach(({ pin }, node) => {
    if (pin === 'last') rank[node] = bottom;
  });
  return { rank, rows: rank.reduce((most, each) => Math.max(most, each + 1), 0), reversed, links };
}

/** Moves what feeds more than it is fed by down to what it feeds: its lines become shorter. */
function tighten(
  rank: Int32Array,
  order: readonly number[],
  above: readonly number[][],
  below: readonly number[][],
  fixed: (node: number) => boolean,
): void {
  for (let i = order.length - 1; i >= 0; i--) {
    const node = order[i] ?? 0;
    const next = below[node] ?? [];
    if (fixed(node) || next.length === 0 || next.length <= (above[node]?.length ?? 0)) continue;
    rank[node] = next.reduce((least, other) => Math.min(least, (rank[other] ?? 0) - 1), Number.MAX_SAFE_INTEGER);
  }
}

/** The links that lead back to a node from which a search in depth, begun in the nodes' order, has come. */
function turned(count: number, links: readonly Link[]): Set<Link> {
  const out: Link[][] = Array.from({ length: count }, () => []);
  const fed = new Uint8Array(count);
  for (const link of links) {
    out[link.from]?.push(link);
    fed[link.to] = 1;
  }
  const state = new Uint8Array(count);
  const back = new Set<Link>();
  const next = new Int32Array(count);
  const visit = (root: number) => {
    if (state[root] !== 0) return;
    const stack = [root];
    state[root] = 1;
    for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
      const at = next[node] ?? 0;
      const link = out[node]?.[at];
      if (link === undefined) {
        state[node] = 2;
        stack.pop();
        continue;
      }
      next[node] = at + 1;
      if (state[link.to] === 1) back.add(link);
      else if (state[link.to] === 0) {
        state[link.to] = 1;
        stack.push(link.to);
      }
    }
  };
  for (let node = 0; node < count; node++) if (fed[node] === 0) visit(node);
  for (let node = 0; node < count; node++) visit(node);
  return back;
}

/** Nodes such that each comes after all above it; earlier ones first where there is a choice. */
function topological(above: readonly number[][], below: readonly number[][]): number[] {
  const waiting = above.map(({ length }) => length);
  const ready = above.flatMap(({ length }, node) => (length === 0 ? [node] : []));
  for (let i = 0; i < ready.length; i++) {
    for (const next of below[ready[i] ?? 0] ?? []) {
      waiting[next] = (waiting[next] ?? 0) - 1;
      if (waiting[next] === 0) ready.push(next);
    }
  }
  return ready;
}
