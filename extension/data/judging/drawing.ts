import type { RandomStream } from '../../core/random';
import type { Tally } from './tally';

/** Fewer items or blocks than this cannot say how much chance does. */
const fewest = { items: 10, blocks: 5 };

/** Items from `start` (included) to `end` (excluded). */
type Stretch = readonly [start: number, end: number];

/** Items that are drawn for themselves, as many as there are. */
type Stratum =
  /** A series, of which blocks of neighbours are drawn from anywhere in it. */
  | { readonly kind: 'blocks'; readonly stretch: Stretch; readonly block: number }
  /** Series that are too short for that, which are drawn as they are. */
  | { readonly kind: 'whole'; readonly stretches: readonly Stretch[] };

/**
 * How items are drawn again: of each series blocks of neighbours (moving blocks, Künsch 1989), as many items as it has, so that no block
 * reaches from one series into another and none of them counts for more than it does. Series of a few blocks say nothing of how much chance
 * does within them; where there are several, whole ones are drawn, since they have nothing to do with one another. Null where there are
 * too few items to say.
 * @param shortest length of a block at least
 * @param most draws at most, about, of which whole series are put together
 */
export function strataOf(
  { rows, width, overlap, before = [0, rows.length / width] }: Pick<Tally, 'rows' | 'width' | 'overlap' | 'before'>,
  shortest: number,
  most: number,
): readonly Stratum[] | null {
  const items = rows.length / width;
  if (items < fewest.items) return null;
  // What has nothing to do with its neighbours is no series.
  const borders = overlap === null ? [0, items] : before;
  const all: Stretch[] = [];
  for (let s = 0; s + 1 < borders.length; s++) all.push([borders[s] ?? 0, borders[s + 1] ?? 0]);
  const blocked = all
    .filter(([start, end]) => start < end)
    .map((stretch) => {
      const length = stretch[1] - stretch[0];
      const block = Math.max(shortest, overlap === null ? 1 : Math.max(overlap, Math.round(Math.cbrt(length))));
      return { stretch, block: Math.min(block, length), blocks: Math.floor(length / block) };
    });
  const short = blocked.filter(({ blocks }) => blocks < fewest.blocks);
  const areWhole = short.length >= fewest.blocks;
  const within = areWhole ? blocked.filter(({ blocks }) => blocks >= fewest.blocks) : blocked;
  const drawn = within.reduce((sum, { blocks }) => sum + blocks, 0) + (areWhole ? short.length : 0);
  if (drawn < fewest.blocks) return null;
  return [
    ...within.map(({ stretch, block }): Stratum => ({ kind: 'blocks', stretch, block })),
    ...(areWhole
      ? [
          together(
            short.map(({ stretch }) => stretch),
            most,
          ),
        ]
      : []),
  ];
}

/** So many series as they are, or of very many those that follow one another as one. */
function together(short: readonly Stretch[], most: number): Stratum {
  const each = Math.ceil(short.length / most);
  const joined = (stretches: readonly Stretch[]): Stretch[] => {
    // Long series may stand between them.
    const runs: Stretch[] = [];
    for (const [start, end] of stretches) {
      const last = runs.at(-1);
      if (last !== undefined && last[1] === start) runs[runs.length - 1] = [last[0], end];
      else runs.push([start, end]);
    }
    return runs;
  };
  if (each === 1) return { kind: 'whole', stretches: short };
  const stretches: Stretch[] = [];
  for (let s = 0; s < short.length; s += each) stretches.push(...joined(short.slice(s, s + each)));
  return { kind: 'whole', stretches };
}

/** Tells each stretch of one drawing. */
export function draw(
  strata: readonly Stratum[],
  random: RandomStream,
  add: (start: number, end: number) => void,
): void {
  for (const stratum of strata) {
    if (stratum.kind === 'whole') {
      for (const _ of stratum.stretches) {
        const [start, end] = stratum.stretches[random.below(stratum.stretches.length)] ?? [0, 0];
        add(start, end);
      }
      continue;
    }
    const { stretch, block } = stratum;
    const items = stretch[1] - stretch[0];
    for (let drawn = 0; drawn < items; drawn += block) {
      const length = Math.min(block, items - drawn);
      const start = stretch[0] + random.below(items - length + 1);
      add(start, start + length);
    }
  }
}
