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
    const crowded = new Int8Array(width * height).fill(-1);
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
    while (queue.pop()) {
      const { key: from, price: paid } = queue;
      if (paid > (cost[from] ?? 0)) continue;
      const at = from >> 2;
      if (goals.has(at)) return this.pathTo(from, cameFrom);
      const way = from & 3;
      const x = at % width;
      const y = (at - x) / width;
      // Where somebody crosses, one may only go straight on.
      const mayTurn = !this.isForeign(at, own);
      for (let next = 0; next < 4; next++) {
        const turned = next !== way;
        if (next === ((way + 2) & 3) || (turned && !mayTurn)) continue;
        const { x: dx, y: dy } = directions[next as 0 | 1 | 2 | 3];
        const nx = x + dx;
        const ny = y + dy;
        if (nx < 0 || ny < 0 || nx >= width || ny >= height) continue;
        const to = ny * width + nx;
        const step = this.price(to, own, dx !== 0, goals.has(to), crowded);
        if (step === null) continue;
        const price = paid + step + (turned ? bend : 0) + 2 * (goals.get(to) ?? 0);
        const key = to * 4 + next;
        if (price >= (cost[key] ?? 0)) continue;
        cost[key] = price;
        cameFrom[key] = from;
        queue.push(key, price);
      }
    }
    return null;
  }

  private isForeign(at: number, own: number): boolean {
    const { across, down, held } = this;
    const isOther = (net = 0) => net !== 0 && net !== own;
    return isOther(across[at]) || isOther(down[at]) || isOther(held[at]);
  }

  /** What it costs to enter a point, or null where it is not to be entered. `crowded` keeps what the points around it add, -1 where that is not known. */
  private price(at: number, own: number, horizontal: boolean, isGoal: boolean, crowded: Int8Array): number | null {
    if (this.blocked[at] === 1 && !isGoal) return null;
    const same = (horizontal ? this.across[at] : this.down[at]) ?? 0;
    const other = (horizontal ? this.down[at] : this.across[at]) ?? 0;
    // What ran along its own wire would be taken for one wire, and end in the same place as it began.
    if (this.held[at] !== 0 || same !== 0 || other === own) return null;
    if (isGoal && other !== 0) return null;
    let around = crowded[at] ?? -1;
    if (around < 0) {
      around = (this.isNear(at, own, 1) ? beside : 0) + (this.isNear(at, own, 2) ? beside : 0);
      crowded[at] = around;
    }
    return 1 + (other !== 0 ? crossing : 0) + around;
  }

  /** Whether another net or a node lies so many points away. */
  private isNear(at: number, own: number, by: number): boolean {
    const { width, blocked } = this;
    const isTaken = (next: number) => blocked[next] === 1 || this.isForeign(next, own);
    return isTaken(at - by) || isTaken(at + by) || isTaken(at - by * width) || isTaken(at + by * width);
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
  /** What was taken out last. */
  key = 0;
  price = 0;
  private readonly keys: number[] = [];
  private readonly prices: number[] = [];

  push(key: number, price: number): void {
    const { keys, prices } = this;
    let at = keys.length;
    keys.push(key);
    prices.push(price);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if ((prices[parent] ?? 0) <= price) break;
      this.swap(at, parent);
      at = parent;
    }
  }

  /** Takes the cheapest out, where there is one. */
  pop(): boolean {
    const { keys, prices } = this;
    const [key, price] = [keys.pop(), prices.pop()];
    if (key === undefined || price === undefined) return false;
    [this.key, this.price] = [keys[0] ?? key, prices[0] ?? price];
    if (keys.length === 0) return true;
    keys[0] = key;
    prices[0] = price;
    for (let at = 0; ; ) {
      let least = at;
      for (let child = 2 * at + 1; child <= 2 * at + 2; child++) {
        if ((prices[child] ?? Number.POSITIVE_INFINITY) < (prices[least] ?? 0)) least = child;
      }
      if (least === at) return true;
      this.swap(at, least);
      at = least;
    }
  }

  private swap(a: number, b: number): void {
    const { keys, prices } = this;
    [keys[a], keys[b]] = [keys[b] ?? 0, keys[a] ?? 0];
    [prices[a], prices[b]] = [prices[b] ?? 0, prices[a] ?? 0];
  }
}
