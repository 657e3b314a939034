import { cellTitles } from '../../extension/protocol/choices/cells';
import type { EpochMetrics, LagNorms, RunDetail } from '../../extension/protocol/run';
import { asCsv, asPng } from '../charts/export';
import type { Range } from '../charts/plot';
import { slider } from '../controls/slider';
import { iconButton } from '../controls/toolkit';
import { element, perFrame, setText, unhurried } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import type { SavePicture } from '../savePicture';
import { Section } from '../section';
import { onThemeChange } from '../theme';
import { paintLegend } from '../trace/heatmap';
import { fateOf } from '../trace/reach';
import { picture } from '../trace/rows';
import { layerName } from '../trace/signals';
import '../styles/lags.css';
import { LagView, lagsOf } from './lagView';

interface Measured {
  readonly epoch: number;
  readonly lags: readonly LagNorms[];
}

const keyOf = ({ layer, direction }: LagNorms) => `${layer} ${direction}`;

/** What is smaller by so many orders than the largest is nothing to 32-bit floats. */
const orders = 16;

/** How far back the loss reaches, layer by layer, as it was measured after some of the epochs. */
export class LagSection {
  readonly section = new Section('lags', t('Gradient Through Time'));
  private readonly said = element('p', { class: 'answer' });
  private readonly views = element('div', { class: 'lagViews' });
  private readonly ends = [element('span'), element('span')] as const;
  private readonly legend = picture(6);
  private readonly epoch = slider(
    t('Epoch'),
    1,
    (index) => number(this.measured[index]?.epoch ?? 0),
    (index) => this.choose(index),
  );
  private measured: Measured[] = [];
  private readonly shown = new Map<string, LagView>();
  private titles: (lags: LagNorms) => string = () => '';
  private shape = '';
  private name = '';
  private ended = false;
  /** Null follows the training. */
  private chosen: number | null = null;
  private hovered: number | null = null;
  private readonly redraw = perFrame(() => this.draw());
  private readonly grow = unhurried(() => this.draw());

  constructor(save: SavePicture) {
    this.section.tools.append(
      this.epoch.root,
      iconButton(t('Save the picture…'), 'picture', () =>
        save(`${this.name}-gradient.png`, 'image/png', () =>
          asPng(
            `${this.name}: ${this.section.title}`,
            [...this.shown.values()].flatMap(({ canvases }) => canvases),
          ),
        ),
      ).root,
      iconButton(t('Save the numbers…'), 'table', () => save(`${this.name}-gradient.csv`, 'text/csv', () => this.csv()))
        .root,
    );
    this.section.content.append(
      this.said,
      element(
        'p',
        { class: 'meaning about' },
        t(
          'How much the loss changes with a state, by the steps between the state and the last one that matters to an answer. Below each chart the epochs, from the first at the top to the last.',
        ),
      ),
      element('p', { class: 'legend figures' }, this.ends[0], this.legend, this.ends[1]),
      this.views,
    );
    new ResizeObserver(this.redraw).observe(this.views);
    onThemeChange(this.redraw);
  }

  show({ epochs, experiment, summary }: RunDetail): void {
    this.name = summary.name;
    this.ended = ['failed', 'stopped', 'interrupted', 'done'].includes(summary.state.kind);
    this.titles = ({ layer, direction }) => {
      const chosen = experiment.model.layers[layer];
      const op = chosen === undefined ? '' : cellTitles[chosen.cell];
      return layerName(layer + 1, op, direction === 'reverse' || chosen?.bidirectional === true ? direction : null);
    };
    const at = this.chosen === null ? null : (this.measured[this.chosen]?.epoch ?? null);
    this.measured = epochs.flatMap(({ epoch, lags }) => (lags === undefined ? [] : [{ epoch, lags }]));
    this.chosen = at === null ? null : this.indexOf(at);
    this.draw();
  }

  /** A further epoch was trained. */
  add({ epoch, lags }: EpochMetrics): void {
    while ((this.measured.at(-1)?.epoch ?? 0) >= epoch) this.measured.pop();
    if (lags === undefined) return;
    this.measured.push({ epoch, lags });
    this.grow();
  }

