import { type Exits, exitsOf } from './exits';
import { placeLevel } from './layered/components';
import type { Level, LevelNode, Piece, PlacedLevel, Point, Work } from './layered/level';
import type { Item, Sheet, SheetEnd } from './outline';
import type { TextRuler } from './text';
import { stepsKey, unroll } from './unrolled';
import { boxCount, notesOf, titleOf } from './words';

/** Plain shapes, drawn in the colours of a box. */
export interface Drawn {
  readonly rects: readonly {
    readonly x: number;
    readonly y: number;
    readonly width: number;
    readonly height: number;
  }[];
  readonly texts: readonly {
    readonly x: number;
    readonly y: number;
    readonly text: string;
    readonly style: 'title' | 'note';
  }[];
  readonly line: string;
  readonly arrows: string;
}

export interface Area {
  /** Top left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface PlacedBox extends Area {
  readonly item: Item;
  /** Whether it is open, and what is inside is drawn in it. */
  readonly frame: boolean;
  /** Cut to what has room. */
  readonly title: string;
  /** Where on its upper or left side what flows enters. */
  readonly entry: { readonly x: number; readonly y: number };
  /** Where the title of an open box begins. */
  readonly titleAt: number;
  readonly notes: readonly string[];
  /** A recurrent layer that is drawn step by step. */
  readonly unrolled: Drawn | null;
}

/** What leaves a box, as one line that branches. */
export interface PlacedLine extends Area {
  readonly from: string;
  readonly to: readonly string[];
  /** As SVG writes paths. */
  readonly line: string;
  readonly arrows: string;
  /** Beginnings and ends of lines that would be too long to follow. */
  readonly hints: string;
  readonly label: { readonly x: number; readonly y: number; readonly text: string } | null;
}

export interface Layout {
  /** Frames come before what is in them. */
  readonly boxes: readonly PlacedBox[];
  readonly lines: readonly PlacedLine[];
  readonly width: number;
  readonly height: number;
  readonly across: boolean;
}

export interface Style {
  /** From left to right, or from top to bottom. */
  readonly across: boolean;
  readonly ruler: Pick<TextRuler, 'width' | 'fit'>;
  /** What is open, and which recurrent layers are drawn step by step: see `stepsKey`. */
  readonly open: ReadonlySet<string>;
}

const margin = 16;
const widest = 260;
/** Inside a frame, beside and under what is in it; its title stands above. */
const padding = 14;
const titleRoom = 34;
/** Beside a recurrent box its loop; behind a repeat the outline of the next. */
const loopRoom = 12;
const stackRoom = 6;

/** Places everything on a sheet, and in what is open on it. */
export function* layOut(sheet: Sheet, style: Style): Work<Layout> {
  const placed = yield* placeSheet(sheet, style, 0);
  const boxes: PlacedBox[] = [];
  const lines: PlacedLine[] = [];
  yield* emit(placed, style, { x: margin, y: margin }, boxes, lines);
  const { across } = style;
  const [width, height] = across
    ? [placed.level.length, placed.level.breadth]
    : [placed.level.breadth, placed.level.length];
  return { boxes, lines, width: width + 2 * margin, height: height + 2 * margin, across };
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly notes: readonly string[];
  readonly inside: PlacedSheet | null;
}

interface PlacedSheet {
  readonly sheet: Sheet;
  readonly sizes: readonly Size[];
  readonly exits: Exits;
  readonly level: PlacedLevel;
}

function* placeSheet(sheet: Sheet, style: Style, least: number): Work<PlacedSheet> {
  const { across, ruler } = style;
  const exits = exitsOf(sheet, across, ruler);
  const labels = new Map<number, Set<string>>();
  for (const { from, label } of sheet.flows) {
    if (from.item !== null) labels.set(from.item, (labels.get(from.item) ?? new Set()).add(label));
  }
  const sizes: Size[] = [];
  for (const [i, item] of sheet.items.entries()) {
    sizes.push(yield* sizeOf(item, style, labels.get(i) ?? new Set(), exits.spans.get(i) ?? 0));
    if (i % 32 === 0) yield;
  }
  const nodes = sizes.map((size, i) => levelNode(size, sheet.items[i], across));
  const ports = sheet.ports.map((side): LevelNode => {
    return { length: 0, before: 6, after: 6, pin: side === 'in' ? 'first' : 'last' };
  });
  const end = ({ item, port }: SheetEnd) => {
    if (item === null) return { node: nodes.length + (port ?? 0), offset: 0 };
    const size = sizes[item];
    const apart =
      port === null || size === undefined ? 0 : portAt(size, port, across) - lineOf(size, sheet.items[item], across);
    return { node: item, offset: apart };
  };
  const level: Level = {
    nodes: [...nodes, ...ports],
    flows: sheet.flows.map((flow) => {
      const { from, to } = flow;
      const label = exits.bare.has(flow) ? '' : flow.label;
      const wide = label === '' ? 0 : ruler.width(label, 'note');
      const [length, after] = across ? [wide + 16, 12] : [20, wide + 8];
      const room = label === '' ? { length: 4, after: 0 } : { length, after };
      const start = end(from);
      return {
        from: { ...start, offset: start.offset + (exits.offsets.get(flow) ?? 0) },
        to: to.map(end),
        label: room,
      };
    }),
    gap: 24,
    rowGap: 30,
  };
  const placed = yield* placeLevel(level);
  // A frame is as wide as its title.
  const breadth = across ? placed.breadth : Math.max(placed.breadth, least);
  const length = across ? Math.max(placed.length, least) : placed.length;
  return { sheet, sizes, exits, level: { ...placed, breadth, length } };
}

