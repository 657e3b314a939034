import type { Area, PlacedBox, PlacedLine } from './layout';

export type Way = 'up' | 'down' | 'left' | 'right';

/**
 * The box that an arrow key leads to: along the flow the one that a line leads to or comes from, into a frame its first box and from that
 * back to the frame; across the flow, and where no line leads on, the nearest in that direction. Null where there is none.
 */
export function nextBox(
  from: PlacedBox,
  way: Way,
  boxes: readonly PlacedBox[],
  lines: readonly PlacedLine[],
  across: boolean,
): PlacedBox | null {
  const forward = across ? 'right' : 'down';
  const backward = across ? 'left' : 'up';
  if (way === forward || way === backward) {
    const key = from.item.key;
    const led =
      way === forward
        ? lines.filter((line) => line.from === key).flatMap(({ to }) => to)
        : lines.filter(({ to }) => to.includes(key)).map((line) => line.from);
    const inside = way === forward && from.frame ? boxes.find(({ item }) => item.parent === key) : undefined;
    if (inside !== undefined) return inside;
    const ends = new Set(led);
    const linked = nearest(
      from,
      way,
      boxes.filter(({ item }) => ends.has(item.key)),
    );
    if (linked !== null) return linked;
    const around = way === backward ? boxes.find(({ item }) => item.key === from.item.parent) : undefined;
    if (around !== undefined) return around;
  }
  return nearest(from, way, boxes);
}

/** The nearest box that lies in a direction; straight ahead counts for more than aside. */
function nearest(from: PlacedBox, way: Way, boxes: readonly PlacedBox[]): PlacedBox | null {
  const here = handleOf(from);
  let best: PlacedBox | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    if (box === from) continue;
    const there = handleOf(box);
    const [dx, dy] = [there.x - here.x, there.y - here.y];
    const [ahead, aside] = {
      up: [-dy, Math.abs(dx)],
      down: [dy, Math.abs(dx)],
      left: [-dx, Math.abs(dy)],
      right: [dx, Math.abs(dy)],
    }[way] as [number, number];
    if (ahead < 1) continue;
    const distance = ahead + 2 * aside;
    if (distance < least) {
      least = distance;
      best = box;
    }
  }
  return best;
}

/** The middle of a box; of a frame, that of its title. */
function handleOf({ x, y, width, height, frame }: PlacedBox & Area): { readonly x: number; readonly y: number } {
  return { x: x + width / 2, y: y + (frame ? 16 : height / 2) };
}
