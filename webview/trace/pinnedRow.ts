import type { SignalOutline, SignalRef } from '../../extension/protocol/inspection';
import { icon, lineSample } from '../controls/icons';
import { element, setText } from '../dom';
import { t } from '../l10n';
import type { View } from './heatmap';
import type { Naming } from './heatRow';
import { paintLines } from './lines';
import { picture } from './rows';
import { scaleOf, scaleOfDifferences } from './signals';
import { refKey, type TraceSource } from './source';
import { plainRow, type StackRow } from './stackRow';
import { type Pin, pinStyles, type ViewState } from './viewState';

const lineHeight = 20;
const leastHeight = 64;

/** The pinned units of a signal as lines, with their values at the cursor; not there while none is pinned. */
export function pinnedRow(
  source: TraceSource,
  signal: SignalRef,
  outline: SignalOutline,
  naming: Naming,
  state: ViewState,
  relayout: () => void,
): StackRow {
  const canvas = picture(leastHeight);
  const extent = element('span', { class: 'extent figures' });
  const label = element(
    'div',
    { class: 'signal pinnedLabel' },
    element('span', { class: 'meaning' }, t('pinned units')),
    extent,
  );
  const legend = element('ul', { class: 'pins', 'aria-label': t('Pinned units of {0}', naming.title) });
  const side = element('div', { class: 'side' }, legend);
  let pins: readonly Pin[] = [];
  let values: readonly HTMLElement[] = [];
  let view: View | null = null;
  let step = 0;

  const version = () => (signal.of === 'choices' ? 'edited' : state.version.value);
  const point = (to: number) => {
    step = to;
    if (pins.length === 0) return;
    const there = source.stepValues(step, version());
    side.classList.toggle('waiting', there === null && step < source.outline.steps);
    if (there === null) return;
    const all = there.of(signal);
    for (const [i, pin] of pins.entries()) {
      const cell = values[i];
      if (cell !== undefined) setText(cell, naming.figure(all[pin.unit] ?? Number.NaN));
    }
  };
  const draw = () => {
    if (view === null || pins.length === 0) return;
    const width = canvas.clientWidth * devicePixelRatio;
    const shown = view;
    const lines = pins.map((pin) => ({
      pieces: source.lines(signal, version(), pin.unit, shown, width, `pin ${refKey(signal)} ${pin.style}`),
      colour: pinStyles[pin.style]?.colour ?? 'ink',
      dash: pinStyles[pin.style]?.dash ?? [],
      colours: null,
    }));
    const numbers = lines.flatMap(({ pieces }) => pieces.flatMap(({ line }) => [line.low, line.high]));
    const differences = version() === 'difference' ? scaleOfDifferences(numbers) : null;
    const scale = differences ?? scaleOf(outline, version());
    setText(extent, t('{0} to {1}', naming.figure(scale.low), naming.figure(scale.high)));
    paintLines(canvas, lines, [], scale, shown);
  };
  const legendItem = (pin: Pin) => {
    const style = pinStyles[pin.style];
    const name = naming.unit(pin.unit);
    const value = element('span', { class: 'figures' });
    const words = t('Unpin {0}', name);
    const off = element('button', { type: 'button', class: 'unpin', 'aria-label': words, title: words }, icon('unpin'));
    off.addEventListener('click', () => {
      const place = pins.indexOf(pin);
      state.togglePin(signal, pin.unit);
      // The keyboard stays where it was: on what took the place of what is gone.
      const left = legend.querySelectorAll('button');
      left[Math.min(place, left.length - 1)]?.focus();
    });
    const sample = lineSample(style?.colour ?? 'ink', style?.dash ?? []);
    const item = element('li', {}, sample, element('span', { class: 'name', title: name }, name), value, off);
    return { item, value };
  };
  const take = () => {
    const own = state.pinsOf(signal);
    if (own.length === pins.length && own.every((pin, i) => pin === pins[i])) return;
    pins = own;
    const items = pins.map(legendItem);
    values = items.map(({ value }) => value);
    legend.replaceChildren(...items.map(({ item }) => item));
    for (const part of [label, canvas, side]) part.hidden = pins.length === 0;
    canvas.style.height = `${Math.max(leastHeight, lineHeight * pins.length)}px`;
    relayout();
    point(step);
  };
  for (const part of [label, canvas, side]) part.hidden = true;
  const unwatch = state.pins.watch(take);
  return {
    ...plainRow,
    label,
    canvas,
    side,
    draw: (to) => {
      view = to;
      draw();
    },
    point,
    dispose: unwatch,
  };
}
