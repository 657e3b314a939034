import type { Bins } from '../../extension/protocol/facts';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { binDrawing } from './lineDrawing';
import { headRow, scrolling } from './tables';

/** Bars with their ends written under them, and the same numbers as a table that opens. */
export function binFigure(bins: Bins, unit: string, write: (value: number) => string): HTMLElement {
  const { min, max, width, counts } = bins;
  const most = Math.max(0, ...counts);
  const rows = counts.flatMap((count, i) =>
    count === 0
      ? []
      : [
          element(
            'tr',
            {},
            element('th', { scope: 'row', class: 'figures' }, write(min + i * width)),
            element('td', { class: 'figures amount' }, number(count)),
          ),
        ],
  );
  const title = t('Distribution: {0}', unit);
  const table = element(
    'table',
    { class: 'facts', 'aria-label': title },
    headRow([t('from'), t('count')]),
    element('tbody', {}, ...rows),
  );
  return element(
    'div',
    { class: 'binFigure' },
    element('p', { class: 'caption tick' }, t('{0} in the fullest of {1} bins', number(most), number(counts.length))),
    element('div', { class: 'drawing' }, binDrawing(bins)),
    element(
      'p',
      { class: 'ends figures', 'aria-hidden': 'true' },
      element('span', {}, write(min)),
      element('span', {}, unit),
      element('span', {}, write(max)),
    ),
    element('details', { class: 'tables' }, element('summary', {}, t('As a table')), scrolling(title, table)),
  );
}
