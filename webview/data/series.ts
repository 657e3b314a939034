import type { DataFacts, ReadFacts, ReadSeries } from '../../extension/protocol/facts';
import { dropdown } from '../controls/toolkit';
import { element } from '../dom';
import { say, t } from '../l10n';
import { number } from '../numbers';
import { Section } from '../section';
import { lineChart } from './lineChart';
import { shareOf } from './words';

/** What training reads of several series, of rows for stretches of time, and around gaps: each series with its own parts. */
export class SeriesSection {
  readonly section = new Section('series', t('As Training Reads It'));
  private readonly said = element('p', { class: 'said' });
  private readonly notes = element('ul', { class: 'readNotes', 'aria-label': t('What is done to the rows') });
  private readonly parts = element('p', { class: 'said', role: 'status' });
  private readonly place = element('div');
  private readonly choice = dropdown(t('Series'), (value) => this.choose(Number(value)));
  private read: ReadFacts | null = null;

  constructor() {
    this.section.tools.append(this.choice.root);
    this.section.content.append(this.said, this.notes, this.parts, this.place);
  }

  /** Whether there is something to show. */
  show({ read }: DataFacts): boolean {
    this.read = read;
    if (read === null) return false;
    const { series, count, notes, target } = read;
    const isSeveral = series.some(({ name }) => name !== null);
    this.section.tools.hidden = !isSeveral;
    this.choice.offer(
      series.map(({ name, rows }, i) => ({ value: String(i), text: t('{0} ({1} rows)', name ?? '', number(rows)) })),
      '0',
    );
    const shown =
      count > series.length
        ? t('{0} series, of which the {1} longest can be chosen here.', number(count), number(series.length))
        : t('{0} series, the longest first.', number(count));
    this.said.hidden = !isSeveral;
    this.said.textContent = isSeveral
      ? `${shown} ${t('Each is divided for itself, and no window of {0} reaches into another.', target)}`
      : '';
    this.notes.replaceChildren(...notes.map((note) => element('li', {}, say(note))));
    this.notes.hidden = notes.length === 0;
    this.choose(0);
    return true;
  }

  private choose(index: number): void {
    const { read } = this;
    const series = read?.series[index];
    if (read === null || series === undefined) return;
    this.parts.textContent = partsOf(series);
    const name = series.name === null ? read.target : t('{0} of {1}', read.target, series.name);
    this.place.replaceChildren(lineChart({ ...series, name }));
  }
}

/** The parts and gaps of a series in a sentence or two. */
function partsOf({ split, rows, cuts, moreCuts }: ReadSeries): string {
  const { validation, test, end } = split;
  const part = (from: number, to: number) => `${number(to - from)} (${shareOf(to - from, rows)})`;
  const sizes = [part(0, validation), part(validation, test), part(test, end)] as const;
  const parts = t('Training reads {0} rows, validation {1}, the test {2}.', ...sizes);
  const gaps = cuts.length + moreCuts;
  if (gaps === 0) return parts;
  const said =
    gaps === 1
      ? t('No window reaches over the gap that is marked.')
      : t('No window reaches over the {0} gaps that are marked.', number(gaps));
  const more = moreCuts === 0 ? '' : t('The first {0} are drawn.', number(cuts.length));
  return [parts, said, more].filter((text) => text !== '').join(' ');
}