  private draw(): void {
    const last = this.measured.length - 1;
    const now = this.measured[Math.min(this.chosen ?? last, last)];
    if (now === undefined) {
      const text = this.ended
        ? t(
            'The gradient through time was not measured in this run. Train it again to see it; where only one step matters there is none.',
          )
        : t('The gradient through time appears after the first epoch.');
      this.section.hold({ kind: 'empty', text });
      return;
    }
    this.section.hold({ kind: 'none' });
    this.arrange(now);
    this.epoch.set(Math.min(this.chosen ?? last, last), 0, last);
    this.epoch.root.hidden = last === 0;
    setText(this.said, this.summary(now));
    const range = rangeOf(this.measured);
    setText(this.ends[0], number(range.min, 2));
    setText(this.ends[1], number(range.max, 2));
    if (this.legend.checkVisibility()) paintLegend(this.legend, { scheme: 'sequential', low: 0, high: 1 });
    for (const [key, view] of this.shown) {
      const rows = this.measured.map(({ epoch, lags }) => ({
        epoch,
        states: lags.filter((one) => keyOf(one) === key),
      }));
      const chosen = rows.find(({ epoch }) => epoch === now.epoch);
      const there = rows.filter(({ states }) => states.length > 0);
      if (chosen !== undefined && chosen.states.length > 0) view.show(there, chosen, { range, hovered: this.hovered });
    }
  }

  /** Makes a view for each layer and direction; those that stand already stay. */
  private arrange({ lags }: Measured): void {
    const shape = JSON.stringify(lags.map((one) => [keyOf(one), one.state, this.titles(one)]));
    if (shape === this.shape) return;
    this.shape = shape;
    this.shown.clear();
    for (const [key, states] of grouped(lags)) {
      const [main] = states;
      if (main === undefined) continue;
      const names = states.map(({ state }) => state);
      const view = new LagView(
        this.titles(main),
        names,
        (lag) => this.hover(lag),
        (epoch) => this.choose(this.indexOf(epoch)),
      );
      this.shown.set(key, view);
    }
    this.views.replaceChildren(...[...this.shown.values()].map(({ root }) => root));
  }

  /** What is measured last at an epoch. */
  private indexOf(epoch: number): number {
    return Math.max(
      0,
      this.measured.findLastIndex((row) => row.epoch <= epoch),
    );
  }

  private choose(index: number): void {
    this.chosen = index >= this.measured.length - 1 ? null : index;
    this.redraw();
  }

  private hover(lag: number | null): void {
    if (lag === this.hovered) return;
    this.hovered = lag;
    for (const view of this.shown.values()) view.point(lag);
  }

  private summary({ epoch, lags }: Measured): string {
    const at = number(epoch);
    const layers = grouped(lags);
    const fates = layers.flatMap(([, [main]]) =>
      main === undefined ? [] : fateOf(main.norms[0] ?? 0, main.norms.at(-1) ?? 0),
    );
    const [vanished, exploded] = (['vanishes', 'explodes'] as const).map(
      (fate) => fates.filter((one) => one === fate).length,
    );
    if (!vanished && !exploded) return t('After epoch {0} the gradient neither vanishes nor explodes.', at);
    if (layers.length > 1) {
      return t(
        'After epoch {0} the gradient vanishes in {1} and explodes in {2} of {3} layers and directions.',
        at,
        vanished ?? 0,
        exploded ?? 0,
        layers.length,
      );
    }
    return vanished ? t('After epoch {0} the gradient vanishes.', at) : t('After epoch {0} the gradient explodes.', at);
  }

  private csv(): Uint8Array {
    const rows = this.measured.flatMap(({ epoch, lags }) =>
      lags.flatMap((one) => {
        const back = lagsOf(one);
        return one.norms.map((norm, i) => [epoch, one.layer + 1, one.direction, one.state, back[i] ?? 0, norm]);
      }),
    );
    return asCsv(['epoch', 'layer', 'direction', 'state', 'stepsBack', 'norm'], rows);
  }
}

/** By layer and direction, in their order. */
function grouped(lags: readonly LagNorms[]): [string, LagNorms[]][] {
  const groups = new Map<string, LagNorms[]>();
  for (const one of lags) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups];
}

/** Of all norms above zero, so that layers and epochs can be compared by their places and colours. */
function rangeOf(measured: readonly { readonly lags: readonly LagNorms[] }[]): Range {
  let [min, max] = [Number.POSITIVE_INFINITY, 0];
  for (const { lags } of measured) {
    for (const { norms } of lags) {
      for (const norm of norms) {
        if (norm > 0 && norm < min) min = norm;
        if (norm > max) max = norm;
      }
    }
  }
  if (max === 0) return { min: 0.1, max: 1 };
  return { min: Math.max(min, max * 10 ** -orders), max };
}
