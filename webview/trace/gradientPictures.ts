import type { Gradients, TraceOutline } from '../../extension/protocol/inspection';
import { lineSample } from '../controls/icons';
import { element, perFrame, setText } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { onThemeChange, theme } from '../theme';
import { prepare } from './canvas';
import { picture } from './rows';
import { layerTitle, mean } from './signals';
import type { TraceSource } from './source';
import { pinStyles } from './viewState';

interface Row {
  readonly root: HTMLElement;
  draw(step: number): void;
}

/** The norms of a gradient over time, a picture a layer, and what the inputs contribute, a picture an input. */
export class GradientPictures {
  readonly root = element('div', { class: 'gradientRows' });
  private rows: readonly Row[] = [];
  private step = 0;
  private readonly redraw = perFrame(() => {
    if (this.root.checkVisibility()) for (const row of this.rows) row.draw(this.step);
  });

  constructor() {
    new ResizeObserver(this.redraw).observe(this.root);
    onThemeChange(this.redraw);
  }

  clear(): void {
    this.rows = [];
    this.root.replaceChildren();
  }

  show({ outline }: TraceSource, { layers, inputs, baseline }: Gradients, chosen: number): void {
    const norms = layers.flatMap((states, i) => {
      const layer = outline.layers[i];
      return layer === undefined || states.length === 0
        ? []
        : [normsRow(layerTitle(outline.layers, i), states, chosen)];
    });
    const title = baseline === null ? t('gradient') : t('contribution');
    const read = inputs.map(({ name, units, values }) => inputRow(name, title, units, values, outline));
    this.rows = [...norms, ...read];
    this.root.replaceChildren(...this.rows.map(({ root }) => root));
    this.redraw();
  }

  point(step: number): void {
    this.step = step;
    this.redraw();
  }
}

const rowHeight = 88;

/** Norms over the steps on a logarithmic axis: what vanishes is a straight line down. */
function normsRow(title: string, states: Gradients['layers'][number], chosen: number): Row {
  const canvas = picture(rowHeight);
  const positive = states.flatMap(({ norms }) => [...norms].filter((norm) => norm > 0 && Number.isFinite(norm)));
  const top = Math.log10(positive.reduce((a, b) => Math.max(a, b), 1e-12));
  // What is smaller by 16 orders than the largest is nothing to float32 arithmetic.
  const low = Math.max(top - 16, Math.log10(positive.reduce((a, b) => Math.min(a, b), 1)));
  const bottom = Math.min(low, top - 1);
  const values = states.map(() => element('dd'));
  const legend = element(
    'dl',
    { class: 'readout figures' },
    ...states.map(({ state }, i) => {
      const { colour, dash } = pinStyles[i % pinStyles.length] ?? { colour: 'ink' as const, dash: [] };
      const label = t('norm by {0}', state);
      return element('div', {}, element('dt', {}, lineSample(colour, dash), label), values[i] ?? null);
    }),
  );
  const range = element(
    'p',
    { class: 'meaning figures' },
    t('{0} to {1}, logarithmic', number(10 ** bottom, 2), number(10 ** top, 2)),
  );
  const root = element(
    'div',
    { class: 'gradientRow' },
    element('div', {}, element('h4', {}, title), range),
    canvas,
    legend,
  );
  const draw = (step: number) => {
    const ctx = prepare(canvas);
    states.forEach(({ norms }, i) => {
      const value = values[i];
      if (value !== undefined) setText(value, number(norms[step] ?? Number.NaN, 3));
    });
    if (ctx === null) return;
    const look = theme();
    const ratio = devicePixelRatio;
    const steps = states[0]?.norms.length ?? 1;
    const x = (at: number) => ((at + 0.5) / steps) * canvas.width;
    const y = (norm: number) => {
      const share = (Math.log10(Math.max(norm, 10 ** bottom)) - bottom) / (top - bottom);
      return (1 - share) * (canvas.height - 8 * ratio) + 4 * ratio;
    };
    ctx.strokeStyle = look.grid;
    ctx.lineWidth = ratio;
    for (let power = Math.ceil(bottom); power <= top; power++) {
      ctx.beginPath();
      ctx.moveTo(0, y(10 ** power));
      ctx.lineTo(canvas.width, y(10 ** power));
      ctx.stroke();
    }
    for (const [at, colour] of [
      [step, look.middle],
      [chosen, look.ink],
    ] as const) {
      ctx.strokeStyle = colour;
      ctx.beginPath();
      ctx.moveTo(x(at), 0);
      ctx.lineTo(x(at), canvas.height);
      ctx.stroke();
    }
    states.forEach(({ norms }, i) => {
      const { colour, dash } = pinStyles[i % pinStyles.length] ?? { colour: 'ink' as const, dash: [] };
      ctx.strokeStyle = look.lines[colour];
      ctx.lineWidth = 1.5 * ratio;
      ctx.setLineDash(dash.map((length) => length * ratio));
      ctx.beginPath();
      let drawn = false;
      norms.forEach((norm, at) => {
        if (!(norm > 0)) {
          drawn = false;
          return;
        }
        // A line of one point would not be seen.
        if (!drawn && !((norms[at + 1] ?? 0) > 0))
          ctx.rect(x(at) - 2 * ratio, y(norm) - 2 * ratio, 4 * ratio, 4 * ratio);
        if (drawn) ctx.lineTo(x(at), y(norm));
        else ctx.moveTo(x(at), y(norm));
        drawn = true;
      });
      ctx.stroke();
    });
    ctx.setLineDash([]);
  };
  return { root, draw };
}

