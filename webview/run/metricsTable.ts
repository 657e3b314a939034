import { betterOf, mainMetric } from '../../extension/protocol/metrics';
import type { IntervalReport, Metrics, Report } from '../../extension/protocol/run';
import { element } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed, number } from '../numbers';
import { baselineName, metricName, seriesName, type Token } from './words';

/** Metrics of forecasts that are in the target's unit, so that they share their decimals. */
const inUnits = ['rmse', 'mae'];

/** The model and its baselines on the test part; the best of each column is bold and says so. `token` is what a language model reads. */
export function metricsTable(report: Report, target: string, token: Token = 'character'): HTMLElement {
  const rows = [['model', report.test] as const, ...Object.entries(report.baselines)];
  const first = mainMetric[report.task].name;
  const names = Object.keys(report.test).sort((a, b) => Number(b === first) - Number(a === first));
  const valuesOf = (name: string) => rows.flatMap(([, metrics]) => metrics[name] ?? []);
  const alike = (name: string) => (inUnits.includes(name) ? names.filter((other) => inUnits.includes(other)) : [name]);
  const head = element(
    'tr',
    {},
    element('td'),
    ...names.map((name) => element('th', { scope: 'col' }, capitalised(metricName(name)))),
  );
  const columns = names.map((name) => column(valuesOf(name), name, alike(name).flatMap(valuesOf)));
  const body = rows.map(([who, metrics]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, baselineName(who, token)),
      ...names.map((name, i) => columns[i]?.(metrics[name] ?? Number.NaN) ?? element('td')),
    ),
  );
  const caption = captionOf(report, target, token);
  const perStep = report.perHorizon === undefined ? [] : [perStepTable(report.perHorizon, first)];
  return element(
    'div',
    {},
    element('p', { class: 'meaning', 'aria-hidden': 'true' }, caption),
    scrolling(caption, tableOf(caption, head, body)),
    ...perStep,
    ...(report.interval === undefined
      ? []
      : [intervalLine(report.interval, report.perTarget === undefined ? target : t('the deviation of each target'))]),
  );
}

/** Whether the model's intervals can be believed. */
function intervalLine({ method, level, coverage, width }: IntervalReport, target: string): HTMLElement {
  const known = [percent(level), percent(coverage), number(width, 3), target] as const;
  const text = {
    conformal: () =>
      t(
        'The {0} % intervals, as wide as the errors in the validation part say, held {1} % of the test values; they are {2} of {3} wide on average.',
        ...known,
      ),
    quantiles: () =>
      t(
        'The {0} % intervals, between the outermost quantiles of the model, held {1} % of the test values; they are {2} of {3} wide on average.',
        ...known,
      ),
    gaussian: () =>
      t(
        'The {0} % intervals, from the deviation that the model tells, held {1} % of the test values; they are {2} of {3} wide on average.',
        ...known,
      ),
  };
  return element('p', { class: 'meaning' }, text[method]());
}

const percent = (share: number) => Math.round(1000 * share) / 10;

/** The main metric at every step of the horizon; the best of each row is bold. */
function perStepTable(perHorizon: Readonly<Record<string, readonly Metrics[]>>, metric: string): HTMLElement {
  const names = Object.keys(perHorizon);
  const at = (name: string, step: number) => perHorizon[name]?.[step]?.[metric] ?? Number.NaN;
  const steps = Array.from({ length: perHorizon['model']?.length ?? 0 }, (_, step) => step);
  const all = steps.flatMap((step) => names.map((name) => at(name, step)));
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, t('Step ahead')),
    ...names.map((name) => element('th', { scope: 'col' }, seriesName(name))),
  );
  const body = steps.map((step) => {
    const values = names.map((name) => at(name, step));
    const cell = column(values, metric, all);
    return element('tr', {}, element('th', { scope: 'row' }, String(step + 1)), ...values.map(cell));
  });
  const title = t('{0} at each step ahead', capitalised(metricName(metric)));
  return element(
    'details',
    { class: 'perStep' },
    element('summary', {}, title),
    scrolling(title, tableOf(title, head, body)),
  );
}

/** How the cells of values that are compared are written, with the decimals that suit `all`. */
function column(values: readonly number[], metric: string, all: readonly number[]): (value: number) => HTMLElement {
  const best = betterOf(metric) === 'less' ? Math.min(...values) : Math.max(...values);
  // A share of 1 is no count: it has as many decimals as those beside it.
  const decimals = decimalsFor(all.every(Number.isInteger) ? [...all, 0.5] : all);
  return (value) => {
    if (value !== best) return element('td', {}, fixed(value, decimals));
    return element(
      'td',
      { class: 'best' },
      element('span', { class: 'crown' }, t('best')),
      ' ',
      fixed(value, decimals),
    );
  };
}

const tableOf = (label: string, head: HTMLElement, body: readonly HTMLElement[]) =>
  element(
    'table',
    { class: 'metrics figures', 'aria-label': label },
    element('thead', {}, head),
    element('tbody', {}, ...body),
  );

/** What is wider than the page is scrolled, by keyboard too. */
const scrolling = (label: string, table: HTMLElement) =>
  element('div', { class: 'scrolling', role: 'group', 'aria-label': label, tabindex: 0 }, table);

function captionOf({ task, windows, perTarget }: Report, target: string, token: Token): string {
  switch (task) {
    case 'forecast':
      return perTarget === undefined
        ? t('Errors on the {0} test windows, RMSE and MAE in units of {1}; smaller is better', windows.test, target)
        : t(
            'Errors on the {0} test windows over all {1} targets, RMSE and MAE in deviations of the training rows of each; smaller is better',
            windows.test,
            perTarget.length,
          );
    case 'classify':
    case 'label':
      return t('How well {0} is told on the {1} test sequences; larger is better', target, windows.test);
    case 'language':
      return token === 'word'
        ? t('Loss of a word on the {0} test windows; smaller is better', windows.test)
        : t('Loss of a character on the {0} test windows; smaller is better', windows.test);
    case 'translate':
      return t('How well the {0} test pairs are translated; larger is better', windows.test);
    case 'transcribe':
      return t('Share of wrong characters and words on the {0} test sequences; smaller is better', windows.test);
  }
}

/** With a capital first, except where a name has its capitals elsewhere. */
const capitalised = (text: string) =>
  /^\p{Ll}\p{Lu}/u.test(text) ? text : text.slice(0, 1).toUpperCase() + text.slice(1);
