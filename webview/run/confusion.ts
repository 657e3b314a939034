import type { ClassResults } from '../../extension/protocol/results';
import { element } from '../dom';
import { t } from '../l10n';
import { number } from '../numbers';
import { colourNames, inksOn, paletteSize } from '../palettes';
import { rowName } from './classOrder';

/** How often the class of each row was answered as that of each column, shaded by the share of the row. */
export function confusionTable(results: ClassResults, rows: readonly number[], title: string): HTMLElement {
  const [colours, inks] = [colourNames('sequential'), inksOn('sequential')];
  const shown = (row: number, how: string) => element('span', { class: how }, rowName(results, row));
  const head = element(
    'tr',
    {},
    element('td', { class: 'corner' }, t('truth ↓ answer →')),
    ...rows.map((row) => element('th', { scope: 'col', title: rowName(results, row) }, shown(row, 'upright'))),
  );
  const body = rows.map((row) => {
    const counts = results.confusion[row] ?? [];
    const support = results.perClass[row]?.support ?? 0;
    const cells = rows.map((column) => {
      const count = counts[column] ?? 0;
      const title = t(
        '{0} answered as {1}: {2} of {3}',
        rowName(results, row),
        rowName(results, column),
        number(count),
        number(support),
      );
      // Most classes are never taken for most others: a point keeps the numbers that there are in view.
      if (count === 0) return element('td', { title, class: 'none', 'aria-label': number(0) }, '·');
      const cell = element('td', { title, class: row === column ? 'right' : null }, number(count));
      const place = Math.round((paletteSize - 1) * (count / support));
      cell.style.backgroundColor = colours[place] ?? '';
      cell.style.color = inks[place] ?? '';
      return cell;
    });
    return element(
      'tr',
      {},
      element('th', { scope: 'row', title: rowName(results, row) }, shown(row, 'short')),
      ...cells,
    );
  });
  const table = element(
    'table',
    { class: 'confusion figures', 'aria-label': title },
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'scroll matrix', tabindex: 0, role: 'region', 'aria-label': title }, table);
}
