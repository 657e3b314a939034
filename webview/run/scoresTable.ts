import type { Metrics, Scores } from '../../extension/protocol/run';
import { button } from '../controls/toolkit';
import { element, setAttribute } from '../dom';
import { t } from '../l10n';
import { fixed, number } from '../numbers';
import { seriesName } from './words';

/** Lines that are shown at a time. */
const pageSize = 12;

/** Forecasts that are judged for themselves, such as those of one series. */
export interface NamedScores extends Scores {
  readonly name: string;
}

/** What such forecasts are called. */
export interface ScoreWords {
  readonly title: string;
  /** Over their names. */
  readonly head: string;
  /** In how many of those that are listed the model is better, of so many in all. */
  meaning(beaten: number, listed: number, all: number): string;
  place(first: number, last: number, of: number): string;
}

/** How good forecasts are of each of several series or targets; one that is chosen is the one that is drawn. */
export class ScoresTable {
  readonly root = element('div', { class: 'perSeries', hidden: true });
  private readonly title = element('h3');
  private readonly meaning = element('p', { class: 'meaning' });
  private readonly place = element('span', { class: 'meaning figures', 'aria-live': 'polite' });
  private readonly before = button(t('Previous'), () => this.turn(-pageSize), 'secondary');
  private readonly after = button(t('Next'), () => this.turn(pageSize), 'secondary');
  private readonly pages = element('div', { class: 'pages' }, this.place, this.before.root, this.after.root);
  private readonly box = element('div', { class: 'scrolling', role: 'group', tabindex: 0 });
  private scores: readonly NamedScores[] = [];
  private first = 0;
  private drawn: string | null = null;

  /** @param choose is told what is to be drawn. */
  constructor(
    private readonly words: ScoreWords,
    private readonly choose: (name: string) => void,
  ) {
    this.title.textContent = words.title;
    this.box.setAttribute('aria-label', words.title);
    this.root.append(this.title, this.meaning, this.box, this.pages);
  }

  /** @param all how many there are, where not all are listed */
  show(scores: readonly NamedScores[], all = scores.length): void {
    this.scores = scores;
    this.root.hidden = scores.length === 0;
    const beaten = scores.filter(({ model, baseline }) => isBetter(model, baseline?.metrics)).length;
    this.meaning.textContent = this.words.meaning(beaten, scores.length, all);
    this.turn(0);
  }

  /** Marks the one that is drawn. */
  mark(name: string | null): void {
    this.drawn = name;
    for (const link of this.box.querySelectorAll('a')) {
      setAttribute(link, 'aria-current', link.dataset['name'] === name ? 'true' : null);
    }
  }

  private turn(by: number): void {
    const { scores } = this;
    const last = Math.floor(Math.max(0, scores.length - 1) / pageSize) * pageSize;
    this.first = Math.min(last, Math.max(0, this.first + by));
    const shown = scores.slice(this.first, this.first + pageSize);
    this.pages.hidden = scores.length <= pageSize;
    this.place.textContent = this.words.place(this.first + 1, this.first + shown.length, scores.length);
    this.before.enable(this.first > 0);
    this.after.enable(this.first < last);
    const heads = [this.words.head, t('Windows'), 'MASE', 'RMSE', 'MAE', 'sMAPE %', t('Best baseline'), t('Its RMSE')];
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

  private row({ name, windows, model, baseline }: NamedScores): HTMLElement {
    const cell = (value: number | undefined, wins = false) =>
      element('td', wins ? { class: 'best' } : {}, value === undefined ? '–' : figure(value));
    const wins = isBetter(model, baseline?.metrics);
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, this.link(name)),
      element('td', {}, number(windows)),
      cell(model['mase']),
      cell(model['rmse'], wins),
      cell(model['mae']),
      cell(model['smape']),
      element('td', { class: 'name' }, baseline === null ? '–' : seriesName(baseline.name)),
      cell(baseline?.metrics['rmse'], baseline !== null && !wins),
    );
  }

  private link(name: string): HTMLElement {
    const label = t('Draw the forecasts of {0}', name);
    const link = element('a', { href: '#forecast', class: 'short', title: label, 'aria-label': label }, name);
    link.dataset['name'] = name;
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.choose(name);
    });
    return link;
  }
}

const isBetter = (model: Metrics, baseline: Metrics | undefined) =>
  baseline === undefined || (model['rmse'] ?? Number.NaN) < (baseline['rmse'] ?? Number.NaN);

/** Four significant digits: what stands in one column may be of different levels. */
const figure = (value: number) =>
  fixed(value, Math.max(0, Math.min(4, 3 - Math.floor(Math.log10(Math.max(Math.abs(value), 1e-4))))));
