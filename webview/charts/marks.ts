import type uPlot from 'uplot';
import type { Theme } from '../theme';

/** Something named on the plot itself. */
export type Mark =
  /** A border at `x`, named on its right. */
  | { readonly kind: 'border'; readonly x: number; readonly label: string }
  /** A point worth finding. */
  | { readonly kind: 'point'; readonly x: number; readonly y: number | null; readonly label: string }
  /** A stretch of x that is looked at. */
  | { readonly kind: 'span'; readonly from: number; readonly to: number; readonly label: string };

/** Draws marks below the lines, and their names along the top edge. */
export function drawMarks(u: uPlot, marks: readonly Mark[], look: Theme): void {
  const { ctx } = u;
  const ratio = devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  ctx.save();
  ctx.font = `${11 * ratio}px ${look.family}`;
  ctx.textBaseline = 'bottom';
  let taken = Number.NEGATIVE_INFINITY;
  const name = (text: string, x: number) => {
    const wide = ctx.measureText(text).width;
    // A name that does not fit on the right of its line stands on the left; one that would cover another is left out.
    const onLeft = x + wide + 4 * ratio > left + width;
    const from = onLeft ? x - 4 * ratio - wide : x + 4 * ratio;
    if (from < taken) return;
    taken = from + wide + 8 * ratio;
    ctx.fillStyle = look.muted;
    ctx.textAlign = 'left';
    ctx.fillText(text, from, top - 2 * ratio);
  };
  for (const mark of marks) {
    if (mark.kind === 'span') {
      const from = Math.max(left, u.valToPos(mark.from, 'x', true));
      const to = Math.min(left + width, u.valToPos(mark.to, 'x', true));
      if (to <= from) continue;
      ctx.fillStyle = look.muted;
      ctx.globalAlpha = 0.14;
      ctx.fillRect(from, top, Math.max(ratio, to - from), height);
      ctx.globalAlpha = 1;
      continue;
    }
    const x = Math.round(u.valToPos(mark.x, 'x', true)) + 0.5 * ratio;
    if (x < left - 1 || x > left + width + 1) continue;
    ctx.strokeStyle = look.muted;
    ctx.lineWidth = ratio;
    ctx.setLineDash(mark.kind === 'point' ? [3 * ratio, 3 * ratio] : []);
    ctx.globalAlpha = mark.kind === 'point' ? 1 : 0.6;
    ctx.beginPath();
    ctx.moveTo(x, top - 12 * ratio);
    ctx.lineTo(x, top + height);
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    name(mark.label, x);
    if (mark.kind === 'point' && mark.y !== null) diamond(ctx, x, u.valToPos(mark.y, 'y', true), 5 * ratio, look);
  }
  ctx.restore();
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, size: number, look: Theme): void {
  ctx.beginPath();
  ctx.moveTo(x, y - size);
  ctx.lineTo(x + size, y);
  ctx.lineTo(x, y + size);
  ctx.lineTo(x - size, y);
  ctx.closePath();
  ctx.fillStyle = look.background;
  ctx.fill();
  ctx.strokeStyle = look.ink;
  ctx.lineWidth = 1.5 * devicePixelRatio;
  ctx.stroke();
}
