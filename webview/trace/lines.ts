import { type LineColour, theme } from '../theme';
import { prepare } from './canvas';
import type { View } from './heatmap';

/** A line over steps: `values[0]` stands at step `start`. */
export interface StepLine {
  readonly values: ArrayLike<number>;
  readonly start: number;
  readonly colour: LineColour;
  /** How its points look where they stand apart; `none` draws the line alone. */
  readonly points: 'none' | 'ring' | 'dot';
}

const inset = 5;

/** Paints lines over the steps in view, from `low` at the bottom to `high` at the top, with a dot on step `chosen` of the first. */
export function paintLines(
  canvas: HTMLCanvasElement,
  lines: readonly StepLine[],
  range: { readonly low: number; readonly high: number },
  view: View,
  chosen: number | null,
): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const ratio = devicePixelRatio;
  const perStep = canvas.width / (view.to - view.from);
  const span = range.high - range.low || 1;
  const room = canvas.height - 2 * inset * ratio;
  const x = (step: number) => (step + 0.5 - view.from) * perStep;
  const y = (value: number) => inset * ratio + (1 - (value - range.low) / span) * room;
  const look = theme();
  ctx.lineJoin = 'round';
  for (const line of lines) {
    ctx.strokeStyle = look.lines[line.colour];
    ctx.fillStyle = look.lines[line.colour];
    ctx.lineWidth = 1.5 * ratio;
    const first = Math.max(0, Math.floor(view.from - line.start) - 1);
    const last = Math.min(line.values.length, Math.ceil(view.to - line.start) + 1);
    // More points than pixels would only be drawn over each other; a stride of half a pixel keeps the shape.
    const stride = Math.max(1, Math.floor(0.5 / perStep));
    ctx.beginPath();
    for (let i = first; i < last; i += stride) ctx.lineTo(x(line.start + i), y(line.values[i] ?? Number.NaN));
    ctx.stroke();
    if (line.points === 'none') continue;
    for (let i = first; i < last; i++) {
      ctx.beginPath();
      ctx.arc(x(line.start + i), y(line.values[i] ?? Number.NaN), 3 * ratio, 0, 2 * Math.PI);
      if (line.points === 'dot') ctx.fill();
      else ctx.stroke();
    }
  }
  const [first] = lines;
  const value = chosen === null ? undefined : first?.values[chosen - first.start];
  if (first === undefined || chosen === null || value === undefined) return;
  ctx.beginPath();
  ctx.arc(x(chosen), y(value), 3.5 * ratio, 0, 2 * Math.PI);
  ctx.fillStyle = look.lines[first.colour];
  ctx.fill();
}
