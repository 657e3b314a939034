import { colourNames, paletteSize } from '../palettes';
import { theme } from '../theme';
import { prepare } from './canvas';
import { place, type Scale } from './signals';

/** Which way the units of a profile are lined up. */
export type Direction = 'down' | 'across';

/** Where unit `at` of `units` lies along `length` pixels. */
function slot(at: number, units: number, length: number): readonly [start: number, size: number] {
  const start = Math.floor((at * length) / units);
  return [start, Math.max(1, Math.floor(((at + 1) * length) / units) - start)];
}

/** Of more values than there are pixels, for each pixel the one that is farthest from `zero`. */
function farthest(values: ArrayLike<number>, pixels: number, scale: Scale, zero: number): Float32Array {
  const found = new Float32Array(pixels).fill(Number.NaN);
  let most = -1;
  let before = -1;
  for (let i = 0; i < values.length; i++) {
    const pixel = Math.floor((i * pixels) / values.length);
    if (pixel !== before) most = -1;
    before = pixel;
    const value = values[i] ?? Number.NaN;
    const length = Math.abs(place(scale, value) - zero);
    if (!Number.isFinite(value) || length <= most) continue;
    most = length;
    found[pixel] = value;
  }
  return found;
}

/**
 * Paints one step's values as bars from the scale's zero (or its low end), one a unit; `chosen` is outlined. Length says the
 * value, colour only says it again. Where there are more units than pixels a pixel shows the longest of its bars.
 */
export function paintProfile(
  canvas: HTMLCanvasElement,
  values: ArrayLike<number>,
  scale: Scale,
  direction: Direction,
  chosen: number | null,
): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const down = direction === 'down';
  const along = down ? canvas.height : canvas.width;
  const across = down ? canvas.width : canvas.height;
  const zero = scale.low < 0 && scale.high > 0 ? place(scale, 0) : 0;
  const colours = colourNames(scale.scheme);
  const look = theme();
  const bar = (start: number, size: number, from: number, to: number) => {
    const low = Math.min(from, to) * across;
    const long = Math.max(1, Math.abs(to - from) * across);
    if (down) ctx.fillRect(low, start, long, size);
    else ctx.fillRect(start, across - low - long, size, long);
  };
  const shown = values.length > along ? farthest(values, along, scale, zero) : values;
  const gap = along / shown.length >= 4 * devicePixelRatio ? devicePixelRatio : 0;
  for (let i = 0; i < shown.length; i++) {
    const value = shown[i] ?? Number.NaN;
    if (!Number.isFinite(value)) continue;
    const [start, size] = slot(i, shown.length, along);
    const at = place(scale, value);
    // The faintest colours would vanish in the background; the bar's length still has to be seen.
    const faint = Math.abs(at - zero) < 0.12;
    ctx.fillStyle = faint ? look.middle : (colours[Math.round(at * (paletteSize - 1))] ?? look.middle);
    bar(start, Math.max(1, size - gap), zero, at);
  }
  ctx.fillStyle = look.middle;
  if (down) ctx.fillRect(Math.round(zero * (across - 1)), 0, 1, along);
  else ctx.fillRect(0, Math.round((1 - zero) * (across - 1)), along, 1);
  if (chosen !== null && chosen >= 0 && chosen < values.length) {
    const [start, size] = slot(chosen, values.length, along);
    ctx.strokeStyle = look.ink;
    ctx.lineWidth = devicePixelRatio;
    const half = devicePixelRatio / 2;
    if (down) ctx.strokeRect(half, start - half, across - 2 * half, size + half);
    else ctx.strokeRect(start - half, half, size + half, across - 2 * half);
  }
}
