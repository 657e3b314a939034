import type { SignalRef } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed } from '../numbers';
import { theme } from '../theme';
import { prepare } from './canvas';
import type { View } from './heatmap';
import { heightOf, paintLines, type StepLine, type ValueRange } from './lines';
import { extent, scaleOfDifferences } from './signals';
import type { TraceSource } from './source';
import { plainRow, type StackRow } from './stackRow';
import { colouringOf } from './unitColour';
import type { ViewState } from './viewState';

/** A picture that says nothing to screen readers: the slider and the table beside it do. */
export function picture(height: number): HTMLCanvasElement {
  const canvas = element('canvas', { 'aria-hidden': 'true' });
  canvas.style.height = `${height}px`;
  return canvas;
}

/** The time axis: a few labels, as many as fit. */
export function axisRow(label: (step: number) => string): StackRow {
  const canvas = picture(20);
  const draw = (view: View) => {
    const ctx = prepare(canvas);
    if (ctx === null) return;
    const look = theme();
    const ratio = devicePixelRatio;
    ctx.font = `${11 * ratio}px ${look.family}`;
    ctx.fillStyle = look.muted;
    ctx.textBaseline = 'middle';
    const perStep = canvas.width / (view.to - view.from);
    const widthOf = (step: number) => ctx.measureText(label(step)).width;
    const [first, last] = [Math.ceil(view.from), Math.ceil(view.to) - 1];
    const wide = Math.max(widthOf(first), widthOf(last));
    const stride = Math.max(1, Math.ceil((wide + 24 * ratio) / perStep));
    const middle = (step: number) => (step + 0.5 - view.from) * perStep;
    // Labels that the ends would cut are left out: moved inwards they would lie on their neighbours.
    let from = first;
    while (from < last && middle(from) < widthOf(from) / 2) from += 1;
    for (let step = from; step <= last; step += stride) {
      const half = widthOf(step) / 2;
      const left = middle(step) - half;
      if (step > from && left + 2 * half > canvas.width) break;
      ctx.fillText(label(step), Math.max(0, Math.min(canvas.width - 2 * half, left)), canvas.height / 2);
    }
  };
  const name = element('div', { class: 'signal' }, element('span', { class: 'meaning' }, t('time')));
  const side = element('div', { class: 'side' });
  return { ...plainRow, label: name, canvas, side, draw, point: () => undefined };
}

/** A signal of one number a step; `more` are lines on the same axis, such as the forecast. */
export function columnRow(
  source: TraceSource,
  signal: SignalRef,
  state: ViewState,
  more: readonly StepLine[],
  height: number,
  notes: readonly Node[],
): StackRow {
  const canvas = picture(height);
  const outline = source.signal(signal);
  const version = () => (signal.of === 'column' ? 'edited' : state.version.value);
  const own = outline === null || (outline.min === 0 && outline.max === 0) ? [0] : [outline.min, outline.max];
  const { min, max } = extent(own, ...more.map(({ values }) => values));
  const decimals = decimalsFor([min, max], 4);
  const value = element('div', { class: 'value figures' });
  const side = element('div', { class: 'side' }, value);
  const mark = element('div', { class: 'mark' });
  const coloured = element('span', { class: 'meaning coloured' });
  const plainRange: ValueRange = { low: min, high: max };
  let range = plainRange;
  const ends = element('span', { class: 'extent figures' });
  let shown: View = { from: 0, to: 1 };
  let at: number | null = null;
  const place = `column ${outline?.name ?? ''}`;
  const pointMark = (number: number) => {
    const there = at !== null && Number.isFinite(number) && at >= Math.floor(shown.from) && at < shown.to;
    mark.hidden = !there;
    if (!there || at === null) return;
    const x = ((at + 0.5 - shown.from) / (shown.to - shown.from)) * canvas.clientWidth;
    mark.style.transform = `translate(${x}px, ${heightOf(number, range, height, 1)}px)`;
  };
  const point = (step: number) => {
    at = step;
    const values = source.stepValues(step, version());
    side.classList.toggle('waiting', values === null && step < source.outline.steps);
    if (values === null) {
      mark.hidden = true;
      return;
    }
    const [number = Number.NaN] = values.of(signal);
    setText(value, fixed(number, decimals));
    pointMark(number);
  };
  const label = element(
    'div',
    { class: 'signal' },
    element('strong', { class: 'column', title: outline?.name ?? '' }, outline?.name ?? ''),
    ...notes,
    ends,
    coloured,
  );
  return {
    ...plainRow,
    label,
    canvas,
    side,
    mark,
    draw: (view) => {
      shown = view;
      const width = canvas.clientWidth * devicePixelRatio;
      const pieces = source.lines(signal, version(), 0, view, width, place);
      const colours = colouringOf(source, state, view, width, place);
      const plain = { pieces, colour: 'ink', dash: [], colours: null } as const;
      // A value near zero has the colour of the background: the line is to be seen there, too.
      const lines = colours === null ? [plain] : [{ ...plain, colours: colours.byBlock }, plain];
      if (version() === 'difference') {
        const numbers = pieces.flatMap((piece) => [piece.line.low, piece.line.high]);
        range = scaleOfDifferences(numbers) ?? plainRange;
      } else range = plainRange;
      setText(ends, t('{0} to {1}', fixed(range.low, decimals), fixed(range.high, decimals)));
      setText(coloured, colours?.said ?? '');
      paintLines(canvas, lines, more, range, view);
      if (at !== null) point(at);
    },
    point,
  };
}
