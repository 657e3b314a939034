import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { earlier, parts, type RowRange, splitRows } from '../split';
import { type Column, deriveColumns } from '../streamed/columnFile';
import { type RawSeries, readColumns } from '../table/columns';
import { cutLongRuns } from '../table/fillLimit';
import { countMissing, forwardFill, interpolate } from '../table/missing';
import { mostHeld, type Reading } from '../table/reading';
import { withTable } from '../table/table';
import { type FormedReading, readingFor } from '../table/tableForm';
import { settleGaps } from '../time/gaps';
import { timeText } from '../time/timeText';
import { readForecast } from './readForecast';

/** A column in which no value is NaN. */
export type SeriesColumn = Column;

/** The chosen columns of a file as one series in time order, or several of them one after the other, with no value missing. */
export interface Series {
  readonly rows: number;
  /** Milliseconds since 1970, ascending; null where the experiment has no time column. */
  readonly time: Float64Array | null;
  /** Targets first, then the features in the experiment's order. */
  readonly columns: readonly SeriesColumn[];
  /** How many of the columns are targets; one where left out. */
  readonly targets?: number;
  /** Of the file that was read. */
  readonly fingerprint: string;
  /** What was done to the rows, in words. */
  readonly notes: readonly Message[];
  /** Rows where something new begins, ascending: no window reaches over one. */
  readonly cuts?: readonly number[];
  /** Where each series lies among the rows, where they are several: `s` is rows `starts[s]` (included) to `starts[s + 1]` (excluded). */
  readonly several?: { readonly names: readonly string[]; readonly starts: Uint32Array };
  /** How many of the last columns say what others will be later (see `known.ts`); none where left out. */
  readonly ahead?: number;
  /** How many test parts before the end the test part ends; 0 where left out (see `backtest.ts`). */
  readonly origin?: number;
}

type MissingRule = Experiment['data']['missing'];

/** Of rows with a time that another row has too; more than this means several series in one file. */
const mostRepeats = 0.01;

/**
 * Reads the experiment's columns and makes them one series: in time order, missing values filled by the experiment's rule.
 * @param origin how many test parts before the end the test part ends
 * @throws UnrollError `data` with one sentence for whatever is wrong.
 */
export async function loadSeries(
  root: string,
  { data }: Experiment,
  reading: Reading = {},
  origin = 0,
): Promise<Series> {
  const raw = await withTable(path.resolve(root, data.path), (table) => readForecast(table, data, reading), {
    ...reading,
    ...readingFor(data),
  });
  return { ...assemble(raw, data.missing, data.split, reading, origin), ...(origin > 0 && { origin }) };
}

/**
 * Reads what a forecast goes on: the same as {@link loadSeries} for a file that is not split. `file` is absolute; `columns` are in
 * the order of the model's inputs, the target first.
 */
export async function loadHistory(
  file: string,
  columns: readonly string[],
  time: string | null,
  missing: MissingRule,
  reading: FormedReading = {},
): Promise<Series> {
  const kept = { held: mostHeld, ...reading };
  const raw = await withTable(file, (table) => readColumns(table, columns, time, kept), kept);
  return assemble(raw, missing, { validation: 0, test: 0 }, kept);
}

/** The part of loading that comes after reading; for callers that look at the columns first. */
export function assemble(
  raw: RawSeries,
  missing: MissingRule,
  fractions: Experiment['data']['split'],
  reading: Reading = {},
  origin = 0,
): Series {
  const notes: Message[] = [...raw.notes];
  const selected = selectRows(raw, missing, notes);
  const settled =
    raw.time === null ? null : settleGaps(raw.file, selected, pick(raw.time, selected), raw.gaps ?? 'keep', notes);
  const whole = { rows: selected, time: null, cuts: [], ...settled };
  const { fillLimit = null } = raw;
  const { rows, time, cuts } =
    fillLimit === null || missing !== 'forwardFill' ? whole : cutLongRuns(raw.columns, whole, fillLimit, notes);
  const split = earlier(splitRows(rows.length, fractions), origin);
  const ranges = [...parts.map((part) => split[part]), { start: split.test.end, end: rows.length }];
  const { targets = 1 } = raw;
  const goals = new Set(raw.columns.slice(0, targets).map(({ name }) => name));
  const indicators = new Set(raw.columns.slice(raw.columns.length - (raw.indicators ?? 0)).map(({ name }) => name));
  const columns = deriveColumns(raw.columns, rows.length, reading, ({ name, values: all }) => {
    const values = pick(all, rows);
    // A row that was put in has no value.
    if (indicators.has(name)) return values.map((value) => (Number.isNaN(value) ? 1 : value));
    return complete(raw.file, name, values, goals.has(name) ? known(missing) : missing, ranges, notes);
  });
  const asked = targets > 1 ? { targets } : {};
  return { rows: rows.length, time, columns, ...asked, fingerprint: raw.fingerprint, notes, cuts };
}

/** The rows of the file that make the series, in its order. Depends on which values are missing, never on how they are split. */
export function selectRows(raw: RawSeries, missing: MissingRule, notes: Message[]): Uint32Array {
  let rows: Uint32Array = new Uint32Array(raw.columns[0]?.values.length ?? 0).map((_, row) => row);
  if (raw.time !== null) rows = orderByTime(raw, raw.time, rows, notes);
  rows = trimToTargets(raw, rows);
  if (missing === 'drop') return dropIncomplete(raw, rows, notes);
  return missing === 'forwardFill' ? dropBeforeFirstValues(raw, rows, notes) : rows;
}

