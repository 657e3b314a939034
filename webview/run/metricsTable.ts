import type { Report } from '../../extension/protocol/run';
import { element } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed } from '../numbers';
import { seriesName } from './words';

/** The model and its baselines on the test part; the best of each column is bold and says so. */
export function metricsTable(report: Report, target: string): HTMLElement {
  const rows = [['model', report.test] as const, ...Object.entries(report.baselines)];
  const names = Object.keys(report.test).sort((a, b) => Number(b === 'rmse') - Number(a === 'rmse'));
  const best = new Map(
    names.map((name) => [name, Math.min(...rows.map(([, metrics]) => metrics[name] ?? Number.POSITIVE_INFINITY))]),
  );
  const decimals = decimalsFor(rows.flatMap(([, metrics]) => Object.values(metrics)));
  const head = element(
    'tr',
    {},
    element('td'),
    ...names.map((name) => element('th', { scope: 'col' }, name.toUpperCase())),
  );
  const body = rows.map(([who, metrics]) => {
    const cells = names.map((name) => {
      const value = metrics[name] ?? Number.NaN;
      if (value !== best.get(name)) return element('td', {}, fixed(value, decimals));
      return element(
        'td',
        { class: 'best' },
        element('span', { class: 'crown' }, t('best')),
        ' ',
        fixed(value, decimals),
      );
    });
    return element('tr', {}, element('th', { scope: 'row' }, seriesName(who)), ...cells);
  });
  const caption = t('Errors on the {0} test windows, in units of {1}; smaller is better', report.windows.test, target);
  const table = element(
    'table',
    { class: 'metrics figures', 'aria-label': caption },
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  return element('div', {}, element('p', { class: 'meaning', 'aria-hidden': 'true' }, caption), table);
}
