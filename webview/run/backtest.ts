import { type BacktestOrigin, spreadOf } from '../../extension/protocol/backtest';
import { mainMetric } from '../../extension/protocol/metrics';
import type { Report } from '../../extension/protocol/run';
import { element } from '../dom';
import { t } from '../l10n';
import { decimalsFor, fixed, timeWriter } from '../numbers';
import { metricName, seriesName } from './words';

/** A day: origins are named by the day that they begin with. */
const day = 86_400_000;

/** How well the experiment forecasts from earlier origins, beside the baselines, with the mean and the spread of each; null for none. */
export function backtestTable(report: Report | null, earlier: readonly BacktestOrigin[]): HTMLElement | null {
  if (report === null || earlier.length === 0) return null;
  const metric = mainMetric.forecast.name;
  const origins: readonly BacktestOrigin[] = [{ ...report, origin: 0, tested: null }, ...earlier];
  const names = ['model', ...Object.keys(report.baselines)];
  const figureOf = ({ test, baselines }: BacktestOrigin, who: string) =>
    (who === 'model' ? test : baselines[who])?.[metric] ?? Number.NaN;
  const decimals = decimalsFor(origins.flatMap((each) => names.map((who) => figureOf(each, who))));
  const row = (title: string, values: readonly number[], marked: boolean) => {
    const best = Math.min(...values);
    const cells = values.map((value) => {
      const text = Number.isNaN(value) ? '–' : fixed(value, decimals);
      if (!marked || value !== best) return element('td', {}, text);
      return element('td', { class: 'best' }, element('span', { class: 'crown' }, t('best')), ' ', text);
    });
    return element('tr', {}, element('th', { scope: 'row' }, title), ...cells);
  };
  const spread = (of: 'mean' | 'deviation') => names.map((who) => spreadOf(origins, who, metric)?.[of] ?? Number.NaN);
  const title = t('Backtest: test {0} from earlier origins', metricName(metric));
  const head = element(
    'tr',
    {},
    element('th', { scope: 'col' }, t('Test parts before')),
    ...names.map((name) => element('th', { scope: 'col' }, seriesName(name))),
  );
  const better = origins.filter((each) => {
    const [mine = Number.NaN, ...others] = names.map((who) => figureOf(each, who));
    return others.every((other) => Number.isNaN(other) || mine < other);
  }).length;
  return element(
    'div',
    { class: 'backtest' },
    element('h3', {}, title),
    element(
      'p',
      { class: 'meaning' },
      t(
        'The same experiment, trained anew as if what follows were not known: it is better than every baseline from {0} of {1} origins.',
        better,
        origins.length,
      ),
    ),
    element(
      'div',
      { class: 'scrolling', role: 'group', tabindex: 0, 'aria-label': title },
      element(
        'table',
        { class: 'metrics figures', 'aria-label': title },
        element('thead', {}, head),
        element(
          'tbody',
          {},
          ...origins.map((each) =>
            row(
              nameOf(each),
              names.map((who) => figureOf(each, who)),
              true,
            ),
          ),
          row(t('Mean'), spread('mean'), true),
          row(t('Standard deviation'), spread('deviation'), false),
        ),
      ),
    ),
  );
}

function nameOf({ origin, tested }: BacktestOrigin): string {
  if (origin === 0) return t('this run');
  return tested === null ? String(origin) : t('{0}, from {1}', origin, timeWriter(day)(tested));
}
