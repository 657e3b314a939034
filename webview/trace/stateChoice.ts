import type { SignalRef } from '../../extension/protocol/inspection';
import { type ChoiceControl, dropdown } from '../controls/toolkit';
import { t } from '../l10n';
import { Observable } from '../observable';
import { layerTitle } from './signals';
import { refKey, type TraceSource } from './source';
import { outputOf } from './unitFocus';

/** Chooses one of the states of a trace's layers; the first layer's output at first. */
export class StateChoice {
  readonly chosen = new Observable<SignalRef | null>(null);
  private readonly control: ChoiceControl = dropdown(t('State'), (key) =>
    this.chosen.set(this.offered.get(key) ?? null),
  );
  private offered: ReadonlyMap<string, SignalRef> = new Map();

  get root(): HTMLElement {
    return this.control.root;
  }

  /** Offers the states of another trace; what was chosen stays chosen where the trace has it. */
  show({ outline }: TraceSource): void {
    const states = outline.layers.flatMap((layer, i) => {
      const carried = layer.states.map((name) => layer.signals.findIndex((signal) => signal.name === name));
      const order = [outputOf(layer), ...carried.filter((signal) => signal >= 0 && signal !== outputOf(layer))];
      return order.map((signal) => {
        const ref: SignalRef = { of: 'layer', layer: i, signal };
        const text = t('{0}, {1}', layerTitle(outline.layers, i), layer.signals[signal]?.name ?? '');
        return { ref, key: refKey(ref), text };
      });
    });
    this.offered = new Map(states.map(({ key, ref }) => [key, ref] as const));
    const before = this.chosen.value === null ? '' : refKey(this.chosen.value);
    const selected = this.offered.has(before) ? before : (states[0]?.key ?? '');
    this.control.offer(
      states.map(({ key, text }) => ({ value: key, text })),
      selected,
    );
    this.chosen.set(this.offered.get(selected) ?? null);
  }
}
