import type { CellGraph, CellNode } from './cellGraph';
import { type LabelSpot, labelSpots } from './cellLabels';
import { type CellEnd, type CellPlace, type PlacedCell, placeCell } from './cellPlaces';
import { type Point, type Ports, Router } from './cellRoutes';

/** A node in pixels. */
export interface DrawnNode {
  readonly node: CellNode;
  /** Its middle. */
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
}

/** A way from a node to one that reads it; of several the later ones branch off the first. */
export interface DrawnWire {
  /** The node that it comes from. */
  readonly from: string;
  /** Whether the numbers of all units are read at its end. */
  readonly all: boolean;
  readonly corners: readonly Point[];
  /** Where it leaves another one. */
  readonly junction: Point | null;
}

/** A cell laid out in pixels; nothing of it depends on the step. */
export interface CellLayout {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly DrawnNode[];
  readonly wires: readonly DrawnWire[];
  readonly labels: readonly LabelSpot[];
  /** How many connections found no way; none in any cell that we know. */
  readonly lost: number;
}

/** Pixels between points of the lattice. */
const pitch = 8;
const rowHeight = 8;
const top = 4;
const firstColumn = 10;
const lastColumn = 13;
/** How far the value of a state reaches from the edge. */
const edgeLabel = 8;
const letter = 6.6;

/** Half of a node's width and height in points of the lattice: round ones are 32 pixels wide. */
function halfSize({ kind, label }: CellNode): { readonly wide: number; readonly high: number } {
  if (kind === 'join' || kind === 'input') return { wide: 1, high: 1 };
  return { wide: label.length <= 4 ? 2 : Math.ceil((label.length * letter + 8) / 2 / pitch), high: 2 };
}

/** Lays a cell out: nodes on a grid, wires on a lattice, a spot for the value of each wire. */
export function layOut(graph: CellGraph): CellLayout {
  const placed = placeCell(graph);
  const widest = Math.max(2, ...placed.places.map(({ node }) => halfSize(node).wide));
  const columnWidth = Math.max(12, 2 * widest + 8);
  const middle = ({ column, row }: { readonly column: number; readonly row: number }): Point => ({
    x: firstColumn + column * columnWidth,
    y: top + row * rowHeight,
  });
  const right = firstColumn + (placed.columns - 1) * columnWidth + lastColumn;
  const bottom = top + (placed.rows - 1) * rowHeight + 3;
  const blocks = placed.places.map((place) => {
    const { x, y } = middle(place);
    const { wide, high } = halfSize(place.node);
    return { left: x - wide, right: x + wide, top: y - high, bottom: y + high };
  });
  // The edges belong to the states, which come in and go out straight.
  for (const x of [0, right]) blocks.push({ left: x, right: x, top: 0, bottom });
  const rowY = (row: number) => top + row * rowHeight;
  for (const { row } of placed.sources)
    blocks.push({ left: 0, right: edgeLabel, top: rowY(row) - 2, bottom: rowY(row) - 1 });
  for (const { row } of placed.results)
    blocks.push({ left: right - edgeLabel, right, top: rowY(row) - 2, bottom: rowY(row) - 1 });
  const router = new Router(right + 1, bottom + 1, blocks);
  const ports = (place: CellPlace, side: 'in' | 'out') => portsOf(place.node, middle(place), side);
  const nets = netsOf(graph, placed, ports, (row, x) => [{ x: x === 'left' ? 0 : right, y: rowY(row) }]);
  const scaled = ({ x, y }: Point): Point => ({ x: x * pitch, y: y * pitch });
  let lost = 0;
  const wires = nets.flatMap(({ from, source, targets }): readonly DrawnWire[] => {
    const { paths, junctions } = router.route({ source, targets: targets.map((target) => target.ports) });
    const branches = [null, ...junctions.map(scaled)];
    return paths.flatMap((path, i) => {
      if (path === null) lost += 1;
      if (path === null) return [];
      return [{ from, all: targets[i]?.all ?? false, corners: path.map(scaled), junction: branches.shift() ?? null }];
    });
  });
  const nodes = placed.places.map((place): DrawnNode => {
    const { x, y } = middle(place);
    const { wide, high } = halfSize(place.node);
    return { node: place.node, x: x * pitch, y: y * pitch, halfWidth: wide * pitch, halfHeight: high * pitch };
  });
  const [width, height] = [right * pitch, bottom * pitch];
  const toPixels = (ends: readonly CellEnd[]) => ends.map((end) => ({ ...end, y: rowY(end.row) * pitch }));
  const labels = labelSpots(wires, nodes, toPixels(placed.sources), toPixels(placed.results), { width, height });
  return { width, height, nodes, wires, labels, lost };
}

const distance = (a: Ports, b: Ports): number =>
  Math.min(...a.flatMap((one) => b.map((other) => Math.abs(one.x - other.x) + Math.abs(one.y - other.y))));

const areLevel = (a: Ports, b: Ports): boolean => a.some(({ y }) => b.some((other) => other.y === y));

interface CellNet {
  readonly from: string;
  readonly source: Ports;
  readonly targets: readonly { readonly ports: Ports; readonly all: boolean }[];
}

/**
 * What is to be connected: from every node to those that read it, and to the states after the step. Lanes come first and run
 * straight, then what is short: what is left finds its way around them.
 */
function netsOf(
  { nodes }: CellGraph,
  { places, sources, results }: PlacedCell,
  ports: (place: CellPlace, side: 'in' | 'out') => Ports,
  edge: (row: number, side: 'left' | 'right') => Ports,
): readonly CellNet[] {
  const placeOf = new Map(places.map((place) => [place.node.id, place]));
  const nets = nodes.flatMap(({ id }) => {
    const own = placeOf.get(id);
    const end = sources.find(({ from }) => from === id);
    if (own === undefined && end === undefined) return [];
    const source = own === undefined ? edge(end?.row ?? 0, 'left') : ports(own, 'out');
    const readers = nodes.flatMap((reader) => {
      const place = placeOf.get(reader.id);
      const wire = reader.inputs.find(({ from }) => from === id);
      return place === undefined || wire === undefined ? [] : [{ ports: ports(place, 'in'), all: wire.all }];
    });
    const ends = results
      .filter(({ from }) => from === id)
      .map(({ row }) => ({ ports: edge(row, 'right'), all: false }));
    const order = (target: Ports) => (areLevel(source, target) ? 0 : 1000) + distance(source, target);
    const targets = [...readers, ...ends].sort((a, b) => order(a.ports) - order(b.ports));
    const length = targets.reduce((sum, target) => sum + distance(source, target.ports), 0);
    return [{ from: id, source, targets, order: (own?.row ?? end?.row) === 0 ? -1 : length }];
  });
  return nets.sort((a, b) => a.order - b.order);
}

/** Where wires may come in or go out: signals flow to the right and upwards, and down from a lane. */
function portsOf(node: CellNode, { x, y }: Point, side: 'in' | 'out'): Ports {
  const { wide, high } = halfSize(node);
  const [left, right] = [
    { x: x - wide, y },
    { x: x + wide, y },
  ];
  const above = { x, y: y - high };
  const below = { x, y: y + high };
  switch (node.kind) {
    case 'gate':
    case 'linear':
      if (side === 'out') return [above, right];
      return [below, { x: x - 1, y: y + high }, { x: x + 1, y: y + high }, left];
    case 'join':
      return side === 'out' ? [right] : [left, below, above];
    case 'input':
      return side === 'out' ? [above, right] : [];
    default:
      return side === 'out' ? [right, above, below] : [left, below, above, right];
  }
}
