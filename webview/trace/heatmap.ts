import type { TraceSignal } from '../../extension/protocol/trace';
import { palette, paletteSize } from '../palettes';
import { theme } from '../theme';
import { prepare } from './canvas';
import { place, type Scale } from './signals';

/** Which steps are in view: from `from` up to, but not with, `to`; may be fractional and reach past the signal. */
export interface View {
  readonly from: number;
  readonly to: number;
}

/**
 * Paints a signal as units by time. Where cells are smaller than device pixels, a pixel shows the mean of the cells below it,
 * so the cost of a repaint is bounded by the cells in view and never by the length of the series.
 */
export function paintHeatmap(canvas: HTMLCanvasElement, signal: TraceSignal, scale: Scale, view: View): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const steps = signal.values.length / signal.units;
  const first = Math.max(0, Math.floor(view.from));
  const last = Math.min(steps, Math.ceil(view.to));
  if (last <= first) return;
  const perStep = canvas.width / (view.to - view.from);
  const columns = Math.max(1, Math.min(last - first, Math.round((last - first) * perStep)));
  const rows = Math.min(signal.units, canvas.height);
  const image = new ImageData(columns, rows);
  const pixels = new Uint32Array(image.data.buffer);
  const colours = palette(scale.scheme);
  for (let row = 0; row < rows; row++) {
    const fromUnit = Math.floor((row * signal.units) / rows);
    const toUnit = Math.max(fromUnit + 1, Math.floor(((row + 1) * signal.units) / rows));
    for (let column = 0; column < columns; column++) {
      const fromStep = first + Math.floor((column * (last - first)) / columns);
      const toStep = Math.max(fromStep + 1, first + Math.floor(((column + 1) * (last - first)) / columns));
      const value = meanOf(signal, fromStep, toStep, fromUnit, toUnit);
      // What is not a number stays transparent: it has no place on the scale.
      if (Number.isFinite(value)) {
        pixels[row * columns + column] = colours[Math.round(place(scale, value) * (paletteSize - 1))] ?? 0;
      }
    }
  }
  const cells = new OffscreenCanvas(columns, rows);
  cells.getContext('2d')?.putImageData(image, 0, 0);
  ctx.imageSmoothingEnabled = false;
  const [left, width] = [(first - view.from) * perStep, (last - first) * perStep];
  ctx.drawImage(cells, left, 0, width, canvas.height);
  // A frame, because the middle of a scale is near the background.
  ctx.strokeStyle = theme().grid;
  ctx.lineWidth = devicePixelRatio;
  ctx.strokeRect(left + ctx.lineWidth / 2, ctx.lineWidth / 2, width - ctx.lineWidth, canvas.height - ctx.lineWidth);
}

function meanOf(signal: TraceSignal, fromStep: number, toStep: number, fromUnit: number, toUnit: number): number {
  let sum = 0;
  for (let step = fromStep; step < toStep; step++) {
    for (let unit = fromUnit; unit < toUnit; unit++) sum += signal.values[step * signal.units + unit] ?? 0;
  }
  return sum / ((toStep - fromStep) * (toUnit - fromUnit));
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
