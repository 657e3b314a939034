import type { DrawnNode, DrawnWire } from './cellLayout';
import { type Segment, segmentsOf } from './cellRoutes';

/** Where the value of a wire is written, in pixels. */
export interface LabelSpot {
  /** The node whose value it is; of a state before the step the state's own. */
  readonly of: string;
  /** Written before the value; empty for what has no name. */
  readonly name: string;
  readonly x: number;
  /** Of the text's middle. */
  readonly y: number;
  readonly anchor: 'start' | 'middle' | 'end';
}

interface Rectangle {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface End {
  readonly state: string;
  readonly from: string;
  readonly y: number;
}

const letter = 6.6;
const lineHeight = 14;
/** The longest value that is written, such as −12.345. */
const valueLetters = 7;
const gap = 3;

const overlap = (a: Rectangle, b: Rectangle): boolean =>
  a.left < b.right && a.right > b.left && a.top < b.bottom && a.bottom > b.top;

const around = ({ from, to }: Segment): Rectangle => ({
  left: Math.min(from.x, to.x) - 1,
  right: Math.max(from.x, to.x) + 1,
  top: Math.min(from.y, to.y) - 1,
  bottom: Math.max(from.y, to.y) + 1,
});

/** How much room a label takes. */
export const labelWidth = (name: string): number => (valueLetters + (name === '' ? 0 : name.length + 1)) * letter;

function rectangleOf({ name, x, y, anchor }: LabelSpot): Rectangle {
  const wide = labelWidth(name);
  const left = anchor === 'start' ? x : anchor === 'end' ? x - wide : x - wide / 2;
  return { left, right: left + wide, top: y - lineHeight / 2, bottom: y + lineHeight / 2 };
}

/**
 * A spot for the value of each wire that carries a single number: at the edges for states, else beside the wire, as near to its
 * beginning as there is room that no node, no other value and, where possible, no other wire takes.
 */
export function labelSpots(
  wires: readonly DrawnWire[],
  nodes: readonly DrawnNode[],
  sources: readonly End[],
  results: readonly End[],
  size: { readonly width: number; readonly height: number },
): readonly LabelSpot[] {
  const above = (y: number) => y - gap - lineHeight / 2;
  const spots: LabelSpot[] = [
    ...sources.map(({ state, from, y }): LabelSpot => ({ of: from, name: state, x: 0, y: above(y), anchor: 'start' })),
    ...results.map(
      ({ state, from, y }): LabelSpot => ({ of: from, name: `${state}'`, x: size.width, y: above(y), anchor: 'end' }),
    ),
  ];
  const taken = nodes.map(
    ({ x, y, halfWidth, halfHeight }): Rectangle => ({
      left: x - halfWidth,
      right: x + halfWidth,
      top: y - halfHeight,
      bottom: y + halfHeight,
    }),
  );
  taken.push(...spots.map(rectangleOf));
  const others = wires.flatMap(({ corners }) => segmentsOf(corners).map(around));
  for (const { node } of nodes) {
    if (node.kind === 'join' || node.kind === 'input' || results.some(({ from }) => from === node.id)) continue;
    const own = wires.filter(({ from }) => from === node.id).flatMap(({ corners }) => segmentsOf(corners));
    const candidates = own.flatMap((segment, i) =>
      spotsBeside(node.id, node.name ?? '', segment).map((spot, j) => ({ spot, price: 3 * i + j })),
    );
    let best: { readonly spot: LabelSpot; readonly price: number } | null = null;
    for (const { spot, price } of candidates) {
      const room = rectangleOf(spot);
      const outside = room.left < 0 || room.top < 0 || room.right > size.width || room.bottom > size.height;
      if (outside || taken.some((other) => overlap(room, other))) continue;
      const whole = price + 20 * others.filter((other) => overlap(room, other)).length;
      if (best === null || whole < best.price) best = { spot, price: whole };
    }
    if (best === null) continue;
    spots.push(best.spot);
    taken.push(rectangleOf(best.spot));
  }
  return spots;
}

/** Above and below a horizontal piece, right and left of a vertical one; at its beginning first. */
function spotsBeside(of: string, name: string, { from, to }: Segment): readonly LabelSpot[] {
  const shares = [0.5, 0.25, 0.75, 0, 1];
  if (from.y === to.y) {
    return shares.flatMap((share) => {
      const x = from.x + (to.x - from.x) * share;
      return (['middle', 'start', 'end'] as const).flatMap((anchor): LabelSpot[] => [
        { of, name, x, y: from.y - gap - lineHeight / 2, anchor },
        { of, name, x, y: from.y + gap + lineHeight / 2, anchor },
      ]);
    });
  }
  return shares.flatMap((share): readonly LabelSpot[] => {
    const y = from.y + (to.y - from.y) * share;
    return [
      { of, name, x: from.x + gap + 2, y, anchor: 'start' },
      { of, name, x: from.x - gap - 2, y, anchor: 'end' },
    ];
  });
}
