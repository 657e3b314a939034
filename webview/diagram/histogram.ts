import type { TensorSummary } from '../../extension/protocol/model';
import { element, svg } from '../dom';
import { t } from '../l10n';
import { number, tidy } from '../numbers';

const size = { width: 280, height: 96 };
/** Under the bars for the numbers at the axis, and above them for the most. */
const foot = 18;
const head = 14;

/** How the numbers of a tensor are distributed: bars, and the same in words. */
export function histogram(name: string, summary: TensorSummary): HTMLElement {
  const { min, max, mean, deviation, zeros, nonFinite, bins } = summary;
  const facts: [string, string][] = [];
  const add = (label: string, value: number | null) => {
    if (value !== null) facts.push([label, number(value)]);
  };
  add(t('smallest'), min);
  add(t('largest'), max);
  add(t('mean'), mean);
  add(t('standard deviation'), deviation);
  facts.push([t('zeros'), t('{0} %', number(zeros * 100, 3))]);
  if (nonFinite > 0) facts.push([t('infinite or not a number'), number(nonFinite)]);
  const list = facts.flatMap(([label, value]) => [
    element('dt', {}, label),
    element('dd', { class: 'figures' }, value),
  ]);
  const words = element('dl', { class: 'summary', 'aria-label': t('The numbers of {0}', name) }, ...list);
  const drawn = bins.some((count) => count > 0) ? bars(summary) : null;
  return element('div', { class: 'histogram' }, drawn, words);
}

function bars({ bins, edges }: TensorSummary): SVGElement {
  const { width, height } = size;
  const most = Math.max(...bins);
  const low = edges[0] ?? 0;
  const high = edges.at(-1) ?? 1;
  const floor = height - foot;
  const each = width / bins.length;
  const columns = bins.map((count, i) => {
    const tall = (count / most) * (floor - head);
    // What is there at all can be seen.
    const shown = count === 0 ? 0 : Math.max(1, tall);
    return svg('rect', {
      class: 'column',
      x: i * each,
      y: floor - shown,
      width: Math.max(0.5, each - (each > 4 ? 1 : 0)),
      height: shown,
    });
  });
  const zero = low < 0 && high > 0 ? (-low / (high - low)) * width : null;
  const label = (x: number, anchor: string, text: string) =>
    svg('text', { x, y: height - 4, 'text-anchor': anchor, class: 'tick' }, text);
  const between = zero !== null && zero > 64 && zero < width - 64;
  return svg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, width, height, 'aria-hidden': 'true' },
    svg('text', { x: 0, y: 10, class: 'tick' }, t('{0} in the fullest of {1} bins', number(most), number(bins.length))),
    ...columns,
    svg('line', { class: 'axis', x1: 0, x2: width, y1: floor + 0.5, y2: floor + 0.5 }),
    zero === null ? null : svg('line', { class: 'axis', x1: zero, x2: zero, y1: floor, y2: floor + 4 }),
    label(0, 'start', tidyEnd(low)),
    between ? label(zero, 'middle', '0') : null,
    label(width, 'end', tidyEnd(high)),
  );
}

/** An end of the axis, short enough that both fit. */
const tidyEnd = (value: number): string =>
  Math.abs(value) >= 1e-4 && Math.abs(value) < 1e9 ? number(value, 4) : tidy(value);
