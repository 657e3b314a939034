import type { Layered } from './chains';
import type { Work } from './level';
import { numberRow, type Rows } from './order';

/** How far a node reaches to both sides of its line, with the distance that it keeps. */
export interface Extents {
  readonly before: Float64Array;
  readonly after: Float64Array;
}

/**
 * Gives every node a place across the flow, such that long lines are straight and nodes stand over the middle of their neighbours
 * (Brandes and Köpf 2001): columns are formed four times, from above and below, from the left and the right, each packed as tightly as
 * it goes, and the mean of the two middle results is taken.
 */
export function* placeSideways(layered: Layered, rows: Rows, extents: Extents): Work<Float64Array> {
  const crossing = yield* conflicts(layered, rows);
  const straight = yield* middled(layered, rows, extents, crossing, true);
  const widest = rows.reduce(
    (most, row) =>
      Math.max(
        most,
        row.reduce((sum, i) => sum + (extents.before[i] ?? 0) + (extents.after[i] ?? 0), 0),
      ),
    0,
  );
  // Long lines that begin one inside the other push each other aside without end if each must be straight.
  if (straight.breadth <= widest * tolerated) return straight.side;
  const bent = yield* middled(layered, rows, extents, crossing, false);
  return bent.breadth < straight.breadth ? bent.side : straight.side;
}

/** How much wider than its widest row a drawing may be for the sake of straight lines. */
const tolerated = 1.5;

interface Sideways {
  readonly side: Float64Array;
  readonly breadth: number;
}

function* middled(
  layered: Layered,
  rows: Rows,
  extents: Extents,
  crossing: ReadonlySet<number>,
  straight: boolean,
): Work<Sideways> {
  const results: { readonly x: Float64Array; readonly low: number; readonly high: number }[] = [];
  const { count, above, below } = layered;
  for (const upwards of [false, true]) {
    for (const mirrored of [false, true]) {
      const turned = upwards ? rows.toReversed() : rows;
      const order = mirrored ? turned.map((row) => row.toReversed()) : turned;
      const near = upwards ? { before: below, after: above } : { before: above, after: below };
      const root = yield* columns(layered.nodes, order, near, crossing, straight);
      const [before, after] = mirrored ? [extents.after, extents.before] : [extents.before, extents.after];
      const x = yield* pack(order, root, { before, after });
      if (mirrored) for (let node = 0; node < count; node++) x[node] = -(x[node] ?? 0);
      results.push({ x, ...reach(x, extents) });
    }
  }
  const narrowest = results.reduce((a, b) => (b.high - b.low < a.high - a.low ? b : a));
  // Those packed to the left are laid on the narrowest's left border, those packed to the right on its right one.
  const shifts = results.map(({ low, high }, i) => (i % 2 === 0 ? narrowest.low - low : narrowest.high - high));
  const side = new Float64Array(count);
  for (let node = 0; node < count; node++) {
    const four = results.map(({ x }, i) => (x[node] ?? 0) + (shifts[i] ?? 0)).sort((a, b) => a - b);
    side[node] = ((four[1] ?? 0) + (four[2] ?? 0)) / 2;
  }
  const { low, high } = reach(side, extents);
  return { side, breadth: high - low };
}

function reach(x: Float64Array, { before, after }: Extents): { readonly low: number; readonly high: number } {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let node = 0; node < x.length; node++) {
    low = Math.min(low, (x[node] ?? 0) - (before[node] ?? 0));
    high = Math.max(high, (x[node] ?? 0) + (after[node] ?? 0));
  }
  return { low, high };
}

const keyOf = (upper: number, lower: number, count: number) => upper * count + lower;

/** Lines that cross a straight part of a long line: the long line has precedence, so they form no column. */
function* conflicts({ nodes, count, above }: Layered, rows: Rows): Work<ReadonlySet<number>> {
  const found = new Set<number>();
  const place = new Int32Array(count);
  for (const row of rows) numberRow(row, place);
  /** The bend above a bend. */
  const straight = (node: number): number | null => {
    const upper = node >= nodes ? above[node]?.[0] : undefined;
    return upper !== undefined && upper >= nodes ? upper : null;
  };
  for (let i = 1; i < rows.length; i++) {
    const row = rows[i] ?? [];
    let from = 0;
    let low = 0;
    row.forEach((node, position) => {
      const inner = straight(node);
      if (inner === null && position < row.length - 1) return;
      const high = inner === null ? Number.MAX_SAFE_INTEGER : (place[inner] ?? 0);
      for (; from <= position; from++) {
        const lower = row[from] ?? 0;
        if (straight(lower) !== null) continue;
        for (const upper of above[lower] ?? []) {
          const at = place[upper] ?? 0;
          if (at >= low && at <= high) continue;
          found.add(keyOf(upper, lower, count));
          found.add(keyOf(lower, upper, count));
        }
      }
      low = high;
    });
    yield;
  }
  return found;
}

