import type { Diagram, DiagramGroup, DiagramNode } from '../../extension/protocol/model';

/** What stands in one place of the picture: a box of the model, or a group of boxes. */
export interface Item {
  /** Unique among all items. */
  readonly key: string;
  readonly node: DiagramNode | null;
  readonly group: DiagramGroup | null;
  /** Whether it can be opened, or is open. */
  readonly opens: boolean;
  /** What is drawn inside while it is open; null for a box. */
  readonly inside: Sheet | null;
  /** The item that it is drawn in. */
  readonly parent: string | null;
  /** How many boxes a group holds, whatever of it is open; 0 for a box. */
  readonly holds: number;
}

/** An end of a flow: an item, or, where `port` is a number, that port of its inside; with `item` null a port of this sheet itself. */
export interface SheetEnd {
  readonly item: number | null;
  readonly port: number | null;
}

export interface SheetFlow {
  readonly from: SheetEnd;
  readonly to: SheetEnd[];
  readonly label: string;
}

/** One level of the picture: the model itself, or what is inside an open box. */
export interface Sheet {
  readonly items: Item[];
  /** Where something comes in from around, or goes out. */
  readonly ports: ('in' | 'out')[];
  readonly flows: SheetFlow[];
}

/** What a picture of a diagram can be made from: looked up once, drawn many times. */
export class Outline {
  readonly nodes: ReadonlyMap<string, DiagramNode>;
  readonly groups: ReadonlyMap<string, DiagramGroup>;
  /** How many boxes each group holds. */
  readonly holds = new Map<string, number>();

  constructor(readonly diagram: Diagram) {
    this.nodes = new Map(diagram.nodes.map((node) => [node.id, node]));
    this.groups = new Map(diagram.groups.map((group) => [group.id, group]));
    for (const { group } of diagram.nodes) {
      if (group !== null) this.holds.set(group, (this.holds.get(group) ?? 0) + 1);
    }
    for (const { id, parent } of diagram.groups.toReversed()) {
      if (parent !== null) this.holds.set(parent, (this.holds.get(parent) ?? 0) + (this.holds.get(id) ?? 0));
    }
  }

  /** The groups that a box opens into. */
  bodiesOf(node: DiagramNode): readonly DiagramGroup[] {
    return node.bodies.flatMap((id) => this.groups.get(id) ?? []);
  }

  /** Keys of all that has to be open for a box to be seen, outermost first. */
  around(id: string): readonly string[] {
    const keys: string[] = [];
    const seen = new Set<string>();
    let inside = this.nodes.get(id)?.group ?? null;
    while (inside !== null && !seen.has(inside)) {
      seen.add(inside);
      const group = this.groups.get(inside);
      if (group === undefined) break;
      const owner = group.node === null ? undefined : this.nodes.get(group.node);
      if (owner === undefined) {
        keys.unshift(keyOf(group));
        inside = group.parent;
      } else {
        if (this.bodiesOf(owner).length > 1) keys.unshift(keyOf(group));
        keys.unshift(owner.id);
        inside = owner.group;
      }
    }
    return keys;
  }

  /** The picture with those boxes and groups open whose keys are in `open`. */
  draw(open: ReadonlySet<string>): Sheet {
    return new Drawing(this, open).root;
  }
}

/** Ids of groups and of boxes may be the same. */
export const keyOf = (group: DiagramGroup): string => `group ${group.id}`;

type Open = { items: Item[]; ports: ('in' | 'out')[]; flows: SheetFlow[]; readonly at: Map<string, number> };
const blank = (): Open => ({ items: [], ports: [], flows: [], at: new Map() });

class Drawing {
  readonly root: Open = blank();
  private readonly sheets = new Map<string, Open>();
  private readonly places = new Map<string, number>();
  private readonly paths = new Map<string, readonly string[]>();
  private readonly known = new Map<string, SheetFlow>();
  private readonly targets = new Set<string>();

  constructor(
    private readonly outline: Outline,
    private readonly open: ReadonlySet<string>,
  ) {
    for (const { id } of outline.diagram.nodes) this.path(id);
    const pairs = new Set<string>();
    const lifted: (typeof outline.diagram.edges)[number][] = [];
    for (const edge of outline.diagram.edges) {
      const { from, to } = edge;
      if (this.givesWay(from) || this.givesWay(to)) continue;
      if (this.stoodFor(from) || this.stoodFor(to)) {
        lifted.push(edge);
        continue;
      }
      pairs.add(JSON.stringify([this.path(from).at(-1), this.path(to).at(-1)]));
      this.connect(from, to, edge.label);
    }
    // What a closed box's own edges say is not said again by those of its inside.
    for (const { from, to, label } of lifted) {
      if (!pairs.has(JSON.stringify([this.path(from).at(-1), this.path(to).at(-1)]))) this.connect(from, to, label);
    }
  }

