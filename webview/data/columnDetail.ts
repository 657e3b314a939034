import type { ColumnFacts, DataFacts } from '../../extension/protocol/facts';
import { chartKeys } from '../charts/keys';
import type { Mark } from '../charts/marks';
import { type Line, type Picture, Plot, type PlotOptions, type Range } from '../charts/plot';
import { Readout } from '../charts/readout';
import { element } from '../dom';
import { t } from '../l10n';
import { number, timeWriter, usualGap } from '../numbers';
import { binFigure } from './figures';
import { countTable, scrolling } from './tables';

const line = (label: string, values: readonly (number | null)[]): Line => ({
  label,
  colour: 'blue',
  width: 1.5,
  dash: [],
  alpha: 1,
  values,
  shown: true,
  labelled: false,
});

/** One column in full: its line over the rows, its values, how it repeats itself. */
export class ColumnDetail {
  constructor(
    root: HTMLElement,
    private readonly column: ColumnFacts,
    private readonly facts: DataFacts,
  ) {
    const { name, kind, numbers, texts } = column;
    const write = this.writer();
    if (kind === 'number' && numbers !== null && numbers.min !== null) root.append(this.series());
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

  /** The values over rows or time. A stretch of many rows is drawn from its lowest value to its highest. */
  private series(): HTMLElement {
    const { column, facts } = this;
    const { at, split, rows } = facts;
    const { low = [], high = null } = column.numbers ?? {};
    const times = facts.times?.every((time) => time !== null) === true ? (facts.times as readonly number[]) : null;
    const axis = times ?? at;
    const half = (i: number) => ((axis[i + 1] ?? axis[i] ?? 0) + (axis[i] ?? 0)) / 2;
    const x = high === null ? axis : axis.flatMap((from, i) => [from, half(i)]);
    const values = high === null ? low : low.flatMap((value, i) => [value, high[i] ?? null]);
    // A part begins between two stretches; its place is that of the first one that is not before it.
    const placeOf = (row: number) => axis[at.findIndex((from) => from >= row)] ?? axis.at(-1) ?? 0;
    const marks: Mark[] = [];
    if (split !== null) {
      const [from, to, end] = [placeOf(split.validation), placeOf(split.test), axis.at(-1) ?? 0];
      if (split.test > split.validation) {
        marks.push({ kind: 'span', from, to, label: '' }, { kind: 'border', x: from, label: t('validation') });
      }
      if (rows > split.test)
        marks.push({ kind: 'span', from: to, to: end, label: '' }, { kind: 'border', x: to, label: t('test') });
    }
    const gap = times === null ? 0 : usualGap(times);
    const writeTime = timeWriter(gap);
    const place = (index: number) => {
      const stretch = high === null ? index : Math.floor(index / 2);
      return times === null ? number((at[stretch] ?? 0) + 1) : writeTime(times[stretch] ?? 0);
    };
    const read = (index: number) => {
      const stretch = high === null ? index : Math.floor(index / 2);
      const [least, most] = [low[stretch] ?? null, high?.[stretch] ?? null];
      const said =
        least === null
          ? '\u2013'
          : most === null || most === least
            ? number(least)
            : `${number(least)} \u2026 ${number(most)}`;
      return [{ label: t('value'), sample: null, value: said }];
    };
    return chart({
      label: t('{0} over {1}', column.name, times === null ? t('rows') : t('time')),
      picture: { x, lines: [line(column.name, values)], marks },
      options: { height: 200, x: times === null ? 'count' : 'time' },
      where: times === null ? t('row') : t('time'),
      place,
      read,
    });
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

interface Chart {
  readonly label: string;
  readonly picture: Pick<Picture, 'x' | 'lines' | 'marks'>;
  readonly options: Pick<PlotOptions, 'height' | 'x'>;
  /** What the cursor stands at is called, how it is written, and what is read there. */
  readonly where: string;
  readonly place: (index: number) => string;
  readonly read: (index: number) => Parameters<Readout['show']>[2];
}

/** A chart whose cursor is moved by pointer or arrow keys, with what it stands at under it. */
function chart({ label, picture, options, where, place, read }: Chart): HTMLElement {
  const readout = new Readout();
  const last = picture.x.length - 1;
  let zoom: Range | null = null;
  const tell = (index: number | null) => readout.show(where, place(index ?? last), read(index ?? last));
  const root = element('div', { tabindex: 0, role: 'group', 'aria-label': label });
  const plot = new Plot(
    root,
    {
      ...options,
      logX: false,
      logY: false,
      showX: true,
      endLabels: [],
      onHover: tell,
      onZoom: (range) => {
        zoom = range;
        plot.show({ ...picture, zoom, whole: null });
      },
      onPick: null,
    },
    { ...picture, zoom, whole: null },
  );
  chartKeys(
    root,
    () => last + 1,
    (index) => {
      plot.point(index);
      tell(index);
      if (index !== null) readout.speak();
    },
  );
  tell(null);
  return element('div', { class: 'chart' }, root, readout.root);
}
