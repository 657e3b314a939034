import type { Bins, SplitFacts } from '../../extension/protocol/facts';
import { svg } from '../dom';

/** A drawing's own units; it is stretched to the place that it has, and its lines are not. */
const size = { width: 300, height: 40 };

/** A line over all rows, the parts that are kept from training shaded. `at` has the first row of each value. */
export function lineDrawing(
  { low, high }: { readonly low: readonly (number | null)[]; readonly high: readonly (number | null)[] | null },
  at: readonly number[],
  rows: number,
  split: SplitFacts | null,
): SVGElement {
  const { least, most } = extentOf(low, high ?? low);
  const { width, height } = size;
  const x = (row: number) => (row / Math.max(1, rows - 1)) * width;
  const y = (value: number) =>
    most > least ? height - 2 - ((value - least) / (most - least)) * (height - 4) : height / 2;
  let path = '';
  let isDrawing = false;
  for (const [i, value] of low.entries()) {
    const top = high?.[i] ?? value;
    if (value === null || top === null) {
      isDrawing = false;
      continue;
    }
    const here = x(at[i] ?? 0).toFixed(2);
    path += `${isDrawing ? 'L' : 'M'}${here} ${y(value).toFixed(2)}`;
    if (high !== null) path += `L${here} ${y(top).toFixed(2)}`;
    // A value between two gaps is a dot.
    else if (!isDrawing && (low[i + 1] ?? null) === null) path += `l0.01 0`;
    isDrawing = true;
  }
  const shade = (name: string, from: number, to: number) =>
    to > from ? svg('rect', { class: name, x: x(from - 0.5), y: 0, width: x(to - from), height }) : null;
  return svg(
    'svg',
    { class: 'spark', viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    split === null ? null : shade('part', split.validation, split.test),
    split === null ? null : shade('part held', split.test, split.end),
    svg('path', { class: 'line', d: path, 'vector-effect': 'non-scaling-stroke' }),
  );
}

function extentOf(low: readonly (number | null)[], high: readonly (number | null)[]) {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of low) if (value !== null && value < least) least = value;
  for (const value of high) if (value !== null && value > most) most = value;
  return { least, most };
}

/** How values are distributed, as bars on one floor. */
export function binDrawing({ counts }: Bins): SVGElement {
  const height = size.height;
  const most = Math.max(1, ...counts);
  const bars = counts.map((count, i) => {
    // What is there at all can be seen.
    const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * (height - 2));
    return svg('rect', { class: 'column', x: i + 0.04, y: height - tall, width: 0.92, height: tall });
  });
  return svg(
    'svg',
    { class: 'bins', viewBox: `0 0 ${counts.length} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    ...bars,
  );
}

/** A bar in three pieces: what is trained on, and what is kept for validation and for the test; as long as `share` of the whole. */
export function partsDrawing(train: number, validation: number, test: number, share: number): SVGElement {
  const all = Math.max(1, train + validation + test);
  const piece = (name: string, from: number, count: number) =>
    svg('rect', {
      class: name,
      x: (100 * share * from) / all,
      y: 0,
      width: (100 * share * count) / all,
      height: 8,
    });
  return svg(
    'svg',
    { class: 'share parts', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    piece('column', 0, train),
    piece('column kept', train, validation),
    piece('column held', train + validation, test),
  );
}

/** A bar whose length says a share from 0 to 1. */
export function barDrawing(share: number): SVGElement {
  return svg(
    'svg',
    { class: 'share', viewBox: '0 0 100 8', preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    svg('rect', { class: 'column', x: 0, y: 0, width: share <= 0 ? 0 : Math.max(0.5, share * 100), height: 8 }),
  );
}