  /** Whether a box with edges of its own is open, so that those of its inside take their place. */
  private givesWay(id: string): boolean {
    const node = this.outline.nodes.get(id);
    if (node === undefined) return true;
    return this.open.has(id) && this.outline.bodiesOf(node).some(({ kind }) => kind !== 'body');
  }

  /** Whether a box is hidden in another one that has edges of its own. */
  private stoodFor(id: string): boolean {
    const shown = this.path(id).at(-1) ?? id;
    const node = shown === id ? undefined : this.outline.nodes.get(shown);
    return node !== undefined && this.outline.bodiesOf(node).some(({ kind }) => kind !== 'body');
  }

  /** Keys of the items that a box is drawn in, outermost first, and last of the one that stands for it. */
  private path(id: string): readonly string[] {
    const known = this.paths.get(id);
    if (known !== undefined) return known;
    const keys: string[] = [];
    let sheet = this.root;
    for (const key of [...this.outline.around(id), id]) {
      const parent = keys.at(-1) ?? null;
      keys.push(key);
      const inside = this.put(sheet, key, parent);
      if (inside === null || key === id) break;
      sheet = inside;
    }
    this.paths.set(id, keys);
    return keys;
  }

  /** Puts an item on a sheet if it is not there yet. @returns what is inside it, null where it is closed. */
  private put(sheet: Open, key: string, parent: string | null): Open | null {
    const known = this.sheets.get(key);
    if (known !== undefined) return known;
    if (this.places.has(key)) return null;
    const node = this.outline.nodes.get(key) ?? null;
    const group = node === null ? (this.outline.groups.get(key.slice('group '.length)) ?? null) : null;
    const opens = node === null || node.bodies.length > 0 || node.kind === 'recurrent';
    // Of several bodies each has a frame of its own, which opens with the box.
    const isOpen = group?.node != null || (this.open.has(key) && (node === null || node.bodies.length > 0));
    const inside = isOpen ? blank() : null;
    this.places.set(key, sheet.items.length);
    const holds = group === null ? 0 : (this.outline.holds.get(group.id) ?? 0);
    sheet.items.push({ key, node, group, opens: opens && group?.node == null, inside, parent, holds });
    if (inside !== null) this.sheets.set(key, inside);
    return inside;
  }

  private connect(from: string, to: string, label: string): void {
    const start = this.path(from);
    const end = this.path(to);
    let shared = 0;
    while (shared < start.length && shared < end.length && start[shared] === end[shared]) shared++;
    if (shared === start.length && shared === end.length) return;
    const source = JSON.stringify([start.at(-1), label]);
    // Out of what the source is in, from the innermost.
    let port: number | null = null;
    const outermost = shared === end.length ? shared - 1 : shared;
    for (let i = start.length - 2; i >= outermost && i >= 0; i--) {
      const sheet = this.sheet(start[i]);
      const out = this.port(sheet, 'out', source);
      this.flow(sheet, start[i] ?? '', { item: this.place(start[i + 1]), port }, { item: null, port: out }, label);
      port = out;
    }
    const around = shared === 0 ? this.root : this.sheet(start[shared - 1]);
    const inner = shared < end.length - 1 ? this.port(this.sheet(end[shared]), 'in', source) : null;
    if (shared < start.length && shared < end.length) {
      const ends = [
        { item: this.place(start[shared]), port },
        { item: this.place(end[shared]), port: inner },
      ] as const;
      this.flow(around, start[shared - 1] ?? '', ends[0], ends[1], label);
    }
    // Into what the target is in, from the outermost; where that holds the source too, from its border.
    const first = shared === start.length ? Math.max(0, shared - 1) : shared;
    for (let i = first; i < end.length - 1; i++) {
      const sheet = this.sheet(end[i]);
      const into = i + 1 < end.length - 1 ? this.port(this.sheet(end[i + 1]), 'in', source) : null;
      const entry = this.port(sheet, 'in', source);
      this.flow(sheet, end[i] ?? '', { item: null, port: entry }, { item: this.place(end[i + 1]), port: into }, '');
    }
  }

  private sheet(key: string | undefined): Open {
    return this.sheets.get(key ?? '') ?? this.root;
  }

  private place(key: string | undefined): number {
    return this.places.get(key ?? '') ?? 0;
  }

  private port(sheet: Open, side: 'in' | 'out', source: string): number {
    const key = `${side} ${source}`;
    let at = sheet.at.get(key);
    if (at === undefined) {
      at = sheet.ports.push(side) - 1;
      sheet.at.set(key, at);
    }
    return at;
  }

  /** Adds a target to what leaves an end with the same label. */
  private flow(sheet: Open, name: string, from: SheetEnd, to: SheetEnd, label: string): void {
    const key = JSON.stringify([name, from, label]);
    let flow = this.known.get(key);
    if (flow === undefined) {
      flow = { from, to: [], label };
      this.known.set(key, flow);
      sheet.flows.push(flow);
    }
    const target = `${key} ${to.item} ${to.port}`;
    if (this.targets.has(target)) return;
    this.targets.add(target);
    flow.to.push(to);
  }
}
