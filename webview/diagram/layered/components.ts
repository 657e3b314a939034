import type { FlowEnd, Level, PlacedFlow, PlacedLevel, Point, Work } from './level';
import { placeLayered } from './place';

/** Between parts that nothing connects. */
const apart = 32;

/** Draws a graph; parts of it that nothing connects stand beside each other, in lines that are about as long as all is high. */
export function* placeLevel(level: Level): Work<PlacedLevel> {
  const parts = level.nodes.some(({ pin }) => pin !== null) ? [level.nodes.map((_, node) => node)] : connected(level);
  if (parts.length <= 1) return yield* placeLayered(level);
  const drawn: {
    readonly nodes: readonly number[];
    readonly flows: readonly number[];
    readonly placed: PlacedLevel;
  }[] = [];
  const partOf = new Int32Array(level.nodes.length);
  const inPart = new Int32Array(level.nodes.length);
  parts.forEach((nodes, part) => {
    nodes.forEach((node, i) => {
      partOf[node] = part;
      inPart[node] = i;
    });
  });
  const flowsOf: number[][] = parts.map(() => []);
  for (const [flow, { from }] of level.flows.entries()) flowsOf[partOf[from.node] ?? 0]?.push(flow);
  const local = ({ node, offset }: FlowEnd): FlowEnd => ({ node: inPart[node] ?? 0, offset });
  for (const [part, nodes] of parts.entries()) {
    const flows = flowsOf[part] ?? [];
    const placed = yield* placeLayered({
      ...level,
      nodes: nodes.flatMap((node) => level.nodes[node] ?? []),
      flows: flows.flatMap((flow) => {
        const whole = level.flows[flow];
        return whole === undefined ? [] : [{ ...whole, from: local(whole.from), to: whole.to.map(local) }];
      }),
    });
    drawn.push({ nodes, flows, placed });
    yield;
  }
  const places: Point[] = level.nodes.map(() => ({ along: 0, side: 0 }));
  const flows: PlacedFlow[] = level.flows.map(() => ({ pieces: [], label: null, cut: [] }));
  const area = drawn.reduce((sum, { placed }) => sum + (placed.length + apart) * (placed.breadth + apart), 0);
  const room = drawn.reduce((most, { placed }) => Math.max(most, placed.breadth), Math.sqrt(area * 1.6));
  let [along, side, length, breadth] = [0, 0, 0, 0];
  for (const { nodes, flows: own, placed } of drawn) {
    if (side > 0 && side + placed.breadth > room) {
      along += length + apart;
      side = 0;
      length = 0;
    }
    const by: Point = { along, side };
    for (const [i, node] of nodes.entries()) places[node] = moved(placed.nodes[i], by);
    for (const [i, flow] of own.entries()) flows[flow] = movedFlow(placed.flows[i], by);
    side += placed.breadth + apart;
    length = Math.max(length, placed.length);
    breadth = Math.max(breadth, side - apart);
  }
  return { nodes: places, flows, length: along + length, breadth };
}

const moved = (point: Point = { along: 0, side: 0 }, by: Point): Point => ({
  along: point.along + by.along,
  side: point.side + by.side,
});

function movedFlow(flow: PlacedFlow = { pieces: [], label: null, cut: [] }, by: Point): PlacedFlow {
  return {
    pieces: flow.pieces.map((piece) => ({
      ...piece,
      from: moved(piece.from, by),
      bend: [piece.bend[0] + by.along, piece.bend[1] + by.along],
      to: moved(piece.to, by),
    })),
    label: flow.label === null ? null : moved(flow.label, by),
    cut: flow.cut.map(({ from, to }) => ({ from: moved(from, by), to: moved(to, by) })),
  };
}

/** The nodes of every connected part, those of the first nodes first. */
function connected({ nodes, flows }: Level): number[][] {
  const near: number[][] = nodes.map(() => []);
  for (const { from, to } of flows) {
    for (const { node } of to) {
      near[from.node]?.push(node);
      near[node]?.push(from.node);
    }
  }
  const seen = new Uint8Array(nodes.length);
  const parts: number[][] = [];
  for (let node = 0; node < nodes.length; node++) {
    if (seen[node] === 1) continue;
    seen[node] = 1;
    const part = [node];
    for (let i = 0; i < part.length; i++) {
      for (const next of near[part[i] ?? 0] ?? []) {
        if (seen[next] === 1) continue;
        seen[next] = 1;
        part.push(next);
      }
    }
    parts.push(part.sort((a, b) => a - b));
  }
  return parts;
}
