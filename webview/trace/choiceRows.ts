import type { TracedChoices, TraceSignal } from '../../extension/protocol/trace';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { theme } from '../theme';
import { prepare } from './canvas';
import { percent, placeAt, probabilitiesAt, shownName } from './choices';
import { paintHeatmap, paintLegend, type View } from './heatmap';
import { paintProfile } from './profile';
import { picture } from './rows';
import type { Scale } from './signals';
import type { StackRow } from './stack';

/** Short texts, one a step, such as the characters that are read; each is written where a step is wide enough for it. */
export function textRow(title: string, meaning: string, texts: readonly (string | null)[]): StackRow {
  const canvas = picture(24);
  const value = element('div', { class: 'value' });
  const draw = (view: View) => {
    const ctx = prepare(canvas);
    if (ctx === null) return;
    const ratio = devicePixelRatio;
    const perStep = canvas.width / (view.to - view.from);
    ctx.font = `${13 * ratio}px ${theme().family}`;
    ctx.fillStyle = theme().ink;
    ctx.textAlign = 'center';
    ctx.textBaseline = 'middle';
    let free = 0;
    for (let step = Math.max(0, Math.floor(view.from)); step < Math.min(texts.length, view.to); step++) {
      const text = texts[step] ?? '';
      const x = (step + 0.5 - view.from) * perStep;
      const half = ctx.measureText(text).width / 2;
      if (x - half < free) continue;
      ctx.fillText(text, x, canvas.height / 2);
      free = x + half + 2 * ratio;
    }
  };
  return {
    label: element(
      'div',
      { class: 'signal' },
      element('strong', { class: 'column' }, title),
      element('span', { class: 'meaning' }, meaning),
    ),
    canvas,
    side: element('div', { class: 'side' }, value),
    draw,
    point: (step) => setText(value, texts[step] ?? '\u2013'),
    hover: () => undefined,
  };
}

const scale: Scale = { scheme: 'sequential', low: 0, high: 1 };

/** How probable each answer is at every step, with those of the chosen step as bars beside it and the likeliest by name. */
export function choiceRow(choices: TracedChoices): StackRow {
  const units = choices.names.length;
  const signal: TraceSignal = { name: '', range: 'gate', units, values: choices.probabilities };
  const height = Math.min(200, Math.max(28, Math.round(Math.min(14, Math.max(1, 96 / units)) * units)));
  const canvas = picture(height);
  const profile = picture(height);
  const legend = picture(6);
  const said = element('div', { class: 'value figures' });
  const which = element('div', { class: 'which' });
  let chosen: number | null = null;
  let at = 0;
  const point = (step: number) => {
    at = step;
    const values = probabilitiesAt(choices, placeAt(choices, step));
    const shown = chosen ?? values.indexOf(Math.max(...values));
    paintProfile(profile, values, scale, 'down', chosen);
    setText(said, percent(values[shown] ?? Number.NaN));
    setText(which, shownName(choices.names[shown] ?? '', choices));
  };
  return {
    label: element(
      'div',
      { class: 'signal' },
      element('strong', { class: 'column' }, t('answers')),
      element('span', { class: 'meaning' }, t('probability of each')),
      element('span', { class: 'legend figures' }, element('span', {}, '0'), legend, element('span', {}, '1')),
    ),
    canvas,
    side: element('div', { class: 'side' }, profile, element('div', { class: 'reading' }, said, which)),
    draw: (view) => {
      paintHeatmap(canvas, signal, scale, view);
      paintLegend(legend, scale);
    },
    point,
    hover: (share) => {
      chosen = share === null ? null : Math.min(units - 1, Math.floor(share * units));
      point(at);
    },
  };
}