function* sizeOf(item: Item, style: Style, labels: ReadonlySet<string>, span: number): Work<Size> {
  const { across, ruler } = style;
  const title = ruler.fit(titleOf(item), 'title', widest);
  const wide = ruler.width(title, 'title');
  if (item.inside !== null) {
    const inside = yield* placeSheet(item.inside, style, wide + 40);
    const { breadth, length } = inside.level;
    const [width, height] = across ? [length, breadth] : [breadth, length];
    return { width: width + 2 * padding, height: height + titleRoom + padding, title, notes: [], inside };
  }
  if (item.node !== null && style.open.has(stepsKey(item.key))) {
    const { width, height } = unroll(item.node);
    return { width: width + 2 * padding, height: height + titleRoom + padding, title, notes: [], inside: null };
  }
  const said = item.node === null ? [boxCount(item.holds)] : notesOf(item.node);
  // What is written on the line below is not written in the box as well.
  const plain = !across && item.node?.kind !== 'recurrent';
  const notes = said.filter((note) => !plain || !labels.has(note)).map((note) => ruler.fit(note, 'note', widest));
  const text = Math.ceil(Math.max(wide, ...notes.map((note) => ruler.width(note, 'note')))) + 24;
  const least = across ? { wide: 88, tall: span + 44 } : { wide: span + 24, tall: 0 };
  const width = Math.max(88, text + (item.opens ? 20 : 0), least.wide);
  const height = Math.max(across ? 64 : ([32, 48, 64][notes.length] ?? 64), least.tall);
  return { width, height, title, notes, inside: null };
}

function levelNode(size: Size, item: Item | undefined, across: boolean): LevelNode {
  const { width, height } = size;
  const loop = item?.node?.kind === 'recurrent' && item.inside === null ? loopRoom : 0;
  const stack = item?.group?.kind === 'repeat' && item.inside === null ? stackRoom : 0;
  const line = lineOf(size, item, across);
  if (across) return { length: width + stack, before: line + loop, after: height - line + stack, pin: null };
  return { length: height + stack, before: line, after: width - line + Math.max(loop, stack), pin: null };
}

/** Where on the side of a box what flows enters and leaves: in its middle, or where the first port of a frame is. */
function lineOf(size: Size, item: Item | undefined, across: boolean): number {
  const own = item?.node?.kind !== 'recurrent' && item?.node != null;
  const middle = (across ? size.height : size.width) / 2;
  return own || size.inside === null || size.inside.sheet.ports.length === 0 ? middle : portAt(size, 0, across);
}

/** Where the title of a frame begins, from its left border: where there is room, not on a line that comes in from above. */
function titleFrom(size: Size, item: Item, { across, ruler }: Style): number {
  const first = item.opens ? 28 : 12;
  if (across || size.inside === null) return first;
  const wide = ruler.width(size.title, 'title');
  const lines = size.inside.sheet.ports.flatMap((side, port) => (side === 'in' ? [portAt(size, port, across)] : []));
  const free = (from: number) => lines.every((line) => line < from - 6 || line > from + wide + 6);
  const starts = [first, ...lines.map((line) => line + 8)].filter((from) => from + wide + 8 <= size.width);
  return starts.find(free) ?? first;
}

/** Where a port is on the side of a frame. */
function portAt({ inside }: Size, port: number, across: boolean): number {
  if (inside === null) return 0;
  const line = inside.level.nodes[inside.sheet.items.length + port]?.side ?? 0;
  return line + (across ? titleRoom : padding);
}

