import { t } from '../l10n';
import { number } from '../numbers';
import { colourNames, paletteSize } from '../palettes';
import { theme } from '../theme';
import { prepare } from './canvas';
import { trajectoryFrame } from './trajectoryFrame';

/** The colours nearest to the background are left out: the path has to be seen from its first step on. */
const faintest = 0.3;

/** Paints the path; each piece has the colour of its time. `points` is row-major [steps][2]. */
export function paintPath(canvas: HTMLCanvasElement, points: Float32Array, explained: readonly number[]): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const look = theme();
  const ratio = devicePixelRatio;
  const place = trajectoryFrame(canvas, points);
  const steps = points.length / 2;
  const colours = colourNames('sequential');
  const colourAt = (step: number) => {
    const share = faintest + (1 - faintest) * (steps < 2 ? 1 : step / (steps - 1));
    return colours[Math.round(share * (paletteSize - 1))] ?? look.ink;
  };
  ctx.strokeStyle = look.hairline;
  ctx.lineWidth = ratio;
  ctx.strokeRect(ratio / 2, ratio / 2, canvas.width - ratio, canvas.height - ratio);
  ctx.lineWidth = 1.5 * ratio;
  ctx.lineJoin = 'round';
  for (let step = 1; step < steps; step++) {
    const [from, to] = [place(step - 1), place(step)];
    ctx.strokeStyle = colourAt(step);
    ctx.beginPath();
    ctx.moveTo(from.x, from.y);
    ctx.lineTo(to.x, to.y);
    ctx.stroke();
  }
  const dot = steps > 400 ? 1 : 2.5;
  for (let step = 0; step < steps; step++) {
    const { x, y } = place(step);
    ctx.fillStyle = colourAt(step);
    ctx.beginPath();
    ctx.arc(x, y, dot * ratio, 0, 2 * Math.PI);
    ctx.fill();
  }
  ctx.font = `${11 * ratio}px ${look.family}`;
  ctx.fillStyle = look.muted;
  const [first = 0, second = 0] = explained;
  const below = t('first component, {0} %', number(first * 100, 3));
  ctx.textAlign = 'center';
  ctx.fillText(below, canvas.width / 2, canvas.height - 8 * ratio);
  ctx.save();
  ctx.translate(14 * ratio, canvas.height / 2);
  ctx.rotate(-Math.PI / 2);
  ctx.fillText(t('second component, {0} %', number(second * 100, 3)), 0, 0);
  ctx.restore();
}

/** Marks where the state is at a step. */
export function paintPlace(canvas: HTMLCanvasElement, points: Float32Array, step: number): void {
  const ctx = prepare(canvas);
  if (ctx === null) return;
  const look = theme();
  const ratio = devicePixelRatio;
  const { x, y } = trajectoryFrame(canvas, points)(step);
  ctx.strokeStyle = look.background;
  ctx.lineWidth = 5 * ratio;
  for (const colour of [look.background, look.ink]) {
    ctx.strokeStyle = colour;
    ctx.beginPath();
    ctx.arc(x, y, 6 * ratio, 0, 2 * Math.PI);
    ctx.stroke();
    ctx.lineWidth = 2 * ratio;
  }
}
