import type { SignalOutline, SignalRef } from '../../extension/protocol/inspection';
import { element, setText } from '../dom';
import { decimalsFor, fixed } from '../numbers';
import { heightOf, paintLines } from '../trace/lines';
import type { TraceSource } from '../trace/source';
import type { Part } from './stepView';

/** One signal of a number a step: its value, and where that lies in the window. */
export function columnView(source: TraceSource, ref: SignalRef, { name, min, max }: SignalOutline): Part {
  const decimals = decimalsFor([min, max]);
  const canvas = element('canvas', { class: 'spark', 'aria-hidden': 'true' });
  const mark = element('div', { class: 'mark' });
  const value = element('span', { class: 'figures' });
  const range = { low: min, high: max };
  const { steps } = source.outline;
  const draw = () => {
    const view = { from: 0, to: steps };
    const width = canvas.clientWidth * devicePixelRatio;
    const pieces = source.lines(ref, 'edited', 0, view, width, `spark ${name}`);
    paintLines(canvas, [{ pieces, colour: 'ink', dash: [], colours: null }], [], range, view);
  };
  const head = element(
    'div',
    { class: 'stripHead' },
    element('strong', { title: name }, name),
    element('span', { class: 'meaning' }),
    value,
  );
  const root = element('div', { class: 'signal' }, head, element('div', { class: 'sparkBox' }, canvas, mark));
  return {
    root,
    draw,
    point: (step, values) => {
      root.classList.toggle('waiting', values === null);
      if (values === null) return;
      const [here = Number.NaN] = values.of(ref);
      setText(value, fixed(here, decimals));
      mark.hidden = !Number.isFinite(here);
      // The picture is as wide as its box: shares of it need no measuring.
      mark.style.left = `${((step + 0.5) / steps) * 100}%`;
      mark.style.transform = `translateY(${heightOf(here, range, sparkHeight, 1)}px)`;
    },
  };
}

/** As the style sheet has it. */
const sparkHeight = 32;
