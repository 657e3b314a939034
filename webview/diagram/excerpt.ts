import type { Sheet, SheetEnd } from './outline';

/** More boxes than this on one sheet are no picture, and would take long to lay out. */
export const mostBoxes = 5000;
/** As many are shown of a sheet that has more. */
const shown = 400;

/** Of a sheet with too many items those nearest to one of them, counted in lines; other sheets as they are. */
export function excerpt(sheet: Sheet, centre: string | null): Sheet {
  const { items, flows, ports } = sheet;
  const small = items.length <= mostBoxes ? items : null;
  if (small !== null) {
    const inner = items.map((item) =>
      item.inside === null ? item : { ...item, inside: excerpt(item.inside, centre) },
    );
    return { items: inner, flows, ports };
  }
  const near: number[][] = items.map(() => []);
  for (const { from, to } of flows) {
    for (const { item } of to) {
      if (item === null || from.item === null) continue;
      near[from.item]?.push(item);
      near[item]?.push(from.item);
    }
  }
  const kept = new Set<number>();
  const start = Math.max(
    0,
    items.findIndex(({ key }) => key === centre),
  );
  const queue = [start];
  // What no line leads to is beside it in the order of execution.
  for (let i = 0, ahead = start; kept.size < Math.min(shown, items.length); i++) {
    const next = queue[i];
    if (next === undefined) {
      ahead = (ahead + 1) % items.length;
      queue.push(ahead);
      i--;
      continue;
    }
    if (kept.has(next)) continue;
    kept.add(next);
    queue.push(...(near[next] ?? []));
  }
  const order = [...kept].sort((a, b) => a - b);
  const at = new Map(order.map((item, i) => [item, i]));
  const known = ({ item }: SheetEnd) => item === null || at.has(item);
  const moved = (end: SheetEnd): SheetEnd => ({ ...end, item: end.item === null ? null : (at.get(end.item) ?? 0) });
  const left = flows.flatMap(({ from, to, label }) => {
    const ends = to.filter(known);
    return known(from) && ends.length > 0 ? [{ from: moved(from), to: ends.map(moved), label }] : [];
  });
  return { items: order.flatMap((item) => items[item] ?? []), flows: left, ports };
}
