import type { SignalOutline, SignalRef } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import type { Observable } from '../observable';
import { paintProfile } from '../trace/profile';
import { mean, meaning, scaleOf, unitName } from '../trace/signals';
import type { StepValues } from '../trace/source';

export interface Strip {
  readonly root: HTMLElement;
  /** Null: the values are on their way; what is shown stays. */
  point(values: StepValues | null): void;
  draw(): void;
}

/**
 * One step of a signal as a row of bars, one a unit. Hovering, or Up and Down while it has the focus, chooses the unit whose
 * value is written beside it; the layer's other strips follow through `unit`.
 */
export function strip(ref: SignalRef, signal: SignalOutline, unit: Observable<number | null>): Strip {
  const scale = scaleOf(signal);
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  const value = element('span', { class: 'figures' });
  const which = element('span', { class: 'meaning' });
  const bars = element(
    'div',
    {
      class: 'strip',
      tabindex: 0,
      role: 'slider',
      'aria-orientation': 'vertical',
      'aria-label': [signal.name, meaning(signal.name)].filter((text) => text !== '').join(', '),
      'aria-valuemin': 0,
      'aria-valuemax': signal.units,
    },
    canvas,
  );
  const range = element(
    'span',
    { class: 'extent figures' },
    t('{0} to {1}', number(scale.low, 2), number(scale.high, 2)),
  );
  let values: Float32Array = new Float32Array(0);
  const draw = () => paintProfile(canvas, values, scale, 'across', unit.value);
  const say = () => {
    const chosen = unit.value;
    const shown = number(chosen === null ? mean(values) : (values[chosen] ?? Number.NaN), 3);
    const name = chosen === null ? t('mean') : unitName(signal.name, chosen);
    setText(value, shown);
    setText(which, name);
    bars.setAttribute('aria-valuenow', String(chosen === null ? 0 : chosen + 1));
    bars.setAttribute('aria-valuetext', `${name} ${shown}`);
    draw();
  };
  const point = (here: StepValues | null) => {
    root.classList.toggle('waiting', here === null);
    if (here === null) return;
    values = here.of(ref);
    say();
  };
  bars.addEventListener('pointermove', (event) => {
    const at = Math.floor((event.offsetX / Math.max(1, bars.clientWidth)) * signal.units);
    unit.set(Math.min(signal.units - 1, Math.max(0, at)));
  });
  bars.addEventListener('pointerleave', () => unit.set(null));
  bars.addEventListener('keydown', (event) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') unit.set(null);
    else if (by !== 0)
      unit.set(Math.min(signal.units - 1, Math.max(0, (unit.value ?? (by > 0 ? -1 : signal.units)) + by)));
    else return;
    event.preventDefault();
  });
  const head = element(
    'div',
    { class: 'stripHead' },
    element('strong', {}, signal.name),
    element('span', { class: 'meaning' }, meaning(signal.name)),
    which,
    value,
  );
  const root = element('div', { class: 'signal' }, head, bars, range);
  unit.watch(say);
  return { root, point, draw };
}
