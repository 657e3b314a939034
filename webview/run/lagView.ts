import type { LagNorms } from '../../extension/protocol/run';
import { chartKeys } from '../charts/keys';
import { type Line, type Picture, Plot, type Range } from '../charts/plot';
import { Readout } from '../charts/readout';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { prepare } from '../trace/canvas';
import { reachSentence } from '../trace/reach';
import { picture } from '../trace/rows';
import { pinStyles } from '../trace/viewState';
import { paintLags } from './lagHeat';

/** What was measured of one layer, in one direction, after one epoch: first the state that it hands on. */
export interface LayerLags {
  readonly epoch: number;
  readonly states: readonly LagNorms[];
}

/** What all layers share while they are looked at. */
export interface LagLook {
  /** Of all norms that are shown. */
  readonly range: Range;
  readonly hovered: number | null;
}

const chartHeight = 168;
const heatHeight = 72;

/** The gradient through time of one layer: the norms by lag after one epoch, and those after all epochs as colours below them. */
export class LagView {
  readonly root: HTMLElement;
  private readonly said = element('p', { class: 'reach' });
  private readonly readout = new Readout();
  private readonly plot: Plot;
  private readonly heat = picture(heatHeight);
  private measured: readonly LayerLags[] = [];
  private chosen: LayerLags | null = null;
  private look: LagLook = { range: { min: 1, max: 1 }, hovered: null };

  /** @param onHover is told how many steps back the pointer is. */
  constructor(
    title: string,
    states: readonly string[],
    onHover: (lag: number | null) => void,
    onPick: (epoch: number) => void,
  ) {
    const box = element('div', {
      tabindex: 0,
      role: 'group',
      'aria-label': t('Chart of the norm of the gradient by steps back, {0}', title),
    });
    const hover = (index: number | null) => onHover(index === null ? null : (this.lags()[index] ?? null));
    this.plot = new Plot(
      box,
      {
        height: chartHeight,
        x: 'count',
        logX: false,
        logY: true,
        showX: true,
        endLabels: [...states, firstLabel()],
        onHover: hover,
        onZoom: () => {},
        onPick: null,
      },
      { x: [], lines: [], marks: [], zoom: null, whole: null },
    );
    chartKeys(
      box,
      () => this.lags().length,
      (index) => {
        hover(index);
        if (index !== null) this.readout.speak();
      },
    );
    this.heat.addEventListener('pointermove', ({ offsetX }) => onHover(this.lagAt(offsetX)));
    this.heat.addEventListener('pointerleave', () => onHover(null));
    this.heat.addEventListener('click', ({ offsetY }) => {
      const [first, last] = [this.measured[0]?.epoch ?? 1, this.measured.at(-1)?.epoch ?? 1];
      onPick(first + (offsetY / heatHeight) * (last - first));
    });
    this.root = element(
      'div',
      { class: 'lagView' },
      element('h3', {}, title),
      this.said,
      this.readout.root,
      box,
      this.heat,
    );
  }

  get canvases(): readonly (HTMLCanvasElement | null)[] {
    return [this.plot.canvas, this.heat];
  }

  /** @param chosen the one of `measured` whose norms are drawn as lines. */
  show(measured: readonly LayerLags[], chosen: LayerLags, look: LagLook): void {
    this.measured = measured;
    this.chosen = chosen;
    this.look = look;
    this.plot.show(this.lines(chosen));
    const [main] = chosen.states;
    const [near, far] = [main?.norms[0] ?? 0, main?.norms.at(-1) ?? 0];
    setText(this.said, main === undefined ? '' : reachSentence(main.reach, near, far));
    this.point(look.hovered);
  }

  /** Puts the cursor at a lag, in the picture and in words; without one the words are about the farthest. */
  point(lag: number | null): void {
    this.look = { ...this.look, hovered: lag };
    const lags = this.lags();
    const index = lag === null ? null : nearest(lags, lag);
    this.plot.point(index);
    const at = index ?? lags.length - 1;
    const first = this.measured[0];
    this.readout.show(t('Steps back'), number(lags[at] ?? 0), [
      ...(this.chosen?.states ?? []).map(({ state, norms }, i) => ({
        label: t('norm by {0}', state),
        sample: styleOf(i),
        value: number(norms[at] ?? Number.NaN, 3),
      })),
      ...(this.measured.length < 2
        ? []
        : [{ label: firstLabel(), sample: firstStyle, value: number(first?.states[0]?.norms[at] ?? Number.NaN, 3) }]),
    ]);
    this.drawHeat();
  }

  private drawHeat(): void {
    const { area } = this.plot;
    const ctx = prepare(this.heat);
    if (ctx === null || area === null || this.chosen === null) return;
    const rows = this.measured.map(({ epoch, states }) => ({ epoch, norms: states[0]?.norms ?? [] }));
    paintLags(ctx, rows, { ...this.look, area, lags: this.lags(), chosen: this.chosen.epoch });
  }

  private lags(): readonly number[] {
    const [main] = this.chosen?.states ?? [];
    return main === undefined ? [] : lagsOf(main);
  }

  private lagAt(x: number): number | null {
    const { area } = this.plot;
    const lags = this.lags();
    if (area === null || lags.length === 0 || area.width === 0) return null;
    const lag = ((x - area.left) / area.width) * (lags.at(-1) ?? 0);
    return lags[nearest(lags, lag)] ?? null;
  }

  private lines({ states }: LayerLags): Picture {
    const [first] = this.measured;
    const common = { width: 1.75, alpha: 1, labelled: true };
    const now = states.map(
      ({ state, norms }, i): Line => ({ ...common, ...styleOf(i), label: state, values: drawn(norms), shown: true }),
    );
    const earlier: Line = {
      ...common,
      ...firstStyle,
      width: 1,
      label: firstLabel(),
      values: drawn(first?.states[0]?.norms ?? []),
      shown: first !== undefined && this.measured.length > 1,
    };
    return { x: this.lags(), lines: [earlier, ...now], marks: [], zoom: null, whole: null, y: this.look.range };
  }
}

const firstLabel = () => t('at first');
const firstStyle = { colour: 'muted', dash: [] } as const;

const styleOf = (index: number) => pinStyles[index % pinStyles.length] ?? { colour: 'ink' as const, dash: [] };

/** A zero has no logarithm. */
const drawn = (norms: readonly number[]) => norms.map((norm) => (norm > 0 ? norm : null));

/** How many steps back each norm is. */
export const lagsOf = ({ reach, norms }: LagNorms): number[] =>
  norms.map((_, i) => Math.round((i * reach) / Math.max(1, norms.length - 1)));

function nearest(lags: readonly number[], lag: number): number {
  let best = 0;
  for (const [i, at] of lags.entries()) if (Math.abs(at - lag) < Math.abs((lags[best] ?? 0) - lag)) best = i;
  return best;
}
