/** A point of the lattice that wires run on. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Points that no wire may pass, both ends included. */
export interface Block {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Something that is to be connected: one of the points on its border that are free will do, the first ones best. */
export type Ports = readonly Point[];

/** One source with all that it goes to, in the order in which they are connected. */
export interface Net {
  readonly source: Ports;
  readonly targets: readonly Ports[];
}

export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

export interface Route {
  /** The corners of the way to each target, or null where none was found; later ones begin where they leave an earlier one. */
  readonly paths: readonly (readonly Point[] | null)[];
  /** Where three ways meet. */
  readonly junctions: readonly Point[];
}

const directions = [
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
  { x: 0, y: -1 },
] as const;
const bend = 5;
const crossing = 8;
/** Within two points of another wire or a node, so that wires keep their distance where there is room. */
const beside = 1;

/**
 * Draws wires over a lattice of `width` by `height` points, one net after another, each by the cheapest way in length, bends and
 * crossings (Lee 1961, with costs as in Dijkstra 1959). Wires of two nets never share a way, they only cross at right angles.
 */
export class Router {
  private readonly blocked: Uint8Array;
  /** The net that runs through a point horizontally or vertically, and the one that turns, ends or branches there; 0 for none. */
  private readonly across: Uint16Array;
  private readonly down: Uint16Array;
  private readonly held: Uint16Array;
  private nets = 0;

  constructor(
    private readonly width: number,
    private readonly height: number,
    blocks: readonly Block[],
  ) {
    const points = width * height;
    this.blocked = new Uint8Array(points);
    this.across = new Uint16Array(points);
    this.down = new Uint16Array(points);
    this.held = new Uint16Array(points);
    for (const { left, right, top, bottom } of blocks) {
      for (let y = top; y <= bottom; y++) for (let x = left; x <= right; x++) this.blocked[y * width + x] = 1;
    }
  }

  /** Connects a net. */
  route({ source, targets }: Net): Route {
    const own = ++this.nets;
    const junctions: Point[] = [];
    let starts: readonly Point[] = source;
    let begun = false;
    const paths = targets.map((target) => {
      const path = this.find(own, starts, target);
      const [first] = path ?? [];
      if (path === null || first === undefined) return null;
      if (begun) junctions.push(first);
      begun = true;
      this.occupy(own, path);
      starts = this.pointsOf(own);
      return corners(path);
    });
    return { paths, junctions };
  }

  /** Where a net may be left: all of its points that nobody crosses. */
  private pointsOf(own: number): readonly Point[] {
    const found: Point[] = [];
    for (let at = 0; at < this.blocked.length; at++) {
      const [a, d, h] = [this.across[at], this.down[at], this.held[at]];
      if (h === own || (a === own && d === 0) || (d === own && a === 0)) {
        found.push({ x: at % this.width, y: Math.floor(at / this.width) });
      }
    }
    return found;
  }

  private occupy(own: number, path: readonly Point[]): void {
    for (const [i, { x, y }] of path.entries()) {
      const at = y * this.width + x;
      const [before, after] = [path[i - 1], path[i + 1]];
      if (before !== undefined && after !== undefined && before.y === after.y) this.across[at] = own;
      else if (before !== undefined && after !== undefined && before.x === after.x) this.down[at] = own;
      else this.held[at] = own;
    }
  }

