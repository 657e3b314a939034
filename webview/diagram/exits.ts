import type { Sheet, SheetFlow } from './outline';
import type { TextRuler } from './text';

/** What leaves a box with labels of its own each gets a line of its own, as far as this many; the others share the last one, unlabelled. */
const most = 6;
/** Between a label and the next line, and between the lines of what has no label. */
const apart = 16;
/** Between two lines from left to right, whose labels stand over them. */
const pitch = 20;

export interface Exits {
  /** Where each flow leaves its box, from the middle of the box. */
  readonly offsets: ReadonlyMap<SheetFlow, number>;
  /** Flows that are written without their label. */
  readonly bare: ReadonlySet<SheetFlow>;
  /** How far apart the outermost exits of an item are, by its index. */
  readonly spans: ReadonlyMap<number, number>;
}

/** Spreads what leaves a box along its side, so that labels do not lie on one another. */
export function exitsOf({ flows }: Sheet, across: boolean, ruler: Pick<TextRuler, 'width'>): Exits {
  const leaving = new Map<number, SheetFlow[]>();
  for (const flow of flows) {
    const { item, port } = flow.from;
    if (item === null || port !== null) continue;
    leaving.set(item, [...(leaving.get(item) ?? []), flow]);
  }
  const offsets = new Map<SheetFlow, number>();
  const bare = new Set<SheetFlow>();
  const spans = new Map<number, number>();
  for (const [item, own] of leaving) {
    if (own.length < 2) continue;
    const rooms = own.slice(0, most).map(({ label }) => {
      if (across) return pitch;
      return apart + (label === '' ? 0 : ruler.width(label, 'note'));
    });
    const span = rooms.slice(0, -1).reduce((sum, room) => sum + room, 0);
    spans.set(item, span);
    let at = -span / 2;
    for (const [i, flow] of own.entries()) {
      offsets.set(flow, at);
      if (i < rooms.length - 1) at += rooms[i] ?? 0;
      if (i >= most) bare.add(flow);
    }
  }
  return { offsets, bare, spans };
}
