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

/** Texts, one a step, such as the characters that are read or the classes that are right. */
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
    ctx.textBaseline = 'middle';
    const last = Math.min(texts.length, Math.ceil(view.to));
    for (let step = Math.max(0, Math.floor(view.from)); step < last; ) {
      const text = texts[step] ?? '';
      const wide = ctx.measureText(text).width;
      // What is wider than a step is written once for all steps that have it in common.
      let end = step + 1;
      while (wide > perStep && end < last && texts[end] === texts[step]) end += 1;
      const left = (step - view.from) * perStep;
      const room = (end - step) * perStep;
      ctx.save();
      ctx.beginPath();
      ctx.rect(left, 0, room - (wide > room ? ratio : 0), canvas.height);
      ctx.clip();
      ctx.fillText(text, wide > perStep ? left + 2 * ratio : left + (room - wide) / 2, canvas.height / 2);
      ctx.restore();
      step = end;
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
