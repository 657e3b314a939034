import { chain, type Layered, type Step } from './chains';
import { placeSideways } from './coordinates';
import type { Level, LevelFlow, Piece, PlacedFlow, PlacedLevel, Point, Work } from './level';
import { orderRows, type Rows } from './order';
import { type Link, rankNodes } from './ranks';

/** Before a node that a line arrives at: the arrow has to be straight. */
const arrowRoom = 10;
/** The least that a bend of a line takes along the flow; wide ones take more, so that they do not lie flat. */
const leastBend = 14;
const mostBend = 96;
/** What a line keeps free on either side where it passes a row. */
const lineRoom = 8;

/** Draws one connected graph in rows. */
export function* placeLayered(level: Level): Work<PlacedLevel> {
  const layered = chain(level, rankNodes(level));
  yield;
  const rows = yield* orderRows(layered);
  const { gap } = level;
  const rooms = roomsOf(level);
  const before = Float64Array.from({ length: layered.count }, (_, i) => keep(rooms[i]?.before, gap));
  const after = Float64Array.from({ length: layered.count }, (_, i) => keep(rooms[i]?.after, gap));
  const side = yield* placeSideways(layered, rows, { before, after });
  // What is kept free beside the outermost nodes is nobody's.
  const first = side.reduce((least, line, i) => Math.min(least, line - (rooms[i]?.before ?? 0)), Number.MAX_VALUE);
  yield;
  return write(
    level,
    layered,
    rows,
    side.map((line) => line - first),
    rooms,
  );
}

const keep = (own: number | undefined, gap: number) => (own === undefined ? lineRoom : own + gap / 2);

/** The room that a node takes with the labels of what leaves it. */
interface Room {
  before: number;
  after: number;
  /** Of its labels, along the flow. */
  label: number;
}

function roomsOf({ nodes, flows }: Level): readonly Room[] {
  const rooms = nodes.map(({ before, after }) => ({ before, after, label: 0 }));
  for (const { from, label } of flows) {
    const room = rooms[from.node];
    if (room === undefined) continue;
    room.label = Math.max(room.label, label.length);
    room.after = Math.max(room.after, label.after + from.offset);
  }
  return rooms;
}

interface Row {
  readonly start: number;
  readonly end: number;
  /** Where bends to the next row begin. */
  readonly bend: number;
}

function rowsAlong(level: Level, layered: Layered, rows: Rows, side: Float64Array, rooms: readonly Room[]): Row[] {
  const widest = new Float64Array(rows.length);
  layered.steps.forEach((steps, flow) => {
    for (const step of steps) {
      const row = layered.rank[step.upper] ?? 0;
      const [a, b] = offsets(level.flows[flow], step);
      const aside = (side[step.upper] ?? 0) + a - (side[step.lower] ?? 0) - b;
      widest[row] = Math.max(widest[row] ?? 0, Math.abs(aside));
    }
  });
  const along: Row[] = [];
  let start = 0;
  rows.forEach((row, i) => {
    const end = start + row.reduce((most, node) => Math.max(most, level.nodes[node]?.length ?? 0), 0);
    const bend = end + row.reduce((most, node) => Math.max(most, rooms[node]?.label ?? 0), 0);
    along.push({ start, end, bend });
    const wide = widest[i] ?? 0;
    const room = wide < 1 ? 0 : Math.min(mostBend, leastBend + wide / 8);
    start = Math.max(bend + room + arrowRoom, end + level.rowGap);
  });
  return along;
}

/** Where on its two nodes a step of a line begins and ends, from their lines. */
function offsets(flow: LevelFlow | undefined, { upper, lower, end, turned }: Step): readonly [number, number] {
  const [source, target] = [flow?.from, flow?.to[end]];
  // Of a line that leads upwards, the upper end is where it arrives.
  const [first, last] = turned ? [target, source] : [source, target];
  return [first?.node === upper ? first.offset : 0, last?.node === lower ? last.offset : 0];
}

function write(level: Level, layered: Layered, rows: Rows, side: Float64Array, rooms: readonly Room[]): PlacedLevel {
  const along = rowsAlong(level, layered, rows, side, rooms);
  const rowOf = (node: number): Row => along[layered.rank[node] ?? 0] ?? { start: 0, end: 0, bend: 0 };
  // Nodes stand in the middle of their row, ports at the border.
  const placed = level.nodes.map(({ length, pin }, node): Point => {
    const { start, end } = rowOf(node);
    const begin = pin === 'first' ? start : pin === 'last' ? end - length : start + (end - start - length) / 2;
    return { along: begin, side: side[node] ?? 0 };
  });
  const at = (node: number, offset: number, leaving: boolean): Point => {
    const own = placed[node];
    if (own === undefined) return { along: rowOf(node).start, side: side[node] ?? 0 };
    return { along: own.along + (leaving ? (level.nodes[node]?.length ?? 0) : 0), side: own.side + offset };
  };
  const cuts = new Map<number, Link[]>();
  for (const link of layered.cut) cuts.set(link.flow, [...(cuts.get(link.flow) ?? []), link]);
  const flows = level.flows.map(({ from, to }, flow): PlacedFlow => {
    const steps = layered.steps[flow] ?? [];
    const pieces = steps.map((step): Piece => {
      const { upper, lower, end, turned } = step;
      const [a, b] = offsets(level.flows[flow], step);
      const stop = rowOf(lower).start - arrowRoom;
      return {
        from: at(upper, a, true),
        bend: [Math.min(rowOf(upper).bend, stop), stop],
        to: at(lower, b, false),
        end,
        turned,
      };
    });
    const cut = (cuts.get(flow) ?? []).map(({ to: node, end }) => ({
      from: at(from.node, from.offset, true),
      to: at(node, to[end]?.offset ?? 0, false),
    }));
    const begins = cut.length > 0 || steps.some(({ upper, turned }) => !turned && upper === from.node);
    return { pieces, label: begins ? at(from.node, from.offset, true) : null, cut };
  });
  const breadth = side.reduce((most, line, node) => Math.max(most, line + (rooms[node]?.after ?? 0)), 0);
  return { nodes: placed, flows, length: along.at(-1)?.end ?? 0, breadth };
}