function* emit(
  { sheet, sizes, exits, level }: PlacedSheet,
  style: Style,
  origin: { readonly x: number; readonly y: number },
  boxes: PlacedBox[],
  lines: PlacedLine[],
): Work<void> {
  const { across } = style;
  for (const [i, item] of sheet.items.entries()) {
    if (i % 64 === 0) yield;
    const size = sizes[i];
    const point = level.nodes[i];
    if (size === undefined || point === undefined) continue;
    const { width, height, title, notes, inside } = size;
    const line = lineOf(size, item, across);
    const x = origin.x + (across ? point.along : point.side - line);
    const y = origin.y + (across ? point.side - line : point.along);
    const steps =
      item.node !== null && inside === null && style.open.has(stepsKey(item.key)) ? unroll(item.node) : null;
    const unrolled = steps === null ? null : steps.draw(x + padding, y + titleRoom);
    const titleAt = x + titleFrom(size, item, style);
    const entry = across ? { x, y: y + line } : { x: x + line, y };
    boxes.push({ item, frame: inside !== null, x, y, width, height, title, titleAt, notes, entry, unrolled });
    if (inside !== null) yield* emit(inside, style, { x: x + padding, y: y + titleRoom }, boxes, lines);
  }
  const border = across
    ? { first: -padding, last: level.length + padding }
    : { first: -titleRoom, last: level.length + padding };
  for (const [i, flow] of sheet.flows.entries()) {
    if (i % 64 === 0) yield;
    const placed = level.flows[i];
    if (placed === undefined) continue;
    const keyOf = ({ item }: SheetEnd) => (item === null ? '' : (sheet.items[item]?.key ?? ''));
    const incoming = flow.from.item === null;
    const at = ({ along, side }: Point) =>
      across ? { x: origin.x + along, y: origin.y + side } : { x: origin.x + side, y: origin.y + along };
    const path = new Path(across, at);
    for (const piece of placed.pieces) path.piece(piece, incoming ? border.first : null, flow.to, border.last);
    for (const { from, to } of placed.cut) path.hint(from, to);
    const start = placed.label === null || flow.label === '' || exits.bare.has(flow) ? null : at(placed.label);
    const text = flow.label;
    const label =
      start === null
        ? null
        : across
          ? { x: start.x + 8, y: start.y - 9, text }
          : { x: start.x + 6, y: start.y + 11, text };
    const room = label === null ? 0 : style.ruler.width(text, 'note');
    if (label !== null) path.include(label.x, label.y - 8, label.x + room, label.y + 8);
    lines.push({ from: keyOf(flow.from), to: flow.to.map(keyOf), label, ...path.drawn() });
  }
}

/** Writes the line of a flow, and knows how far it reaches. */
class Path {
  private readonly strokes: string[] = [];
  private readonly heads: string[] = [];
  private readonly dots: string[] = [];
  private low = { x: Number.POSITIVE_INFINITY, y: Number.POSITIVE_INFINITY };
  private high = { x: Number.NEGATIVE_INFINITY, y: Number.NEGATIVE_INFINITY };

  constructor(
    private readonly across: boolean,
    private readonly at: (point: Point) => { readonly x: number; readonly y: number },
  ) {}

  include(x0: number, y0: number, x1: number, y1: number): void {
    this.low = { x: Math.min(this.low.x, x0), y: Math.min(this.low.y, y0) };
    this.high = { x: Math.max(this.high.x, x1), y: Math.max(this.high.y, y1) };
  }

  private write(point: Point): string {
    const { x, y } = this.at(point);
    this.include(x - 4, y - 4, x + 4, y + 4);
    return `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`;
  }

  /** @param first where a line from the border of a frame begins, else null. */
  piece(
    { from, bend: [start, stop], to, end, turned }: Piece,
    first: number | null,
    ends: readonly SheetEnd[],
    last: number,
  ): void {
    // Ports are on the border of the frame, a little outside of what is in it.
    const begin = first !== null && from.along <= 0 ? { ...from, along: first } : from;
    const leaves = ends[end]?.item === null && !turned;
    const finish = leaves ? { ...to, along: last } : to;
    if (Math.abs(from.side - to.side) < 0.5) this.strokes.push(`M${this.write(begin)}L${this.write(finish)}`);
    else {
      const middle = (start + stop) / 2;
      const [a, b] = [
        { along: middle, side: from.side },
        { along: middle, side: to.side },
      ];
      const [c, d] = [
        { along: start, side: from.side },
        { along: stop, side: to.side },
      ];
      const curve = `C${this.write(a)} ${this.write(b)} ${this.write(d)}`;
      this.strokes.push(`M${this.write(begin)}L${this.write(c)}${curve}L${this.write(finish)}`);
    }
    if (end < 0 || leaves) return;
    if (turned) this.head(from, -1);
    else this.head(to, 1);
  }

  private head(tip: Point, way: 1 | -1): void {
    const back = -7 * way;
    const turn = this.across ? `l${back} -3.5v7z` : `l-3.5 ${back}h7z`;
    this.heads.push(`M${this.write(tip)}${turn}`);
  }

  hint(from: Point, to: Point): void {
    this.dots.push(`M${this.write(from)}L${this.write({ ...from, along: from.along + 12 })}`);
    this.dots.push(`M${this.write({ ...to, along: to.along - 16 })}L${this.write(to)}`);
    this.head(to, 1);
  }

  drawn(): Area & Pick<PlacedLine, 'line' | 'arrows' | 'hints'> {
    const none = this.low.x > this.high.x;
    const [x, y] = none ? [0, 0] : [this.low.x, this.low.y];
    return {
      x,
      y,
      width: none ? 0 : this.high.x - x,
      height: none ? 0 : this.high.y - y,
      line: this.strokes.join(''),
      arrows: this.heads.join(''),
      hints: this.dots.join(''),
    };
  }
}
