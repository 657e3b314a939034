import { betterOf, mainMetric, metricTitle } from '../../extension/protocol/metrics';
import type { Report } from '../../extension/protocol/run';
import { element } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed } from '../numbers';
import { seriesName } from './words';

/** The model and its baselines on the test part; the best of each column is bold and says so. */
export function metricsTable(report: Report, target: string): HTMLElement {
  const rows = [['model', report.test] as const, ...Object.entries(report.baselines)];
  const first = mainMetric[report.task].name;
  const names = Object.keys(report.test).sort((a, b) => Number(b === first) - Number(a === first));
  const valuesOf = (name: string) => rows.flatMap(([, metrics]) => metrics[name] ?? []);
  const best = new Map(
    names.map((name) => [name, betterOf(name) === 'less' ? Math.min(...valuesOf(name)) : Math.max(...valuesOf(name))]),
  );
  // Errors of a forecast share their unit and so their decimals; other metrics have each their own.
  const decimalsOf = new Map(
    names.map((name) => [name, decimalsFor(report.task === 'forecast' ? names.flatMap(valuesOf) : valuesOf(name))]),
  );
  const head = element(
    'tr',
    {},
    element('td'),
    ...names.map((name) => element('th', { scope: 'col' }, capitalised(metricTitle(name)))),
  );
  const body = rows.map(([who, metrics]) => {
    const cells = names.map((name) => {
      const value = metrics[name] ?? Number.NaN;
      const decimals = decimalsOf.get(name) ?? 0;
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
  const caption = captionOf(report, target);
  const table = element(
    'table',
    { class: 'metrics figures', 'aria-label': caption },
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );
  return element('div', {}, element('p', { class: 'meaning', 'aria-hidden': 'true' }, caption), table);
}

function captionOf({ task, windows }: Report, target: string): string {
  switch (task) {
    case 'forecast':
      return t('Errors on the {0} test windows, in units of {1}; smaller is better', windows.test, target);
    case 'classify':
    case 'label':
      return t('How well {0} is told on the {1} test sequences; larger is better', target, windows.test);
    case 'language':
      return t('Loss of a character on the {0} test windows; smaller is better', windows.test);
    case 'transcribe':
      return t('Share of wrong characters and words on the {0} test sequences; smaller is better', windows.test);
  }
}

const capitalised = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1);