  private find(own: number, starts: readonly Point[], target: Ports): readonly Point[] | null {
    const { width, height } = this;
    const states = width * height * 4;
    const cost = new Float64Array(states).fill(Number.POSITIVE_INFINITY);
    const cameFrom = new Int32Array(states).fill(-1);
    const queue = new Queue();
    const free = target.map(({ x, y }, i) => [y * width + x, i] as const).filter(([at]) => this.held[at] === 0);
    const goals = new Map(free);
    for (const { x, y } of starts) {
      const at = y * width + x;
      if (this.held[at] !== 0 && this.held[at] !== own) continue;
      for (let direction = 0; direction < 4; direction++) {
        // To branch off a wire costs as much as to bend it.
        const price = this.held[at] === own || this.across[at] === own || this.down[at] === own ? bend : 0;
        cost[at * 4 + direction] = price;
        queue.push(at * 4 + direction, price);
      }
    }
    for (let state = queue.pop(); state !== null; state = queue.pop()) {
      const at = Math.floor(state.key / 4);
      if (state.price > (cost[state.key] ?? 0)) continue;
      if (goals.has(at)) return this.pathTo(state.key, cameFrom);
      const way = state.key % 4;
      const [x, y] = [at % width, Math.floor(at / width)];
      for (const [next, { x: dx, y: dy }] of directions.entries()) {
        if (next === (way + 2) % 4) continue;
        const turned = next !== way;
        // Where somebody crosses, one may only go straight on.
        if (turned && this.isForeign(at, own)) continue;
        const [nx, ny] = [x + dx, y + dy];
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        const to = ny * width + nx;
        const step = this.price(to, own, dx !== 0, goals.has(to));
        if (step === null) continue;
        const price = state.price + step + (turned ? bend : 0) + 2 * (goals.get(to) ?? 0);
        const key = to * 4 + next;
        if (price >= (cost[key] ?? 0)) continue;
        cost[key] = price;
        cameFrom[key] = state.key;
        queue.push(key, price);
      }
    }
    return null;
  }

  private isForeign(at: number, own: number): boolean {
    return [this.across[at], this.down[at], this.held[at]].some((net = 0) => net !== 0 && net !== own);
  }

  /** What it costs to enter a point, or null where it is not to be entered. */
  private price(at: number, own: number, horizontal: boolean, isGoal: boolean): number | null {
    if (this.blocked[at] === 1 && !isGoal) return null;
    const same = (horizontal ? this.across[at] : this.down[at]) ?? 0;
    const other = (horizontal ? this.down[at] : this.across[at]) ?? 0;
    // What ran along its own wire would be taken for one wire, and end in the same place as it began.
    if (this.held[at] !== 0 || same !== 0 || other === own) return null;
    if (isGoal && other !== 0) return null;
    const { width } = this;
    const near = (by: number) =>
      [at - by, at + by, at - by * width, at + by * width].some(
        (next) => this.isForeign(next, own) || this.blocked[next] === 1,
      );
    return 1 + (other !== 0 ? crossing : 0) + (near(1) ? beside : 0) + (near(2) ? beside : 0);
  }

  private pathTo(key: number, cameFrom: Int32Array): readonly Point[] {
    const path: Point[] = [];
    for (let at = key; at >= 0; at = cameFrom[at] ?? -1) {
      const point = Math.floor(at / 4);
      path.push({ x: point % this.width, y: Math.floor(point / this.width) });
    }
    return path.reverse();
  }
}

/** A path without the points in the middle of straight pieces. */
function corners(path: readonly Point[]): readonly Point[] {
  return path.filter((_, i) => {
    const [before, after] = [path[i - 1], path[i + 1]];
    if (before === undefined || after === undefined) return true;
    return before.x !== after.x && before.y !== after.y;
  });
}

/** The straight pieces of a way. */
export const segmentsOf = (path: readonly Point[]): readonly Segment[] =>
  path.slice(1).flatMap((to, i) => {
    const from = path[i];
    return from === undefined ? [] : [{ from, to }];
  });

/** A heap: the cheapest first. */
class Queue {
  private readonly items: { readonly key: number; readonly price: number }[] = [];

  push(key: number, price: number): void {
    const { items } = this;
    let at = items.length;
    items.push({ key, price });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((items[parent]?.price ?? 0) <= price) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  pop(): { readonly key: number; readonly price: number } | null {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (first === undefined || last === undefined) return null;
    if (items.length === 0) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      let least = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if ((items[child]?.price ?? Number.POSITIVE_INFINITY) < (items[least]?.price ?? 0)) least = child;
      }
      if (least === at) return first;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const { items } = this;
    const [left, right] = [items[a], items[b]];
    if (left === undefined || right === undefined) return;
    items[a] = right;
    items[b] = left;
  }
}
