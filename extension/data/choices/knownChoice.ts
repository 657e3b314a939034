import type { DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { knownAfter } from '../forecast/known';
import { assemble, type Series } from '../forecast/series';
import type { Texts } from '../sequences/texts';
import { longestOf, typicalLength } from '../several/choices';
import { leaksIn } from '../several/guard';
import { assembleSeveral } from '../several/series';
import { type Stretch, stretchesOf } from '../several/stretches';
import { type RawSeries, readColumns } from '../table/columns';
import type { Table } from '../table/table';
import { clocksIn, type Dated, followsCalendar } from '../time/calendarParts';
import type { Chooser, Guess } from './chooser';
import { type ForecastColumns, guessLookback, type RowChoices } from './dataChoices';
import { knownDefaults as limits } from './defaults';
import { isIndex } from './guess';

/** What a forecast reads of a table so far. */
export interface Read {
  readonly table: Table;
  readonly raw: RawSeries;
  readonly named: Texts | null;
  readonly rows: RowChoices;
}

/**
 * The columns that are known ahead: where nothing is said of columns, those of which it is sure. A column is known ahead if the file says what it
 * is at as many rows after the last target of every series as are forecast, which is what `predict` asks for, or if it follows from the time of a
 * row alone. Of values only those of the training part are looked at.
 */
export async function chooseKnown(
  asked: CheckedDraft['data'],
  columns: ForecastColumns,
  profile: DataProfile,
  read: Read,
  chooser: Chooser,
): Promise<readonly string[]> {
  // Who named the columns to be read has chosen among all of them.
  if (asked.known !== undefined || asked.features !== undefined) return columns.known;
  const candidates = candidatesOf(columns, profile);
  const guess =
    candidates.length === 0
      ? { value: [], why: message('There is no other column of numbers.') }
      : candidates.length * profile.rows > limits.mostValues
        ? {
            value: [],
            why: message('In so long a file, what is known ahead is not looked for; name its columns as data.known.'),
          }
        : await guessKnown(asked, columns, candidates, read);
  return chooser.take<readonly string[]>('data.known', undefined, () => guess);
}

/** Columns of numbers that nothing else is read as, but for those that number the rows. */
function candidatesOf(
  { target, moreTargets, time, series }: ForecastColumns,
  { rows, columns }: DataProfile,
): readonly string[] {
  const taken = [target, ...moreTargets, time, series];
  return columns
    .filter((column) => column.kind === 'number' && column.missing < rows && !taken.includes(column.name))
    .filter((column) => !isIndex(column, column === columns[0], rows))
    .slice(0, limits.mostColumns)
    .map(({ name }) => name);
}

async function guessKnown(
  asked: CheckedDraft['data'],
  { target, time }: ForecastColumns,
  candidates: readonly string[],
  { table, raw, named, rows }: Read,
): Promise<Guess<readonly string[]>> {
  const { columns: others } = await readColumns({ ...table, indicators: [] }, candidates, time);
  const targets = raw.columns.slice(0, raw.targets ?? 1);
  // Asked for once: a long column is read from a file.
  const goals = targets.map(({ values }) => values);
  const complete = others.filter(({ values }) => isComplete(values, goals, raw.time));
  const all: RawSeries = { ...raw, columns: [...targets, ...complete], indicators: 0 };
  const series = seriesWith(all, targets.length, named, rows);
  const stretches = series === null ? [] : stretchesOf(series, rows.split);
  if (series === null || !hasRoom(asked, stretches, rows)) return { value: [], why: nothing(target, time) };
  const leaky = leaksOf(series, stretches, rows.horizon);
  const looked = longestOf(stretches).map(({ split: { train } }) => train);
  const after = knownAfter(all, named, rows.horizon, 'refuse');
  const clocks = series.time === null ? null : clocksOf(series.time, stretches, asked.zone ?? null);
  const said: string[] = [];
  const dated: string[] = [];
  for (const { name, values } of series.columns.slice(targets.length)) {
    if (leaky.has(name) || looked.every(({ start, end }) => onlyCounts(values.subarray(start, end)))) continue;
    if (isSaidAhead(after, series, name)) said.push(name);
    else if (clocks !== null && followsCalendar(clocks.map((each) => datedBy(each, values)))) dated.push(name);
  }
  return { value: [...said, ...dated], why: reasonFor(said, dated, target, time) };
}

/** Whether a column has a value wherever the targets have one: then no row is left out or filled for it. */
const isComplete = (values: Float64Array, targets: readonly Float64Array[], time: Float64Array | null): boolean =>
  values.every(
    (value, row) =>
      !Number.isNaN(value) ||
      (time !== null && Number.isNaN(time[row] ?? Number.NaN)) ||
      targets.some((target) => Number.isNaN(target[row] ?? Number.NaN)),
  );

/** The series with further columns, null where these would change its rows, or there is none. */
function seriesWith(
  all: RawSeries,
  targets: number,
  named: Texts | null,
  { missing, split }: RowChoices,
): Series | null {
  const made = (raw: RawSeries) =>
    named === null ? assemble(raw, missing, split) : assembleSeveral({ raw, named }, missing, split);
  try {
    const [plain, whole] = [made({ ...all, columns: all.columns.slice(0, targets) }), made(all)];
    return plain.rows === whole.rows ? whole : null;
  } catch (error) {
    // It is told when the series is made to be learnt from.
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

/** Whether a window has room for what is known of the rows that are forecast. */
function hasRoom(
  asked: CheckedDraft['data'],
  stretches: readonly Stretch[],
  { horizon, split, embargo, fewest }: RowChoices,
): boolean {
  const length = typicalLength(stretches.map(({ rows }) => rows.end - rows.start));
  return (asked.lookback ?? guessLookback(null, horizon, split, length, embargo, fewest).value) >= horizon;
}

/** What says too much of a target to be believed. */
function leaksOf(series: Series, stretches: readonly Stretch[], horizon: number): ReadonlySet<string> {
  const { columns, targets = 1 } = series;
  const others = columns.slice(targets);
  const found = columns
    .slice(0, targets)
    .flatMap((target) => leaksIn({ ...series, columns: [target, ...others] }, stretches, horizon));
  return new Set(found.map(({ feature }) => feature));
}

/** Whether a column never falls or never rises: it tells of rows to come what it was never seen to be. */
function onlyCounts(values: Float64Array): boolean {
  return (
    values.every((value, row) => row === 0 || value >= (values[row - 1] ?? value)) ||
    values.every((value, row) => row === 0 || value <= (values[row - 1] ?? value))
  );
}

/** Whether the file says what a column is at the rows that a forecast of every series is about. */
function isSaidAhead(after: ReturnType<typeof knownAfter>, { several }: Series, column: string): boolean {
  try {
    for (const name of several?.names ?? [null]) after(name, column);
    return true;
  } catch (error) {
    if (error instanceof UnrollError) return false;
    throw error;
  }
}

/** The clocks of the last training rows of a series, the first of which is row `from`. */
interface Clocks {
  readonly from: number;
  readonly clock: Float64Array;
}

/** Those of the longest series. */
function clocksOf(time: Float64Array, stretches: readonly Stretch[], zone: string | null): readonly Clocks[] {
  const longest = longestOf(stretches);
  const most = Math.ceil(limits.mostRows / longest.length);
  return longest.map(({ split: { train } }, s) => {
    const from = Math.max(train.start, train.end - (s === 0 ? limits.mostRows : most));
    return { from, clock: clocksIn(zone, time.subarray(from, train.end)) };
  });
}

const datedBy = ({ from, clock }: Clocks, values: Float64Array): Dated => ({
  clock,
  values: values.subarray(from, from + clock.length),
});

function reasonFor(said: readonly string[], dated: readonly string[], target: string, time: string | null): Message {
  const [ahead, calendar] = [said.join(', '), dated.join(', ')];
  if (said.length === 0 && dated.length === 0) return nothing(target, time);
  if (dated.length === 0) return message('{0}: given in rows that have no {1} yet, so known ahead.', ahead, target);
  if (said.length === 0)
    return message('{0}: determined by {1} alone in the training part, so known ahead.', calendar, time ?? '');
  return message(
    '{0}: given in rows that have no {1} yet; {2}: determined by {3} alone in the training part; so all are known ahead.',
    ahead,
    target,
    calendar,
    time ?? '',
  );
}

const nothing = (target: string, time: string | null) =>
  time === null
    ? message('No other column is given in rows that have no {0} yet.', target)
    : message('No other column is given in rows that have no {0} yet, or determined by {1} alone.', target, time);
