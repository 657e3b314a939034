import type { Tile } from '../../extension/protocol/inspection';
import { palette, paletteSize } from '../palettes';
import { theme } from '../theme';
import { prepare } from './canvas';
import type { Window } from './regions';
import type { Scale } from './signals';
import type { PlacedTile } from './source';

/** Which steps are in view: from `from` up to, but not with, `to`; may be fractional and reach past the signal. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/** The picture of a tile at a scale and in a theme: made once, and gone with the tile. */
const pictures = new WeakMap<Tile, { readonly key: string; readonly cells: OffscreenCanvas }>();

function pictureOf(tile: Tile, scale: Scale): OffscreenCanvas {
  const key = `${scale.scheme} ${scale.low} ${scale.high} ${theme().kind}`;
  const made = pictures.get(tile);
  if (made?.key === key) return made.cells;
  const cells = made?.cells ?? new OffscreenCanvas(tile.columns, tile.rows);
  const image = new ImageData(tile.columns, tile.rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = palette(scale.scheme);
  const last = paletteSize - 1;
  const perShade = last / (scale.high - scale.low);
  const { values } = tile;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? Number.NaN;
    // What is not a number stays transparent: it has no place on the scale.
    if (!Number.isFinite(value)) continue;
    const shade = Math.round((value - scale.low) * perShade);
    pixels[i] = colours[shade < 0 ? 0 : shade > last ? last : shade] ?? 0;
  }
  cells.getContext('2d')?.putImageData(image, 0, 0);
  pictures.set(tile, { key, cells });
  return cells;
}

/**
 * Paints a signal as units by time, one tile over the other: of each its picture is cut out and stretched, so that a repaint costs the
 * same however long the series is. `steps` are those of the signal.
 */
export function paintTiles(
  canvas: HTMLCanvasElement,
  tiles: readonly PlacedTile[],
  scale: Scale,
  window: Window,
  steps: number,
): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const perStep = canvas.width / (window.to - window.from);
  const perRank = canvas.height / (window.endRank - window.firstRank);
  for (const { region, tile } of tiles) {
    if (tile.columns === 0 || tile.rows === 0) continue;
    const across = cut(region.from, region.to, tile.columns, window.from, window.to, perStep);
    const down = cut(region.firstRank, region.endRank, tile.rows, window.firstRank, window.endRank, perRank);
    if (across.blocks <= 0 || down.blocks <= 0) continue;
    const cells = mixed(pictureOf(tile, scale), across, down);
    // Blocks larger than pixels keep their edges; smaller ones are mixed, or whole units would fall between the pixels.
    ctx.imageSmoothingEnabled = cells.width > across.size || cells.height > down.size;
    ctx.clearRect(across.at, down.at, across.size, down.size);
    ctx.drawImage(cells.image, cells.x, cells.y, cells.width, cells.height, across.at, down.at, across.size, down.size);
  }
  const left = Math.max(0, -window.from * perStep);
  const width = (Math.min(steps, window.to) - Math.max(0, window.from)) * perStep;
  if (width <= 0) return;
  // A frame, because the middle of a scale is near the background.
  ctx.strokeStyle = theme().grid;
  ctx.lineWidth = devicePixelRatio;
  ctx.strokeRect(left + ctx.lineWidth / 2, ctx.lineWidth / 2, width - ctx.lineWidth, canvas.height - ctx.lineWidth);
}

type Cut = ReturnType<typeof cut>;

/**
 * The part of a picture that is to be stretched. Where blocks are wider than pixels but not as high, or the other way round, those of one
 * way are mixed beforehand: mixed both ways at once, the edges of the others would run into one another.
 */
function mixed(picture: OffscreenCanvas, across: Cut, down: Cut) {
  const whole = { image: picture, x: across.first, y: down.first, width: across.blocks, height: down.blocks };
  const [width, height] = [Math.min(whole.width, across.size), Math.min(whole.height, down.size)];
  if ((width === whole.width) === (height === whole.height)) return whole;
  const image = new OffscreenCanvas(width, height);
  image.getContext('2d')?.drawImage(picture, whole.x, whole.y, whole.width, whole.height, 0, 0, width, height);
  return { image, x: 0, y: 0, width, height };
}

/** Of `blocks` between `from` and `to` those in view, as whole blocks, and where they lie in pixels. */
function cut(from: number, to: number, blocks: number, low: number, high: number, scale: number) {
  const perBlock = (to - from) / blocks;
  const first = Math.max(0, Math.floor((low - from) / perBlock));
  const end = Math.min(blocks, Math.ceil((high - from) / perBlock));
  // Rounded edges meet those of the next tile.
  const at = Math.round((from + first * perBlock - low) * scale);
  const last = Math.round((from + end * perBlock - low) * scale);
  return { first, blocks: end - first, at, size: Math.max(1, last - at) };
}

/** Paints the scale itself from its low end on the left to its high end. */
export function paintLegend(canvas: HTMLCanvasElement, scale: Scale): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const colours = palette(scale.scheme);
  const cells = new OffscreenCanvas(paletteSize, 1);
  const image = new ImageData(paletteSize, 1);
  new Uint32Array(image.data.buffer).set(colours);
  cells.getContext('2d')?.putImageData(image, 0, 0);
  ctx.drawImage(cells, 0, 0, canvas.width, canvas.height);
}
