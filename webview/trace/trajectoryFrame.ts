import { extent } from './signals';

const inset = 28;

/**
 * Where each step's point stands on a canvas, in device pixels. Both components have the same scale, so that distances are true.
 * @param points row-major [steps][2].
 */
export function trajectoryFrame(
  canvas: HTMLCanvasElement,
  points: Float32Array,
): (step: number) => { readonly x: number; readonly y: number } {
  const across = extent(points.filter((_, i) => i % 2 === 0));
  const down = extent(points.filter((_, i) => i % 2 === 1));
  const room = inset * devicePixelRatio;
  const widths = [across.max - across.min || 1, down.max - down.min || 1] as const;
  const perUnit = Math.min((canvas.width - 2 * room) / widths[0], (canvas.height - 2 * room) / widths[1]);
  const middle = [(across.min + across.max) / 2, (down.min + down.max) / 2] as const;
  return (step) => ({
    x: canvas.width / 2 + ((points[2 * step] ?? 0) - middle[0]) * perUnit,
    y: canvas.height / 2 - ((points[2 * step + 1] ?? 0) - middle[1]) * perUnit,
  });
}
