import type { TraceSignal } from '../../extension/protocol/trace';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed, number } from '../numbers';
import type { Observable } from '../observable';
import { theme } from '../theme';
import { prepare } from './canvas';
import { paintHeatmap, paintLegend, type View } from './heatmap';
import { paintLines, type StepLine } from './lines';
import { paintProfile } from './profile';
import { atStep, extent, mean, meaning, scaleOf } from './signals';
import type { StackRow } from './stack';

/** A picture that says nothing to screen readers: the slider and the table beside it do. */
export function picture(height: number): HTMLCanvasElement {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  canvas.style.height = `${height}px`;
  return canvas;
}

/** The time axis: a few labels, as many as fit. */
export function axisRow(label: (step: number) => string): StackRow {
  const canvas = picture(20);
  const side = element('div', { class: 'side' });
  const draw = (view: View) => {
    const ctx = prepare(canvas);
    if (ctx === null) return;
    const look = theme();
    const ratio = devicePixelRatio;
    ctx.font = `${11 * ratio}px ${look.family}`;
    ctx.fillStyle = look.muted;
    ctx.textBaseline = 'middle';
    const perStep = canvas.width / (view.to - view.from);
    const wide = ctx.measureText(label(Math.floor(view.to) - 1)).width + 24 * ratio;
    const stride = Math.max(1, Math.ceil(wide / perStep));
    for (let step = Math.ceil(view.from); step < view.to; step += stride) {
      const text = label(step);
      const half = ctx.measureText(text).width / 2;
      const x = (step + 0.5 - view.from) * perStep;
      ctx.fillText(text, Math.min(canvas.width - 2 * half, Math.max(0, x - half)), canvas.height / 2);
    }
  };
  const name = element('div', { class: 'signal' }, element('span', { class: 'meaning' }, t('time')));
  return { label: name, canvas, side, draw, point: () => undefined, hover: () => undefined };
}

/** One input column over time; `more` are lines on the same axis, such as the forecast. */
export function columnRow(
  column: TraceSignal,
  more: readonly StepLine[],
  height: number,
  notes: readonly Node[],
): StackRow {
  const canvas = picture(height);
  const own: StepLine = { values: column.values, start: 0, colour: 'ink', points: 'none' };
  const { min, max } = extent(column.values, ...more.map(({ values }) => values));
  const decimals = decimalsFor([min, max], 4);
  const value = element('div', { class: 'value figures' });
  let shown: View = { from: 0, to: 1 };
  let at: number | null = null;
  const paint = () => paintLines(canvas, [own, ...more], { low: min, high: max }, shown, at);
  const label = element(
    'div',
    { class: 'signal' },
    element('strong', { class: 'column' }, column.name),
    ...notes,
    element('span', { class: 'extent figures' }, t('{0} to {1}', fixed(min, decimals), fixed(max, decimals))),
  );
  return {
    label,
    canvas,
    side: element('div', { class: 'side' }, value),
    draw: (view) => {
      shown = view;
      paint();
    },
    point: (step) => {
      at = step;
      setText(value, fixed(column.values[step] ?? Number.NaN, decimals));
      paint();
    },
    hover: () => undefined,
  };
}

const wantedHeight = 96;

/** Units by time of one signal, with the chosen step's values as bars beside it. `unit` is shared by the rows of a layer. */
export function heatRow(signal: TraceSignal, unit: Observable<number | null>): StackRow {
  const perUnit = Math.min(14, Math.max(1, Math.round(wantedHeight / signal.units)));
  const height = Math.min(200, Math.max(14, perUnit * signal.units));
  const canvas = picture(height);
  const profile = picture(height);
  const legend = picture(6);
  const scale = scaleOf(signal);
  const said = element('div', { class: 'value figures' });
  const which = element('div', { class: 'which' });
  let step = 0;
  const point = (to: number) => {
    step = to;
    const values = atStep(signal, step);
    const chosen = unit.value;
    paintProfile(profile, values, scale, 'down', chosen);
    setText(said, number(chosen === null ? mean(values) : (values[chosen] ?? Number.NaN), 3));
    setText(which, chosen === null ? t('mean') : t('unit {0}', chosen + 1));
  };
  unit.watch(() => point(step));
  const label = element(
    'div',
    { class: 'signal' },
    element('strong', {}, signal.name),
    element('span', { class: 'meaning' }, meaning(signal.name)),
    element(
      'span',
      { class: 'legend figures' },
      element('span', {}, number(scale.low, 2)),
      legend,
      element('span', {}, number(scale.high, 2)),
    ),
  );
  return {
    label,
    canvas,
    side: element('div', { class: 'side' }, profile, element('div', { class: 'reading' }, said, which)),
    draw: (view) => {
      paintHeatmap(canvas, signal, scale, view);
      paintLegend(legend, scale);
    },
    point,
    hover: (share) => {
      if (share !== null) unit.set(Math.min(signal.units - 1, Math.floor(share * signal.units)));
    },
  };
}
