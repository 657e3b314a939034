import type { Range } from '../charts/plot';
import { number } from '../numbers';
import { colourNames, paletteSize } from '../palettes';
import { theme } from '../theme';

export interface LagRow {
  readonly epoch: number;
  readonly norms: readonly number[];
}

export interface LagPlace {
  /** Where the lags lie, in pixels of the page. */
  readonly area: { readonly left: number; readonly width: number };
  /** How many steps back the norms of a row are. */
  readonly lags: readonly number[];
  /** What the colours stand for, on a logarithmic scale. */
  readonly range: Range;
  readonly hovered: number | null;
  readonly chosen: number;
}

/**
 * Paints norms as colours: lags from left to right where the chart above has them, epochs from top to bottom, each until the next one that
 * was measured. Their first and last stand in the margin, and the chosen one is marked.
 */
export function paintLags(ctx: CanvasRenderingContext2D, rows: readonly LagRow[], place: LagPlace): void {
  const { area, lags, range, hovered, chosen } = place;
  const look = theme();
  const ratio = devicePixelRatio;
  const { height } = ctx.canvas;
  const [left, width] = [area.left * ratio, area.width * ratio];
  const [first, last] = [rows[0]?.epoch ?? 1, rows.at(-1)?.epoch ?? 1];
  const reach = Math.max(1, lags.at(-1) ?? 1);
  const x = (lag: number) => left + (lag / reach) * width;
  const y = (epoch: number) => (last > first ? ((epoch - first) / (last - first)) * (height - ratio) : 0);
  const colours = colourNames('sequential');
  const [low, high] = [Math.log10(range.min), Math.log10(range.max)];
  const colourOf = (norm: number) => {
    const share = norm > 0 && high > low ? (Math.log10(norm) - low) / (high - low) : norm > 0 ? 1 : 0;
    return colours[Math.round(Math.min(1, Math.max(0, share)) * (paletteSize - 1))] ?? look.background;
  };
  // Half-way between two lags one column ends and the next begins.
  const edges = lags.map((lag, i) => (i === 0 ? left : Math.round(x((lag + (lags[i - 1] ?? lag)) / 2))));
  const bands = rows.length === 1 ? 1 : height;
  let row = 0;
  for (let band = 0; band < bands; band++) {
    const epoch = first + ((band + 1) / bands) * (last - first);
    const before = row;
    while ((rows[row + 1]?.epoch ?? Number.POSITIVE_INFINITY) <= epoch) row += 1;
    const top = (band / bands) * height;
    if (band > 0 && row === before) {
      // The same row again: the pixels above it are copied.
      ctx.drawImage(ctx.canvas, left, top - 1, width, 1, left, top, width, 1);
      continue;
    }
    const tall = bands === 1 ? height : 1;
    for (const [i, norm] of (rows[row]?.norms ?? []).entries()) {
      const from = edges[i] ?? left;
      ctx.fillStyle = colourOf(norm);
      ctx.fillRect(from, top, (edges[i + 1] ?? left + width) - from, tall);
    }
  }
  ctx.strokeStyle = look.ink;
  ctx.lineWidth = ratio;
  if (hovered !== null) {
    ctx.beginPath();
    ctx.moveTo(x(hovered), 0);
    ctx.lineTo(x(hovered), height);
    ctx.stroke();
  }
  ctx.font = `${11 * ratio}px ${look.family}`;
  ctx.textAlign = 'right';
  ctx.fillStyle = look.muted;
  const margin = left - 8 * ratio;
  ctx.textBaseline = 'top';
  ctx.fillText(number(first), margin, 0);
  if (last > first) {
    ctx.textBaseline = 'bottom';
    ctx.fillText(number(last), margin, height);
  }
  // A small triangle in the margin points at the epoch whose lines are drawn above.
  const at = Math.min(height - 4 * ratio, Math.max(4 * ratio, y(chosen)));
  ctx.fillStyle = look.ink;
  ctx.beginPath();
  ctx.moveTo(left - ratio, at);
  ctx.lineTo(left - 6 * ratio, at - 4 * ratio);
  ctx.lineTo(left - 6 * ratio, at + 4 * ratio);
  ctx.fill();
}
