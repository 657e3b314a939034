/** Which steps and which ranks of units are looked at; both ends exclusive, and both may be fractional. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly firstRank: number;
  readonly endRank: number;
}

/** A rectangle of steps by ranks, cut into blocks. */
export interface Region {
  readonly from: number;
  readonly to: number;
  readonly firstRank: number;
  readonly endRank: number;
  readonly columns: number;
  readonly rows: number;
}

/** Blocks of one region along each axis, at most. */
const mostColumns = 1024;
const mostRows = 256;
/** Finer than so many blocks across a picture would only cost memory: 40 MiB hold the pictures of a whole screen. */
const finestAcross = 1536;

/** Pieces of `[from, to)` of an axis `length` long that lie on a grid which depends on the level of detail alone. */
function pieces(from: number, to: number, length: number, pixels: number, most: number) {
  const perPixel = (to - from) / Math.max(1, Math.min(pixels, finestAcross));
  // The power of two next to a pixel: panning and zooming a little then finds what is there already.
  const perBlock = 2 ** Math.max(0, Math.round(Math.log2(Math.max(1, perPixel))));
  const span = perBlock * most;
  const found: { readonly from: number; readonly to: number; readonly blocks: number }[] = [];
  for (let start = Math.floor(Math.max(0, from) / span) * span; start < Math.min(to, length); start += span) {
    const end = Math.min(length, start + span);
    found.push({ from: start, to: end, blocks: Math.ceil((end - start) / perBlock) });
  }
  return found;
}

/** The regions of a picture of `width` by `height` pixels that shows `window` of a signal, in reading order. */
export function regionsOf(
  steps: number,
  units: number,
  window: Window,
  width: number,
  height: number,
): readonly Region[] {
  const across = pieces(window.from, window.to, steps, width, mostColumns);
  return pieces(window.firstRank, window.endRank, units, height, mostRows).flatMap((down) =>
    across.map(({ from, to, blocks }) => ({
      from,
      to,
      firstRank: down.from,
      endRank: down.to,
      columns: blocks,
      rows: down.blocks,
    })),
  );
}

/** Whether something of a region is looked at. */
export const overlaps = (region: Region, window: Window): boolean =>
  region.from < window.to &&
  region.to > window.from &&
  region.firstRank < window.endRank &&
  region.endRank > window.firstRank;

/** Says of two regions of a signal whether they are the same. */
export const regionKey = ({ from, to, firstRank, endRank, columns, rows }: Region): string =>
  [from, to, firstRank, endRank, columns, rows].join(' ');

/** Blocks a step and unit: how fine a region is. */
export const fineness = ({ from, to, firstRank, endRank, columns, rows }: Region): number =>
  (columns / (to - from)) * (rows / (endRank - firstRank));
