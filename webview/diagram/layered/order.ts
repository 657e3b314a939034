import type { Layered } from './chains';
import type { Work } from './level';

/** From the left to the right, row by row. */
export type Rows = number[][];

/** Writes for each node of a row where in it the node stands. */
export function numberRow(row: readonly number[], place: Int32Array): void {
  for (const [i, node] of row.entries()) place[node] = i;
}

/** Orders every row so that few lines cross: each node goes to the mean of its neighbours, downwards and upwards in turn. */
export function* orderRows(layered: Layered): Work<Rows> {
  let rows = firstOrder(layered);
  const place = new Int32Array(layered.count);
  const number = (order: Rows) => {
    for (const row of order) numberRow(row, place);
  };
  number(rows);
  let best = rows.map((row) => [...row]);
  let fewest = yield* crossings(layered, rows, place);
  const sweeps = layered.count > 4000 ? 6 : 24;
  let idle = 0;
  for (let sweep = 0; sweep < sweeps && fewest > 0 && idle < 6; sweep++) {
    rows = yield* swept(layered, rows, place, sweep % 2 === 0, sweep % 4 >= 2);
    number(rows);
    const crossed = yield* crossings(layered, rows, place);
    if (crossed < fewest) {
      fewest = crossed;
      best = rows.map((row) => [...row]);
      idle = 0;
    } else idle++;
  }
  return best;
}

/** A search in depth from the first nodes: what belongs together comes to stand together. */
function firstOrder({ count, rank, rows, above, below }: Layered): Rows {
  const order: Rows = Array.from({ length: rows }, () => []);
  const seen = new Uint8Array(count);
  const visit = (root: number) => {
    const stack = [root];
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      if (seen[node] === 1) continue;
      seen[node] = 1;
      order[rank[node] ?? 0]?.push(node);
      const next = below[node] ?? [];
      for (let i = next.length - 1; i >= 0; i--) stack.push(next[i] ?? 0);
    }
  };
  for (let node = 0; node < count; node++) if (above[node]?.length === 0) visit(node);
  for (let node = 0; node < count; node++) if (seen[node] === 0) visit(node);
  return order;
}

/** One pass over all rows. `rightmost` turns ties round, which frees what is stuck. */
function* swept(
  { above, below }: Layered,
  rows: Rows,
  place: Int32Array,
  downwards: boolean,
  rightmost: boolean,
): Work<Rows> {
  const next = rows.map((row) => row);
  const neighbours = downwards ? above : below;
  for (let i = 1; i < rows.length; i++) {
    const at = downwards ? i : rows.length - 1 - i;
    const row = rows[at] ?? [];
    const wanted = new Map(row.map((node, position) => [node, wish(neighbours[node] ?? [], place, position)]));
    const tie = rightmost ? -1 : 1;
    const sorted = [...row].sort(
      (a, b) => (wanted.get(a) ?? 0) - (wanted.get(b) ?? 0) || tie * ((place[a] ?? 0) - (place[b] ?? 0)),
    );
    numberRow(sorted, place);
    next[at] = sorted;
    yield;
  }
  return next;
}

/** The mean place of a node's neighbours; its own where it has none. */
function wish(neighbours: readonly number[], place: Int32Array, own: number): number {
  if (neighbours.length === 0) return own;
  let sum = 0;
  for (const node of neighbours) sum += place[node] ?? 0;
  return sum / neighbours.length;
}

/** How often lines cross: inversions between each two rows, counted with a binary indexed tree. */
function* crossings({ below }: Layered, rows: Rows, place: Int32Array): Work<number> {
  let crossed = 0;
  for (let i = 0; i + 1 < rows.length; i++) {
    const width = rows[i + 1]?.length ?? 0;
    const tree = new Int32Array(width + 1);
    let seen = 0;
    for (const node of rows[i] ?? []) {
      const ends = (below[node] ?? []).map((end) => place[end] ?? 0);
      for (const end of ends) {
        let before = 0;
        for (let at = end + 1; at > 0; at -= at & -at) before += tree[at] ?? 0;
        crossed += seen - before;
      }
      for (const end of ends) {
        for (let at = end + 1; at <= width; at += at & -at) tree[at] = (tree[at] ?? 0) + 1;
      }
      seen += ends.length;
    }
    yield;
  }
  return crossed;
}