/** The values of some rows, in their order. */
export function pick(values: Float64Array, rows: Uint32Array): Float64Array {
  const picked = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) picked[i] = values[rows[i] ?? 0] ?? Number.NaN;
  return picked;
}

function orderByTime(raw: RawSeries, time: Float64Array, all: Uint32Array, notes: Message[]): Uint32Array {
  const at = (row: number) => time[row] ?? Number.NaN;
  const timed = all.filter((row) => !Number.isNaN(at(row)));
  const untimed = all.length - timed.length;
  if (untimed > 0) notes.push(message('{0} rows without a time were left out.', untimed));
  if (timed.some((row, i) => i > 0 && at(row) < at(timed[i - 1] ?? row))) {
    timed.sort((a, b) => at(a) - at(b));
    notes.push(message('The rows were not in the order of time and were sorted.'));
  }
  return settleRepeats(raw, at, timed, notes);
}

/** Drops rows that say the same twice; keeps a few that contradict each other (the hour that clocks repeat), refuses many. */
function settleRepeats(raw: RawSeries, at: (row: number) => number, rows: Uint32Array, notes: Message[]): Uint32Array {
  // One column after the other: a long one is read from a file.
  let repeated = rows.map((_, i) => i).filter((i) => i > 0 && at(rows[i - 1] ?? 0) === at(rows[i] ?? 0));
  for (const column of repeated.length > 0 ? raw.columns : []) {
    const { values } = column;
    repeated = repeated.filter((i) => Object.is(values[rows[i - 1] ?? 0], values[rows[i] ?? 0]));
  }
  const kept = repeated.length === 0 ? rows : without(rows, repeated);
  if (kept.length < rows.length)
    notes.push(message('{0} rows that repeat the row before were left out.', rows.length - kept.length));
  const repeats = kept.filter((row, i) => i > 0 && at(kept[i - 1] ?? row) === at(row));
  const [first] = repeats;
  if (first === undefined) return kept;
  if (repeats.length > mostRepeats * kept.length) {
    throw new UnrollError(
      'data',
      '{0} has several rows for the time {1} ({2} repeats in all); name the column that tells its series apart as data.series, or set data.time to null to keep the order of the file.',
      raw.file,
      timeText(at(first)),
      repeats.length,
    );
  }
  notes.push(
    message(
      '{0} rows have the time of the row before, the first of them at {1}; they were kept in the order of the file.',
      repeats.length,
      timeText(at(first)),
    ),
  );
  return kept;
}

/** Rows without those at some places, which ascend. */
function without(rows: Uint32Array, places: Uint32Array): Uint32Array {
  let next = 0;
  return rows.filter((_, i) => {
    if (i !== places[next]) return true;
    next++;
    return false;
  });
}

/** Rows before the first and after the last value of a target have nothing to say about it. */
function trimToTargets(raw: RawSeries, rows: Uint32Array): Uint32Array {
  let left = rows;
  for (const { name, values } of raw.columns.slice(0, raw.targets ?? 1)) {
    const known = (row: number) => !Number.isNaN(values[row] ?? Number.NaN);
    const first = left.findIndex(known);
    if (first < 0) {
      throw new UnrollError('data', 'Column {0} of {1} holds no value at all; choose another column.', name, raw.file);
    }
    left = left.slice(first, left.findLastIndex(known) + 1);
  }
  return left;
}

function dropIncomplete(raw: RawSeries, rows: Uint32Array, notes: Message[]): Uint32Array {
  let complete = rows;
  for (const { values } of raw.columns) complete = complete.filter((row) => !Number.isNaN(values[row]));
  if (complete.length < rows.length) {
    notes.push(message('{0} rows with a missing value were left out.', rows.length - complete.length));
  }
  if (complete.length > 0) return complete;
  throw new UnrollError(
    'data',
    'Every row of {0} misses a value in some column; choose fewer columns or another data.missing.',
    raw.file,
  );
}

function dropBeforeFirstValues(raw: RawSeries, rows: Uint32Array, notes: Message[]): Uint32Array {
  const starts = raw.columns.map(({ values }) => rows.findIndex((row) => !Number.isNaN(values[row])));
  const start = Math.max(0, ...starts);
  if (start > 0) notes.push(message('The first {0} rows were left out: a column has no value before them.', start));
  return rows.slice(start);
}

/** A column in which no value is missing, by the rule, unless the rule leaves them so (NaN); `ranges` are the parts, none of which may learn from a later one. */
export function complete(
  file: string,
  name: string,
  values: Float64Array,
  missing: MissingRule,
  ranges: readonly RowRange[],
  notes: Message[],
): Float64Array {
  const count = countMissing(values);
  if (count === 0) return values;
  if (missing === 'mask') {
    notes.push(masked(count, name));
    return values;
  }
  if (missing === 'forwardFill') {
    forwardFill(values);
    notes.push(message('{0} missing values of {1} took the last value seen.', count, name));
  } else {
    interpolate(values, ranges);
    notes.push(message('{0} missing values of {1} were filled by a line between their neighbours.', count, name));
  }
  if (countMissing(values) === 0) return values;
  throw noTrainingValue(name, file);
}

/** What is said of values that are left missing. */
export const masked = (count: number, name: string): Message =>
  message(
    '{0} missing values of {1} are 0 to the model once it is scaled, and a further column tells where.',
    count,
    name,
  );

/** What is asked for has to have a value. */
const known = (missing: MissingRule): MissingRule => (missing === 'mask' ? 'forwardFill' : missing);

/** The error for a column of which nothing is known before the parts that judge. */
export function noTrainingValue(column: string, file: string): UnrollError {
  return new UnrollError(
    'data',
    'Column {0} of {1} holds no value in its training part; choose another column.',
    column,
    file,
  );
}
