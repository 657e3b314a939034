import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import { suitsLog } from '../forecast/character';
import { trainingValues } from '../forecast/scaledColumns';
import { assemble, type Series, selectRows } from '../forecast/series';
import type { Texts } from '../sequences/texts';
import { guessScaleBy, mostSay, type Training, trainingOf, typicalLength } from '../several/choices';
import { rowsOfSeries } from '../several/rows';
import { assembleSeveral } from '../several/series';
import { stretchesOf } from '../several/stretches';
import { firstRow, parts, splitRows } from '../split';
import type { RawSeries } from '../table/columns';
import type { Reading } from '../table/reading';
import { formOf } from '../table/tableForm';
import { stepOf } from '../time/calendar';
import { findSeason } from '../time/season';
import type { Chooser, Guess } from './chooser';
import { fewestOfSeries, fewestWindows, horizonDefault, lookbackDefaults } from './defaults';
import { guessTarget, guessTime } from './guess';
import { chooseSplit } from './splitChoice';

type DataChoices = Experiment['data'];

/** The choices that a profile is enough for. */
export type ColumnChoices = Pick<DataChoices, 'target' | 'time' | 'series' | 'features'>;
/** Those of a forecast. */
export type ForecastColumns = ColumnChoices & Pick<DataChoices, 'moreTargets' | 'known'>;

/** What is asked of the rows of a table, where a person has not said it; each null where the rows do not tell. */
export interface AskedOfRows {
  /** What tells series apart. */
  series(time: string | null): Promise<Guess<string | null> | null>;
  /** What ends before the other columns. */
  target(time: string | null, series: string | null): Promise<Guess<string> | null>;
}

/** Which columns a forecast reads. */
export async function chooseColumns(
  asked: CheckedDraft['data'],
  profile: DataProfile,
  chooser: Chooser,
  rows: AskedOfRows,
): Promise<ForecastColumns> {
  const time = chooser.take('data.time', asked.time, () => guessTime(profile));
  const guess = asked.series === undefined ? await rows.series(time) : null;
  const series =
    guess === null ? (asked.series ?? null) : chooser.take<string | null>('data.series', undefined, () => guess);
  const columns = profile.columns.filter(({ name }) => name !== series);
  const moreTargets = asked.moreTargets ?? [];
  const ended = asked.target === undefined ? await rows.target(time, series) : null;
  const isTaken = [...moreTargets, ...(asked.features ?? []), ...(asked.known ?? [])].includes(ended?.value ?? '');
  const target = chooser.take('data.target', asked.target, () =>
    ended === null || isTaken ? guessTarget({ ...profile, columns }) : ended,
  );
  const others = columns.filter(
    ({ name, kind }) => kind === 'number' && ![target, time, ...moreTargets].includes(name),
  ).length;
  const features = chooser.take('data.features', asked.features, () => ({
    value: [],
    why:
      others === 0
        ? message('There is no other column of numbers.')
        : message('The past of {0} alone is a sound start; {1} more columns of numbers can be added.', target, others),
  }));
  return { time, series, target, moreTargets, features, known: asked.known ?? [] };
}

/** What is chosen of the rows before it is clear which columns are known ahead. */
export interface RowChoices extends Pick<DataChoices, 'missing' | 'horizon' | 'split'> {
  /** Rows between the parts. */
  readonly embargo: number;
  /** Windows that each part of a series should have. */
  readonly fewest: number;
}

/** @param named what tells the rows of several series apart */
export function chooseRows(
  asked: CheckedDraft['data'],
  raw: RawSeries,
  named: Texts | null,
  chooser: Chooser,
): RowChoices {
  // A forecast knows the past only; a line to the next value would tell it a little of the future.
  const missing = chooser.take<DataChoices['missing']>('data.missing', asked.missing, () => ({
    value: 'forwardFill',
    why: message('A forecast knows only what came before.'),
  }));
  const horizon = chooser.take('data.horizon', asked.horizon, () => ({
    value: horizonDefault,
    why: message('One row ahead is the easiest forecast to judge.'),
  }));
  const embargo = asked.embargo ?? horizon;
  const lengths =
    named === null ? [selectRows(raw, missing, []).length] : rowsOfSeries(named).map((rows) => rows.length);
  const fewest = Math.max(fewestOfSeries, Math.ceil(fewestWindows / Math.max(1, lengths.length)));
  const shortest = Math.max(lookbackDefaults.shortest, (asked.known ?? []).length > 0 ? horizon : 0);
  const needed = (asked.lookback ?? shortest) + embargo + horizon + fewest - 1;
  const split = chooseSplit(asked.split, typicalLength(lengths), needed, chooser, {
    test: message('The last rows are kept from every decision, so that the result is honest.'),
    validation: message('The rows before the test choose the best epoch.'),
  });
  return { missing, horizon, split, embargo, fewest };
}

/**
 * The data's choices once the columns are read, and the series that they make; values are looked at in the training part alone, and of several
 * series in the longest of them. `training` is the target there, the longest first, as its transform leaves it for the model.
 * @param named what tells the rows of several series apart
 */