/**
 * The first node of each node's column. A node joins the column of the neighbour in the row before that is nearest to the middle, nodes
 * before bends, so that the main line of a model stays straight and what skips parts of it goes round. Unless all lines are to be `straight`, those whose
 * order in the row changes bend there.
 */
function* columns(
  nodes: number,
  rows: Rows,
  { before, after }: { readonly before: readonly number[][]; readonly after: readonly number[][] },
  crossing: ReadonlySet<number>,
  straight: boolean,
): Work<Int32Array> {
  const count = before.length;
  const place = new Int32Array(count);
  for (const row of rows) numberRow(row, place);
  const root = Int32Array.from({ length: count }, (_, node) => node);
  const taken = new Uint8Array(count);
  const at = (node: number) => place[node] ?? 0;
  const led = before.map((_, node) => node < nodes && (after[node] ?? []).some((next) => next < nodes));
  for (const row of rows) {
    let last = -1;
    for (const node of row) {
      const near = before[node] ?? [];
      const wanted = near.length > 1 ? middleOf(near, at, node < nodes ? nodes : 0) : near;
      for (const other of wanted) {
        if (node >= nodes && (led[other] === true || (!straight && at(other) !== at(node)))) continue;
        if (taken[other] === 1 || at(other) <= last || crossing.has(keyOf(other, node, count))) continue;
        root[node] = root[other] ?? other;
        taken[other] = 1;
        last = at(other);
        break;
      }
    }
    yield;
  }
  return root;
}

/** The two middle ones of several neighbours, of which those below `nodes`, where there are any, go before the others. */
function middleOf(near: readonly number[], at: (node: number) => number, nodes: number): readonly number[] {
  const first = near.filter((node) => node < nodes);
  const sorted = (first.length > 0 ? first : [...near]).sort((a, b) => at(a) - at(b));
  const middle = (sorted.length - 1) / 2;
  return [sorted[Math.floor(middle)] ?? 0, sorted[Math.ceil(middle)] ?? 0];
}

/** Packs columns to the left as tightly as their nodes allow, then moves each to the right as far as what is there leaves room. */
function* pack(rows: Rows, root: Int32Array, { before, after }: Extents): Work<Float64Array> {
  const count = root.length;
  const next: { readonly to: number; readonly room: number }[][] = Array.from({ length: count }, () => []);
  const waiting = new Int32Array(count);
  for (const row of rows) {
    for (let i = 1; i < row.length; i++) {
      const [a, b] = [row[i - 1] ?? 0, row[i] ?? 0];
      const [from, to] = [root[a] ?? 0, root[b] ?? 0];
      next[from]?.push({ to, room: (after[a] ?? 0) + (before[b] ?? 0) });
      waiting[to] = (waiting[to] ?? 0) + 1;
    }
    yield;
  }
  const x = new Float64Array(count);
  const ready: number[] = [];
  for (let node = 0; node < count; node++) if (root[node] === node && waiting[node] === 0) ready.push(node);
  for (let i = 0; i < ready.length; i++) {
    const from = ready[i] ?? 0;
    for (const { to, room } of next[from] ?? []) {
      x[to] = Math.max(x[to] ?? 0, (x[from] ?? 0) + room);
      waiting[to] = (waiting[to] ?? 0) - 1;
      if (waiting[to] === 0) ready.push(to);
    }
  }
  yield;
  for (let i = ready.length - 1; i >= 0; i--) {
    const from = ready[i] ?? 0;
    let most = Number.POSITIVE_INFINITY;
    for (const { to, room } of next[from] ?? []) most = Math.min(most, (x[to] ?? 0) - room);
    if (most !== Number.POSITIVE_INFINITY) x[from] = Math.max(x[from] ?? 0, most);
  }
  return x.map((_, node) => x[root[node] ?? node] ?? 0);
}
