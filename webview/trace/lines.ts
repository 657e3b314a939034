import { type LineColour, theme } from '../theme';
import { prepare } from './canvas';
import type { View } from './heatmap';
import type { Region } from './regions';
import type { PlacedLine } from './source';

/** A line over steps whose values are all here: `values[0]` stands at step `start`. */
export interface StepLine {
  readonly values: ArrayLike<number>;
  readonly start: number;
  readonly colour: LineColour;
  /** How its points look where they stand apart; `none` draws the line alone. */
  readonly points: 'none' | 'ring' | 'dot';
}

/** A unit's line as it came, piece by piece. */
export interface UnitLine {
  readonly pieces: readonly PlacedLine[];
  readonly colour: LineColour;
  readonly dash: readonly number[];
  /** The colour of each block of a piece instead of the line's own; null where it has none. */
  readonly colours: ((region: Region) => (block: number) => string | null) | null;
}

export interface ValueRange {
  readonly low: number;
  readonly high: number;
}

const inset = 5;

/** Where a value stands on a canvas, from its top. */
export function heightOf(value: number, { low, high }: ValueRange, height: number, ratio: number): number {
  const room = height - 2 * inset * ratio;
  return inset * ratio + (1 - (value - low) / (high - low || 1)) * room;
}

/** Paints lines over the steps in view, from `low` at the bottom to `high` at the top. */
export function paintLines(
  canvas: HTMLCanvasElement,
  units: readonly UnitLine[],
  lines: readonly StepLine[],
  range: ValueRange,
  view: View,
): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const ratio = devicePixelRatio;
  const perStep = canvas.width / (view.to - view.from);
  const x = (step: number) => (step - view.from) * perStep;
  const y = (value: number) => heightOf(value, range, canvas.height, ratio);
  const look = theme();
  ctx.lineJoin = 'round';
  for (const unit of units) {
    // Colours make a ribbon, wide enough for the line itself to run in its middle.
    ctx.lineWidth = (unit.colours === null ? 1.5 : 5) * ratio;
    ctx.setLineDash(unit.dash.map((length) => length * ratio));
    ctx.strokeStyle = look.lines[unit.colour];
    strokeUnit(ctx, unit, x, y, canvas.width);
  }
  ctx.setLineDash([]);
  for (const line of lines) {
    ctx.strokeStyle = look.lines[line.colour];
    ctx.fillStyle = look.lines[line.colour];
    ctx.lineWidth = 1.5 * ratio;
    const first = Math.max(0, Math.floor(view.from - line.start) - 1);
    const last = Math.min(line.values.length, Math.ceil(view.to - line.start) + 1);
    // More points than pixels would only be drawn over each other; a stride of half a pixel keeps the shape.
    const stride = Math.max(1, Math.floor(0.5 / perStep));
    const at = (i: number) => [x(line.start + i + 0.5), y(line.values[i] ?? Number.NaN)] as const;
    ctx.beginPath();
    for (let i = first; i < last; i += stride) ctx.lineTo(...at(i));
    ctx.stroke();
    if (line.points === 'none') continue;
    for (let i = first; i < last; i++) {
      ctx.beginPath();
      ctx.arc(...at(i), 3 * ratio, 0, 2 * Math.PI);
      if (line.points === 'dot') ctx.fill();
      else ctx.stroke();
    }
  }
}

/** Strokes a unit's line through the extremes of its blocks; where blocks have colours, piece by piece of one colour. */
function strokeUnit(
  ctx: CanvasRenderingContext2D,
  { pieces, colours }: UnitLine,
  x: (step: number) => number,
  y: (value: number) => number,
  width: number,
): void {
  ctx.beginPath();
  let under: string | null = null;
  let pen: readonly [number, number] | null = null;
  for (const { region, line } of pieces) {
    const colourOf = colours?.(region);
    const perBlock = (region.to - region.from) / line.columns;
    for (let block = 0; block < line.columns; block++) {
      const at = x(region.from + (block + 0.5) * perBlock);
      const span = x(region.from + perBlock) - x(region.from);
      if (at < -span || at > width + span) continue;
      const [low, high] = [line.low[block] ?? Number.NaN, line.high[block] ?? Number.NaN];
      // A gap where there is no number.
      if (Number.isNaN(low)) {
        pen = null;
        continue;
      }
      const colour = colourOf?.(block) ?? null;
      if (colour !== under && colour !== null) {
        ctx.stroke();
        ctx.beginPath();
        ctx.strokeStyle = colour;
        under = colour;
        if (pen !== null) ctx.moveTo(...pen);
      }
      if (pen === null) ctx.moveTo(at, y(low));
      else ctx.lineTo(at, y(low));
      if (high !== low) ctx.lineTo(at, y(high));
      pen = [at, y(high)];
    }
  }
  ctx.stroke();
}
