import { type NumberControl, numberField } from '../controls/numberField';
import { button, checkbox, dropdown } from '../controls/toolkit';
import { element } from '../dom';
import { t } from '../l10n';
import { layerTitle } from './signals';
import type { TraceSource } from './source';
import { mostActive, outputOf, type UnitFocus } from './unitFocus';

/** Chooses the layer and the unit that a block looks at; every block's chooser shows the same one. */
export class UnitChooser {
  readonly root = element('div', { class: 'blockTools' });
  private readonly layers = dropdown(t('Layer'), (value) => this.choose(Number(value)));
  private readonly unitPlace = element('span');
  private readonly mostActive = button(t('Most Active Unit'), () => this.choose(this.layer), 'secondary');
  private readonly follow = checkbox(t('Follow the pointer'), true, (checked) => this.focus.follow(checked));
  private unit: NumberControl | null = null;
  private units = 0;
  private layer = 0;
  private source: TraceSource | null = null;
  private step = 0;

  constructor(private readonly focus: UnitFocus) {
    this.mostActive.root.title = t('The unit whose state is largest at this step');
    this.root.append(this.layers.root, this.unitPlace, this.mostActive.root, this.follow.root);
    this.unitPlace.addEventListener('focusout', () => setTimeout(() => this.point(this.step)));
    focus.follows.watch((follows) => this.follow.check(follows));
  }

  show(source: TraceSource): void {
    this.source = source;
    const { layers } = source.outline;
    this.focus.keepWithin((layer) => layers[layer]?.hidden ?? 0);
    this.layers.root.hidden = layers.length < 2;
    const choices = layers.map((_, i) => ({ value: String(i), text: layerTitle(layers, i) }));
    this.layer = this.focus.current.value?.layer ?? 0;
    this.layers.offer(choices, String(this.layer));
    this.units = 0;
  }

  /** Shows the unit that is looked at; where none is, it becomes the most active one of the first layer. */
  point(step: number): void {
    this.step = step;
    const { source } = this;
    if (source === null) return;
    if (this.focus.current.value === null) this.offerMostActive(source);
    const focused = this.focus.current.value;
    const layer = focused === null ? undefined : source.outline.layers[focused.layer];
    if (focused === null || layer === undefined) return;
    if (focused.layer !== this.layer) this.layers.choose(String(focused.layer));
    this.layer = focused.layer;
    if (layer.hidden !== this.units) {
      this.units = layer.hidden;
      this.unit = numberField(t('Unit'), 1, { min: 1, max: layer.hidden }, (unit) => this.hold(this.layer, unit - 1));
      this.unitPlace.replaceChildren(this.unit.root);
    }
    // What is being typed is not written over.
    if (!this.unitPlace.contains(document.activeElement)) this.unit?.set(focused.unit + 1);
  }

  private choose(layer: number): void {
    const values = this.source?.stepValues(this.step) ?? null;
    const outline = this.source?.outline.layers[layer];
    if (outline === undefined) return;
    this.hold(layer, values === null ? 0 : mostActive(outline, layer, values));
  }

  private hold(layer: number, unit: number): void {
    const outline = this.source?.outline.layers[layer];
    if (outline !== undefined) this.focus.hold({ layer, unit }, outputOf(outline));
  }

  private offerMostActive(source: TraceSource): void {
    const values = source.stepValues(this.step);
    const [first] = source.outline.layers;
    if (values !== null && first !== undefined) this.focus.offer({ layer: 0, unit: mostActive(first, 0, values) });
  }
}
