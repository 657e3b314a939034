import type uPlot from 'uplot';
import type { Theme } from '../theme';
import type { Line } from './plot';

const lineHeight = 14;

/** Writes each line's name beside its last point in view. Names that would lie on each other are moved apart, in order. */
export function drawEndLabels(u: uPlot, lines: readonly Line[], look: Theme): void {
  const ratio = devicePixelRatio;
  const { left, top, width, height } = u.bbox;
  const labels = lines.flatMap((line, i) => {
    if (!line.shown || !line.labelled) return [];
    const end = lastInView(u, i + 1);
    if (end === null) return [];
    return [{ line, x: u.valToPos(end.x, 'x', true), y: u.valToPos(end.y, 'y', true), at: 0 }];
  });
  labels.sort((a, b) => a.y - b.y);
  spread(labels, top, top + height, lineHeight * ratio);
  const { ctx } = u;
  ctx.save();
  ctx.font = `${11 * ratio}px ${look.family}`;
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  for (const { line, x, y, at } of labels) {
    const beside = Math.min(x, left + width) + 8 * ratio;
    ctx.fillStyle = look.names[line.colour];
    ctx.strokeStyle = look.lines[line.colour];
    if (Math.abs(at - y) > 3 * ratio) {
      ctx.lineWidth = ratio * 0.75;
      ctx.beginPath();
      ctx.moveTo(beside - 6 * ratio, y);
      ctx.lineTo(beside - 2 * ratio, at);
      ctx.stroke();
    }
    ctx.fillText(line.label, beside, at);
  }
  ctx.restore();
}

function lastInView(u: uPlot, series: number): { readonly x: number; readonly y: number } | null {
  const xs = u.data[0];
  const ys = u.data[series];
  if (xs === undefined || ys === undefined) return null;
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = u.scales['x'] ?? {};
  for (let i = xs.length - 1; i >= 0; i--) {
    const x = xs[i];
    const y = ys[i];
    if (x === undefined || x > max || y == null) continue;
    return x < min ? null : { x, y };
  }
  return null;
}

/** Sets `at` of labels sorted by `y` so that they keep `gap` between them and stay between `low` and `high` where there is room. */
function spread(labels: { readonly y: number; at: number }[], low: number, high: number, gap: number): void {
  let floor = low;
  for (const label of labels) {
    label.at = Math.max(label.y, floor);
    floor = label.at + gap;
  }
  let ceiling = high;
  for (const label of labels.toReversed()) {
    label.at = Math.min(label.at, ceiling);
    ceiling = label.at - gap;
  }
}
