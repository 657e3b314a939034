import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { Texts } from '../sequences/texts';
import { rowsOfSeries } from '../several/rows';
import { stretchesOf } from '../several/stretches';
import { parts } from '../split';
import type { RawSeries } from '../table/columns';
import { timesAfter } from '../time/calendar';
import { calendarRule, clocksIn } from '../time/calendarParts';
import { pick, type Series, type SeriesColumn } from './series';

/** The column that says what a column will be so many rows later. */
const aheadName = (column: string, rows: number) => `${column} +${rows}`;

/**
 * A series with one column more for each that is known ahead: what it will be `horizon` rows later. The last `horizon` rows of a window then
 * hold what is known of the rows that are forecast. No part learns from the next: at its end the last value stands for those after it, which
 * no window reads, since its last row lies `horizon` rows before the end.
 */
export function withKnown(series: Series, { known, horizon, split }: Experiment['data']): Series {
  if (known.length === 0) return series;
  const stretches = stretchesOf(series, split);
  const ranges = stretches.flatMap(({ split: own }) => parts.map((part) => own[part]));
  return ahead(series, known, horizon, (values) => {
    const led = new Float64Array(values.length);
    for (const { start, end } of ranges) {
      for (let row = start; row < end; row++) led[row] = values[Math.min(row + horizon, end - 1)] ?? Number.NaN;
    }
    return led;
  });
}

/**
 * The same for what a forecast goes on, where the rows that are forecast follow it.
 * @param after what each known column is at those rows, `[horizon]` for each stretch
 */
export function withAhead(
  series: Series,
  known: readonly string[],
  horizon: number,
  after: (stretch: number, column: string) => Float64Array,
): Series {
  const stretches = stretchesOf(series, { validation: 0, test: 0 });
  return ahead(series, known, horizon, (values, column) => {
    const led = new Float64Array(values.length);
    for (const [s, { rows }] of stretches.entries()) {
      const next = after(s, column);
      for (let row = rows.start; row < rows.end; row++) {
        const at = row + horizon;
        led[row] = at < rows.end ? (values[at] ?? Number.NaN) : (next[at - rows.end] ?? Number.NaN);
      }
    }
    return led;
  });
}

function ahead(
  series: Series,
  known: readonly string[],
  horizon: number,
  lead: (values: Float64Array, column: string) => Float64Array,
): Series {
  const led = known.flatMap((name): SeriesColumn[] => {
    const column = series.columns.find((each, i) => i > 0 && each.name === name);
    if (column === undefined) return [];
    // A long column is read from a file each time.
    return [
      {
        name: aheadName(name, horizon),
        get values() {
          return lead(column.values, name);
        },
      },
    ];
  });
  return { ...series, columns: [...series.columns, ...led], ahead: led.length };
}

/** The columns that were read from the file. */
export const readColumnsOf = ({ columns, ahead: led = 0 }: Series): readonly SeriesColumn[] =>
  columns.slice(0, columns.length - led);

/** One target and the features, without what is known ahead: it may say whatever it likes of the target. */
export function unknownAhead(series: Series, known: readonly string[], target: number): Series {
  const { targets = 1 } = series;
  const columns = readColumnsOf(series).filter(
    ({ name }, i) => i === target || (i >= targets && !known.includes(name)),
  );
  return { ...series, columns };
}

/**
 * What the known columns are at the rows after the last one that has a target, for each series of a file: `horizon` of them.
 * @param named tells the rows of several series apart
 * @param otherwise what becomes of a file that does not say so: the last value stands for what is missing, or the file is refused; with
 * "calendar" only where the column does not follow from the times of its rows alone, in clocks of `zone`
 * @throws UnrollError `data` where it is.
 */
export function knownAfter(
  raw: RawSeries,
  named: Texts | null,
  horizon: number,
  otherwise: 'last' | 'refuse' | 'calendar',
  zone: string | null = null,
): (series: string | null, column: string) => Float64Array {
  const all = Uint32Array.from({ length: raw.columns[0]?.values.length ?? 0 }, (_, row) => row);
  const groups = named === null ? [all] : rowsOfSeries(named);
  const targets = raw.columns.slice(0, raw.targets ?? 1).map(({ values }) => values);
  const after = new Map<string | null, { readonly rows: Uint32Array; readonly first: number }>();
  for (const [code, rows] of groups.entries()) {
    const ordered = inOrder(rows, raw.time);
    const last = ordered.findLastIndex((row) => targets.every((values) => !Number.isNaN(values[row] ?? Number.NaN)));
    after.set(named === null ? null : (named.labels[code] ?? ''), { rows: ordered, first: last + 1 });
  }
  return (series, column) => {
    const values = raw.columns.find(({ name }, i) => i > 0 && name === column)?.values ?? new Float64Array();
    const { rows, first } = after.get(series) ?? { rows: new Uint32Array(), first: 0 };
    const told = Float64Array.from({ length: horizon }, (_, step) => values[rows[first + step] ?? -1] ?? Number.NaN);
    if (!told.some(Number.isNaN)) return told;
    if (otherwise === 'last') {
      let before = values[rows[first - 1] ?? -1] ?? Number.NaN;
      return told.map((value) => {
        if (!Number.isNaN(value)) before = value;
        return before;
      });
    }
    const filled =
      otherwise === 'calendar' && raw.time !== null
        ? byCalendar(told, pick(values, rows), pick(raw.time, rows), first, zone)
        : told;
    if (filled.some(Number.isNaN)) throw notKnown(raw.file, column, horizon, series);
    return filled;
  };
}

/**
 * What a column will be at the rows from `first` on, where it is not told, if the calendar alone determines it in the rows before.
 * @param values of the rows of one series in the order of time, and `time` of the same
 */
function byCalendar(
  told: Float64Array,
  values: Float64Array,
  time: Float64Array,
  first: number,
  zone: string | null,
): Float64Array {
  const before = { clock: clocksIn(zone, time.subarray(0, first)), values: values.subarray(0, first) };
  const rule = before.values.some(Number.isNaN) ? null : calendarRule([before]);
  if (rule === null) return told;
  const times = [...time.subarray(first), ...timesAfter(time, told.length)].slice(0, told.length);
  const clocks = clocksIn(zone, Float64Array.from(times));
  return told.map((value, step) => (Number.isNaN(value) ? rule(clocks[step] ?? Number.NaN) : value));
}

function inOrder(rows: Uint32Array, time: Float64Array | null): Uint32Array {
  if (time === null) return rows;
  const at = (row: number) => time[row] ?? Number.NaN;
  return rows.filter((row) => !Number.isNaN(at(row))).sort((a, b) => at(a) - at(b) || a - b);
}

const notKnown = (file: string, column: string, horizon: number, series: string | null) =>
  series === null
    ? new UnrollError(
        'data',
        'The model reads what {0} will be at the {1} rows that it forecasts, and {2} does not say so; add these rows to it, without a target.',
        column,
        horizon,
        file,
      )
    : new UnrollError(
        'data',
        'The model reads what {0} will be at the {1} rows that it forecasts, and {2} does not say so for {3}; add these rows to it, without a target.',
        column,
        horizon,
        file,
        series,
      );

/** @throws UnrollError `experiment` where a window is too short to hold what is known of the rows that are forecast. */
export function refuseShortOfKnown({ known, horizon, lookback }: Experiment['data']): void {
  if (known.length === 0 || lookback >= horizon) return;
  throw new UnrollError(
    'experiment',
    'What is known ahead of {0} rows needs a window of as many, and data.lookback is {1}; make it longer, or leave data.known empty.',
    horizon,
    lookback,
  );
}
