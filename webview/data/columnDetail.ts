import type { ColumnFacts, DataFacts } from '../../extension/protocol/facts';
import type { Mark } from '../charts/marks';
import type { Line } from '../charts/plot';
import { element } from '../dom';
import { t } from '../l10n';
import { number, timeWriter } from '../numbers';
import { chart, line } from './chart';
import { binFigure } from './figures';
import { lineChart } from './lineChart';
import { countTable, scrolling } from './tables';

/** One column in full: its line over the rows, its values, how it repeats itself. */
export class ColumnDetail {
  constructor(
    root: HTMLElement,
    private readonly column: ColumnFacts,
    private readonly facts: DataFacts,
  ) {
    const { name, kind, numbers, texts } = column;
    const write = this.writer();
    if (kind === 'number' && numbers !== null && numbers.min !== null) {
      const { low, high } = numbers;
      root.append(lineChart({ name, ...facts, low, high, cuts: [] }));
    }
    const blocks: HTMLElement[] = [];
    if (numbers !== null && numbers.bins !== null) {
      blocks.push(this.block(t('Values'), binFigure(numbers.bins, name, write), this.summary()));
    } else if (numbers !== null) blocks.push(this.block(t('Values'), this.summary()));
    if (numbers !== null && numbers.autocorrelation !== null) blocks.push(this.correlation());
    if (texts !== null) {
      if (texts.top.length > 0) {
        const title = t('Most frequent values of {0}', name);
        const few = texts.counted < this.facts.rows ? t('Of the first {0} rows.', number(texts.counted)) : '';
        const table = scrolling(title, countTable(title, t('value'), texts.top, texts.counted));
        blocks.push(this.block(t('Most Frequent Values'), table, element('p', { class: 'meaning' }, few)));
      }
      if (texts.lengths !== null) {
        blocks.push(this.block(t('Lengths'), binFigure(texts.lengths, t('characters of a text'), number)));
      }
    }
    root.append(element('div', { class: 'detailBlocks' }, ...blocks));
  }

  private block(title: string, ...content: readonly HTMLElement[]): HTMLElement {
    return element('div', { class: 'detailBlock' }, element('h4', {}, title), ...content);
  }

  /** Writes a value of the column: a time as finely as its rows need. */
  private writer(): (value: number) => string {
    const { kind, numbers } = this.column;
    if (kind !== 'time' || numbers?.min == null || numbers.max == null) return number;
    return timeWriter(Math.max(1, (numbers.max - numbers.min) / Math.max(1, this.facts.rows)));
  }

  /** The column's figures. */
  private summary(): HTMLElement {
    const { numbers, missing, kind } = this.column;
    const write = this.writer();
    const facts: [string, string][] = [];
    const add = (label: string, value: number | null | undefined, how = write) => {
      if (value !== null && value !== undefined) facts.push([label, how(value)]);
    };
    add(t('smallest'), numbers?.min);
    add(t('lower quartile'), numbers?.quartiles?.[0]);
    add(t('median'), numbers?.quartiles?.[1]);
    add(t('upper quartile'), numbers?.quartiles?.[2]);
    add(t('largest'), numbers?.max);
    add(t('mean'), numbers?.mean);
    if (kind === 'number') add(t('standard deviation'), numbers?.deviation);
    add(t('missing'), missing, number);
    const list = facts.flatMap(([label, value]) => [
      element('dt', {}, label),
      element('dd', { class: 'figures' }, value),
    ]);
    return element('dl', { class: 'summary', 'aria-label': t('The numbers of {0}', this.column.name) }, ...list);
  }

  /** How alike rows are that lie so many apart. */
  private correlation(): HTMLElement {
    const { values, rows, season } = this.column.numbers?.autocorrelation ?? { values: [], rows: 0, season: null };
    const limit = 1.96 / Math.sqrt(Math.max(1, rows));
    const bound = (value: number): Line => ({
      ...line(
        t('chance'),
        values.map(() => value),
      ),
      colour: 'muted',
      width: 1,
      dash: [4, 4],
    });
    const lags = values.map((_, lag) => lag);
    const inView = season !== null && season < values.length;
    const marks: Mark[] = inView
      ? [{ kind: 'point', x: season, y: values[season] ?? null, label: t('season {0}', number(season)) }]
      : [];
    const said = [
      rows < this.facts.rows ? t('Of the last {0} rows.', number(rows)) : '',
      season === null ? t('No season shows.') : t('The values repeat every {0} rows.', number(season)),
      t('Between the dashed lines lies what chance gives to rows that know nothing of each other.'),
    ];
    const drawn = chart({
      label: t('Autocorrelation of {0}', this.column.name),
      picture: { x: lags, lines: [bound(limit), bound(-limit), line(this.column.name, values)], marks },
      options: { height: 160, x: 'count' },
      where: t('rows apart'),
      place: (index) => number(index),
      read: (index) => [{ label: t('correlation'), sample: null, value: number(values[index] ?? 0, 3) }],
    });
    return this.block(
      t('Autocorrelation'),
      element('p', { class: 'meaning' }, said.filter((text) => text !== '').join(' ')),
      drawn,
    );
  }
}