export function chooseData(
  asked: CheckedDraft['data'],
  columns: ForecastColumns,
  raw: RawSeries,
  named: Texts | null,
  { missing, horizon, split, embargo, fewest }: RowChoices,
  chooser: Chooser,
  reading: Reading = {},
): { readonly data: DataChoices; readonly series: Series; readonly training: readonly Float64Array[] } {
  const series =
    named === null ? assemble(raw, missing, split, reading) : assembleSeveral({ raw, named }, missing, split, reading);
  const stretches = stretchesOf(series, split);
  const looked = trainingOf(series, stretches);
  const isPositive = series.columns
    .slice(0, series.targets ?? 1)
    .every(({ values }) => trainingValues(values, stretches).every((value) => value > 0));
  const season = chooser.take('data.season', asked.season, () => guessSeason(looked));
  const transform = chooser.take<DataChoices['transform']>('data.transform', asked.transform, () =>
    guessTransform(columns.target, looked, season, isPositive),
  );
  const scaler = chooser.take<DataChoices['scaler']>('data.scaler', asked.scaler, () => ({
    value: 'standard',
    why: message('Zero mean and unit deviation suit the cells.'),
  }));
  const scaleBy =
    series.several === undefined
      ? (asked.scaleBy ?? 'all')
      : chooser.take('data.scaleBy', asked.scaleBy, () => guessScaleBy(series, stretches));
  const rows = typicalLength(stretches.map((stretch) => stretch.rows.end - stretch.rows.start));
  const lookback = chooser.take('data.lookback', asked.lookback, () =>
    withRoomForKnown(guessLookback(season, horizon, split, rows, embargo, fewest), columns.known, horizon),
  );
  const data = {
    path: asked.path,
    ...columns,
    text: null,
    sound: null,
    missing,
    transform,
    scaler,
    scaleBy,
    split,
    lookback,
    horizon,
    embargo: asked.embargo ?? null,
    ...formOf(asked),
    season,
  };
  const moves = (values: Float64Array) => values.map((value, row) => value - (values[row - 1] ?? value));
  const training = looked.map(({ values }) => (transform === 'difference' ? moves(values) : values));
  return { data, series, training };
}

/** A window that holds what is known of all rows that are forecast. */
const withRoomForKnown = (guess: Guess<number>, known: readonly string[], horizon: number): Guess<number> =>
  known.length === 0 || guess.value >= horizon
    ? guess
    : { value: horizon, why: message('What is known ahead of {0} rows needs a window of as many.', horizon) };

/** Seasons that differ by less are one that was found in different series. */
const sameSeason = 0.05;

function guessSeason(looked: readonly Training[]): Guess<number | null> {
  const found = looked.map(({ values, time }) => findSeason(values, time === null ? null : stepOf(time)));
  const { value: season, count } = mostSay(found, (a, b) =>
    a === null || b === null ? a === b : Math.abs(a.rows - b.rows) <= Math.max(1, sameSeason * a.rows),
  );
  if (looked.length > 1) {
    return season === null
      ? { value: null, why: message('{0} of the {1} longest series show no season.', count, looked.length) }
      : {
          value: season.rows,
          why: message('{0} of the {1} longest series repeat after {2} rows.', count, looked.length, season.rows),
        };
  }
  if (season === null) return { value: null, why: message('The training part shows no season.') };
  const correlation = Number(season.correlation.toFixed(2));
  const why = season.calendar
    ? message('The calendar suggests {0} rows, and rows that far apart correlate by {1}.', season.rows, correlation)
    : message(
        'Rows {0} apart correlate by {1}, more than any nearer ones past the next trough.',
        season.rows,
        correlation,
      );
  return { value: season.rows, why };
}

function guessTransform(
  target: string,
  looked: readonly Training[],
  season: number | null,
  isPositive: boolean,
): Guess<DataChoices['transform']> {
  const grows = looked.map(({ values }) => suitsLog(values, season));
  const growing = grows.filter(Boolean).length;
  const isDisputed = growing > 0 && growing < looked.length;
  if (isPositive && mostSay(grows).value) {
    const why = isDisputed
      ? message(
          '{0} is positive, and its spread grows with its level in {1} of the {2} longest series.',
          target,
          growing,
          looked.length,
        )
      : message('{0} is positive and its spread grows with its level.', target);
    return { value: 'log', why };
  }
  const why =
    isPositive && isDisputed
      ? message(
          'The spread of {0} grows with its level in no more than {1} of the {2} longest series.',
          target,
          growing,
          looked.length,
        )
      : message('The spread of {0} does not grow with its level, or it is not always positive.', target);
  return { value: 'none', why };
}

/** How many rows a window is: whole seasons where there is one, and no more than every part has room for. */
export function guessLookback(
  season: number | null,
  horizon: number,
  fractions: Experiment['data']['split'],
  rows: number,
  embargo = 0,
  fewest: number = fewestWindows,
): Guess<number> {
  const { shortest, usual, longest, perHorizon } = lookbackDefaults;
  const isShort = season !== null && season <= longest;
  const wanted = Math.max(isShort ? Math.ceil(shortest / season) * season : usual, perHorizon * horizon);
  const split = splitRows(rows, fractions);
  const lengths = parts.map((part) => split[part].end - firstRow(split, part, embargo));
  const room = Math.min(...lengths.filter((length) => length > 0)) - horizon - fewest + 1;
  if (wanted > room) {
    return {
      value: Math.max(1, room),
      why: message('Each part must hold enough windows, which leaves room for no more.'),
    };
  }
  const why = isShort
    ? message('Whole seasons of {0} rows.', season)
    : message('Enough rows to see where the series is going.');
  return { value: wanted, why };
}
