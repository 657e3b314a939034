import type { Level } from './level';
import type { Link, Ranks } from './ranks';

/** A drawing in which every line leads from a row to the next one: long lines pass rows by *bends*, which are nodes without a size. */
export interface Layered {
  /** Nodes come first, then bends. */
  readonly nodes: number;
  readonly count: number;
  readonly rank: Int32Array;
  readonly rows: number;
  /** Neighbours in the row above, and in the row below. */
  readonly above: readonly number[][];
  readonly below: readonly number[][];
  /** For every flow the steps of its line, and which of its ends, as an index in `to`, a step arrives at, or −1. */
  readonly steps: readonly (readonly Step[])[];
  /** Links without a line. */
  readonly cut: readonly Link[];
}

export interface Step {
  readonly upper: number;
  readonly lower: number;
  readonly end: number;
  readonly turned: boolean;
}

/** More bends than this would take longer than anybody waits, and nobody could follow such lines. */
const mostBends = 12_000;

/** Puts bends where a line passes a row. The ends of one flow share their line for as long as they can. */
export function chain(level: Level, { rank, rows, reversed, links }: Ranks): Layered {
  const reach = longest(level, rank, links);
  const ranks = [...rank];
  const above: number[][] = level.nodes.map(() => []);
  const below: number[][] = level.nodes.map(() => []);
  const steps: Step[][] = level.flows.map(() => []);
  const cut: Link[] = [];
  const join = (flow: number, upper: number, lower: number, end: number, turned: boolean) => {
    steps[flow]?.push({ upper, lower, end, turned });
    below[upper]?.push(lower);
    above[lower]?.push(upper);
  };
  const bend = (row: number) => {
    above.push([]);
    below.push([]);
    return ranks.push(row) - 1;
  };
  const byFlow: Link[][] = level.flows.map(() => []);
  for (const link of links) byFlow[link.flow]?.push(link);
  byFlow.forEach((ends, flow) => {
    /** The shared line, by row. */
    const line = new Map<number, number>();
    const forward = ends.filter((link) => !reversed.has(link));
    forward.sort((a, b) => (rank[a.to] ?? 0) - (rank[b.to] ?? 0));
    for (const link of forward) {
      const top = rank[link.from] ?? 0;
      const bottom = rank[link.to] ?? 0;
      if (bottom - top > reach) {
        cut.push(link);
        continue;
      }
      let upper = link.from;
      for (let row = top + 1; row < bottom; row++) {
        let lower = line.get(row);
        if (lower === undefined) {
          lower = bend(row);
          line.set(row, lower);
          join(flow, upper, lower, -1, false);
        }
        upper = lower;
      }
      join(flow, upper, link.to, link.end, false);
    }
    for (const link of ends.filter((each) => reversed.has(each))) {
      const top = rank[link.to] ?? 0;
      const bottom = rank[link.from] ?? 0;
      if (bottom - top > reach) {
        cut.push(link);
        continue;
      }
      let upper = link.to;
      for (let row = top + 1; row < bottom; row++) {
        const lower = bend(row);
        join(flow, upper, lower, upper === link.to ? link.end : -1, true);
        upper = lower;
      }
      join(flow, upper, link.from, upper === link.to ? link.end : -1, true);
    }
  });
  return {
    nodes: level.nodes.length,
    count: ranks.length,
    rank: Int32Array.from(ranks),
    rows,
    above,
    below,
    steps,
    cut,
  };
}

/** How many rows a line may pass so that there are not too many bends. */
function longest(level: Level, rank: Int32Array, links: readonly Link[]): number {
  const furthest = new Map<number, number>();
  for (const { flow, from, to } of links) {
    const span = Math.abs((rank[to] ?? 0) - (rank[from] ?? 0));
    furthest.set(flow, Math.max(furthest.get(flow) ?? 0, span));
  }
  const spans = [...furthest.values()].sort((a, b) => a - b);
  let bends = 0;
  for (const [i, span] of spans.entries()) {
    bends += span - 1;
    // Those that are further apart could still have ends near by, each with bends of its own.
    if (bends + (spans.length - i - 1) * (span - 1) > mostBends) return Math.max(span - 1, 2);
  }
  return level.nodes.length;
}
