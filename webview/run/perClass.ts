import type { ClassResults } from '../../extension/protocol/results';
import { element } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';
import { rowName } from './classOrder';

/** Precision, recall and F1 of each class. */
export function perClassTable(results: ClassResults, rows: readonly number[], title: string): HTMLElement {
  const heads = [t('Class'), t('Support'), t('Precision'), t('Recall'), t('F1')];
  const body = rows.map((row) => {
    const scores = results.perClass[row];
    const figures = [scores?.precision, scores?.recall, scores?.f1];
    return element(
      'tr',
      {},
      element(
        'th',
        { scope: 'row', title: rowName(results, row) },
        element('span', { class: 'short' }, rowName(results, row)),
      ),
      element('td', {}, number(scores?.support ?? 0)),
      ...figures.map((figure) => element('td', {}, fixed(figure ?? Number.NaN, 3))),
    );
  });
  const table = element(
    'table',
    { class: 'perClass figures', 'aria-label': title },
    element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
    element('tbody', {}, ...body),
  );
  return element('div', { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': title }, table);
}
