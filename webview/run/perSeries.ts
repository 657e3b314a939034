import type { Metrics, Report, SeriesScores } from '../../extension/protocol/run';
import { button } from '../controls/toolkit';
import { element, setAttribute } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';
import { seriesName } from './words';

/** Series that are shown at a time. */
const pageSize = 12;

/** How good a forecast is for each of several series, the worst first; a series that is chosen is the one that is drawn. */
export class SeriesTable {
  readonly root = element('div', { class: 'perSeries', hidden: true });
  private readonly title = element('h3', {}, t('Each series, the worst first'));
  private readonly meaning = element('p', { class: 'meaning' });
  private readonly place = element('span', { class: 'meaning figures', 'aria-live': 'polite' });
  private readonly before = button(t('Previous'), () => this.turn(-pageSize), 'secondary');
  private readonly after = button(t('Next'), () => this.turn(pageSize), 'secondary');
  private readonly pages = element('div', { class: 'pages' }, this.place, this.before.root, this.after.root);
  private readonly box = element('div', { class: 'scrolling', role: 'group', tabindex: 0 });
  private scores: readonly SeriesScores[] = [];
  private first = 0;
  private drawn: string | null = null;

  /** @param choose is told the series that is to be drawn. */
  constructor(private readonly choose: (series: string) => void) {
    this.box.setAttribute('aria-label', this.title.textContent ?? '');
    this.root.append(this.title, this.meaning, this.box, this.pages);
  }

  show(report: Report | null): void {
    this.scores = report?.perSeries ?? [];
    this.root.hidden = this.scores.length === 0;
    const tested = report?.seriesTested ?? this.scores.length;
    const beaten = this.scores.filter(({ model, baseline }) => isBetter(model, baseline?.metrics)).length;
    const better = t(
      'In {0} of {1} series the model errs less than the best baseline of that series.',
      number(beaten),
      number(this.scores.length),
    );
    const left =
      tested > this.scores.length
        ? t('Of {0} series the worst {1} are listed.', number(tested), number(this.scores.length))
        : '';
    this.meaning.textContent = `${better} ${left}`.trim();
    this.turn(0);
  }

  /** Marks the series that is drawn. */
  mark(series: string | null): void {
    this.drawn = series;
    for (const link of this.box.querySelectorAll('a')) {
      setAttribute(link, 'aria-current', link.dataset['series'] === series ? 'true' : null);
    }
  }

  private turn(by: number): void {
    const { scores } = this;
    const last = Math.floor(Math.max(0, scores.length - 1) / pageSize) * pageSize;
    this.first = Math.min(last, Math.max(0, this.first + by));
    const shown = scores.slice(this.first, this.first + pageSize);
    this.pages.hidden = scores.length <= pageSize;
    this.place.textContent = t(
      'Series {0} to {1} of {2}',
      number(this.first + 1),
      number(this.first + shown.length),
      number(scores.length),
    );
    this.before.enable(this.first > 0);
    this.after.enable(this.first < last);
    const heads = [t('Series'), t('Windows'), 'MASE', 'RMSE', 'MAE', 'sMAPE %', t('Best baseline'), t('Its RMSE')];
    this.box.replaceChildren(
      element(
        'table',
        { class: 'metrics figures', 'aria-label': this.title.textContent },
        element('thead', {}, element('tr', {}, ...heads.map((head) => element('th', { scope: 'col' }, head)))),
        element('tbody', {}, ...shown.map((each) => this.row(each))),
      ),
    );
    this.mark(this.drawn);
  }

  private row({ series, windows, model, baseline }: SeriesScores): HTMLElement {
    const cell = (value: number | undefined, wins = false) =>
      element('td', wins ? { class: 'best' } : {}, value === undefined ? '–' : figure(value));
    const wins = isBetter(model, baseline?.metrics);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, this.link(series)),
      element('td', {}, number(windows)),
      cell(model['mase']),
      cell(model['rmse'], wins),
      cell(model['mae']),
      cell(model['smape']),
      element('td', { class: 'name' }, baseline === null ? '–' : seriesName(baseline.name)),
      cell(baseline?.metrics['rmse'], baseline !== null && !wins),
    );
  }

  private link(series: string): HTMLElement {
    const label = t('Draw the forecasts of {0}', series);
    const link = element('a', { href: '#forecast', class: 'short', title: label, 'aria-label': label }, series);
    link.dataset['series'] = series;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.choose(series);
    });
    return link;
  }
}

const isBetter = (model: Metrics, baseline: Metrics | undefined) =>
  baseline === undefined || (model['rmse'] ?? Number.NaN) < (baseline['rmse'] ?? Number.NaN);

/** Four significant digits: series of different levels stand in one column. */
const figure = (value: number) =>
  fixed(value, Math.max(0, Math.min(4, 3 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-4))))));
