import { element, setText } from '../dom';
import { t } from '../l10n';
import { theme } from '../theme';
import { prepare } from './canvas';
import type { View } from './heatmap';
import { picture } from './rows';
import { plainRow, type StackRow } from './stackRow';
import type { Colouring } from './unitColour';

/**
 * Texts, one a step, such as the characters that are read or the classes that are right. `colouring` says how each is coloured by
 * a unit, for steps in view on a picture so many device pixels wide; null where none is.
 */
export function textRow(
  title: string,
  meaning: string,
  texts: readonly (string | null)[],
  colouring: (view: View, width: number) => Colouring | null,
): StackRow {
  const canvas = picture(24);
  const value = element('div', { class: 'value' });
  const coloured = element('span', { class: 'meaning coloured' });
  const draw = (view: View) => {
    const ctx = prepare(canvas);
    if (ctx === null) return;
    const ratio = devicePixelRatio;
    const colours = colouring(view, canvas.width);
    const perStep = canvas.width / (view.to - view.from);
    const last = Math.min(texts.length, Math.ceil(view.to));
    const first = Math.max(0, Math.floor(view.from));
    if (colours !== null) paintGrounds(ctx, colours, first, last, (step) => (step - view.from) * perStep);
    ctx.font = `${13 * ratio}px ${theme().family}`;
    ctx.textBaseline = 'middle';
    // Letters on each other cannot be read: where steps are that narrow, their colours are shown, and words that many steps have in common.
    const isNarrow = perStep < 4 * ratio;
    let isHidden = false;
    for (let step = first; step < last; ) {
      const text = texts[step] ?? '';
      const wide = ctx.measureText(text).width;
      // What is wider than a step is written once for all steps that have it in common.
      let end = step + 1;
      while (wide > perStep && end < last && texts[end] === texts[step]) end += 1;
      const left = (step - view.from) * perStep;
      const room = (end - step) * perStep;
      const isHard = wide > room || text.length < 2;
      if (isNarrow && (isHard || colours !== null)) {
        isHidden ||= isHard && text !== '';
        step = end;
        continue;
      }
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, 0, room - (wide > room ? ratio : 0), canvas.height);
      ctx.clip();
      ctx.fillStyle = colours?.atStep(step)?.ink ?? theme().ink;
      ctx.fillText(text, wide > perStep ? left + 2 * ratio : left + (room - wide) / 2, canvas.height / 2);
      ctx.restore();
      step = end;
    }
    setText(coloured, colours?.said ?? (isHidden ? t('Zoom in to read it.') : ''));
  };
  return {
    ...plainRow,
    label: element(
      'div',
      { class: 'signal' },
      element('strong', { class: 'column' }, title),
      element('span', { class: 'meaning' }, meaning),
      coloured,
    ),
    canvas,
    side: element('div', { class: 'side' }, value),
    draw,
    point: (step) => setText(value, texts[step] ?? '\u2013'),
  };
}

/** Fills what stands behind the steps, at most once a pixel. */
function paintGrounds(
  ctx: CanvasRenderingContext2D,
  colours: Colouring,
  first: number,
  last: number,
  x: (step: number) => number,
): void {
  const stride = Math.max(1, Math.floor(1 / Math.max(1e-6, x(1) - x(0))));
  for (let step = first; step < last; step += stride) {
    const colour = colours.atStep(step);
    if (colour === null) continue;
    ctx.fillStyle = colour.ground;
    const left = Math.round(x(step));
    ctx.fillRect(left, 0, Math.max(1, Math.round(x(step + stride)) - left), ctx.canvas.height);
  }
}
