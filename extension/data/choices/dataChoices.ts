import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import { suitsLog } from '../forecast/character';
import { trainingValues } from '../forecast/scaledColumns';
import { assemble, type Series, selectRows } from '../forecast/series';
import type { Texts } from '../sequences/texts';
import { guessScaleBy, longestTraining, typicalLength } from '../several/choices';
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
export type ForecastColumns = ColumnChoices & Pick<DataChoices, 'known'>;

/** Which columns a forecast reads. @param seriesFor guesses what tells series apart, where a person has not said it. */
export async function chooseColumns(
  asked: CheckedDraft['data'],
  profile: DataProfile,
  chooser: Chooser,
  seriesFor: (time: string | null) => Promise<Guess<string | null> | null>,
): Promise<ForecastColumns> {
  const time = chooser.take('data.time', asked.time, () => guessTime(profile));
  const guess = asked.series === undefined ? await seriesFor(time) : null;
  const series =
    guess === null ? (asked.series ?? null) : chooser.take<string | null>('data.series', undefined, () => guess);
  const columns = profile.columns.filter(({ name }) => name !== series);
  const target = chooser.take('data.target', asked.target, () => guessTarget({ ...profile, columns }));
  const others = columns.filter(({ name, kind }) => kind === 'number' && name !== target && name !== time).length;
  const features = chooser.take('data.features', asked.features, () => ({
    value: [],
    why:
      others === 0
        ? message('There is no other column of numbers.')
        : message('The past of {0} alone is a sound start; {1} more columns of numbers can be added.', target, others),
  }));
  return { time, series, target, features, known: asked.known ?? [] };
}

/**
 * The data's choices once the columns are read, and the series that they make; values are looked at in the training part alone, and of several
 * series in the longest of them. `training` is the target there, as its transform leaves it for the model.
 * @param named what tells the rows of several series apart
 */
export function chooseData(
  asked: CheckedDraft['data'],
  columns: ForecastColumns,
  raw: RawSeries,
  named: Texts | null,
  chooser: Chooser,
  reading: Reading = {},
): { readonly data: DataChoices; readonly series: Series; readonly training: Float64Array } {
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
  const needed = (asked.lookback ?? lookbackDefaults.shortest) + embargo + horizon + fewest - 1;
  const split = chooseSplit(asked.split, typicalLength(lengths), needed, chooser, {
    test: message('The last rows are kept from every decision, so that the result is honest.'),
    validation: message('The rows before the test choose the best epoch.'),
  });
  const series =
    named === null ? assemble(raw, missing, split, reading) : assembleSeveral({ raw, named }, missing, split);
  const stretches = stretchesOf(series, split);
  const { values: training, time } = longestTraining(series, stretches);
  const all = trainingValues(series.columns[0]?.values ?? training, stretches);
  const season = chooser.take('data.season', asked.season, () => guessSeason(training, time));
  const transform = chooser.take<DataChoices['transform']>('data.transform', asked.transform, () =>
    suitsLog(training, season) && all.every((value) => value > 0)
      ? { value: 'log', why: message('{0} is positive and its spread grows with its level.', columns.target) }
      : {
          value: 'none',
          why: message('The spread of {0} does not grow with its level, or it is not always positive.', columns.target),
        },
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
    guessLookback(season, horizon, split, rows, embargo, fewest),
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
  const moves = training.map((value, row) => value - (training[row - 1] ?? value));
  return { data, series, training: transform === 'difference' ? moves : training };
}

function guessSeason(training: Float64Array, time: Float64Array | null): Guess<number | null> {
  const season = findSeason(training, time === null ? null : stepOf(time));
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