/** What each step of an input contributes, as bars up and down from zero: the sum over its numbers. */
function inputRow(name: string, title: string, units: number, values: Float32Array, outline: TraceOutline): Row {
  const canvas = picture(rowHeight / 2);
  const steps = values.length / units;
  const sums = Float32Array.from({ length: steps }, (_, step) =>
    units === 1 ? (values[step] ?? 0) : units * mean(values.subarray(step * units, (step + 1) * units)),
  );
  const largest = sums.reduce((a, b) => Math.max(a, Math.abs(b)), 0) || 1;
  const here = element('dd');
  const what = units === 1 ? title : t('{0}, summed over {1} numbers', title, units);
  const legend = element('dl', { class: 'readout figures' }, element('div', {}, element('dt', {}, what), here));
  const strongest = sums.reduce((best, value, step) => (Math.abs(value) > Math.abs(sums[best] ?? 0) ? step : best), 0);
  const read = outline.characters?.[strongest];
  const most =
    read === undefined
      ? t('largest at step {0}: {1}', strongest + 1, number(sums[strongest] ?? 0, 2))
      : t('largest at step {0}, “{1}”: {2}', strongest + 1, read, number(sums[strongest] ?? 0, 2));
  const head = element('div', {}, element('h4', {}, name), element('p', { class: 'meaning figures' }, most));
  const draw = (step: number) => {
    setText(here, number(sums[step] ?? Number.NaN, 3));
    const ctx = prepare(canvas);
    if (ctx === null) return;
    const look = theme();
    const middle = canvas.height / 2;
    const wide = canvas.width / Math.max(1, steps);
    const ratio = devicePixelRatio;
    ctx.fillStyle = look.grid;
    ctx.fillRect(0, middle - ratio / 2, canvas.width, ratio);
    sums.forEach((value, at) => {
      const height = (value / largest) * (middle - 2 * ratio);
      ctx.fillStyle = at === step ? look.ink : look.lines[value < 0 ? 'blue' : 'orange'];
      ctx.fillRect(at * wide, Math.min(middle, middle - height), Math.max(1, wide - ratio), Math.abs(height));
    });
  };
  return { root: element('div', { class: 'gradientRow' }, head, canvas, legend), draw };
}
