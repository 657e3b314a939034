import type { ColumnProfile, DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import { message } from '../../protocol/messages';
import { isTimeName } from '../time/timeFormats';
import type { Guess } from './chooser';

const targetNames = /^(y|target|label|value|values|ot|close|output|demand|sales|count|cnt|price|load|consumption)$/i;
/** What a calendar says of a day, in whatever numbers. */
const calendarNames =
  /^(is[_ -]?)?(weekday|dow|doy|quarter|(hour|day|week|month)[_ -]?of[_ -]?(day|week|month|year)|(hour|day|weekday|week|month|dow|doy)[_ -]?(sin|cos|num|number))$/i;
const indexNames = /^(id|index|idx|no|nr|row|rownum|unnamed.*|column0|#)$/i;

/** More missing times than this and a column does not order the rows. */
const mostTimesMissing = 0.05;

/** The column that most likely orders the rows; null where none does. */
export function guessTime({ rows, columns }: DataProfile): Guess<string | null> {
  const times = columns.filter(({ kind, missing }) => kind === 'time' && missing <= mostTimesMissing * rows);
  const named = times.find(({ name }) => isTimeName(name)) ?? times[0];
  if (named === undefined) {
    return { value: null, why: message('No column holds times, so the rows keep the order of the file.') };
  }
  return { value: named.name, why: message('{0} holds the time of each row.', named.name) };
}

/**
 * The column that a person most likely wants to forecast.
 * @throws UnrollError `data` where no column holds numbers that change.
 */
export function guessTarget(
  { path, rows, columns }: DataProfile,
  among: 'measures' | 'all' = 'measures',
): Guess<string> {
  const numbers = columns.filter(({ kind, missing }) => kind === 'number' && missing < rows);
  if (numbers.length === 0) {
    throw new UnrollError('data', '{0} has no column of numbers to forecast; choose a file with at least one.', path);
  }
  const changing = numbers.filter(({ min, max }) => min !== max);
  if (changing.length === 0) {
    throw new UnrollError(
      'data',
      'Every column of numbers in {0} is constant, so there is nothing to learn; choose another file.',
      path,
    );
  }
  const measured = changing.filter(
    (column) =>
      !isIndex(column, column === columns[0], rows) &&
      !isTimeName(column.name) &&
      !calendarNames.test(column.name.trim()),
  );
  const candidates = measured.length > 0 ? measured : changing;
  const named = candidates.findLast(({ name }) => targetNames.test(name.trim()));
  const [first] = candidates;
  // A yes or no in numbers, such as a holiday, is less often what is forecast than what it is forecast from.
  const isFlag = ({ min, max }: ColumnProfile) => min === 0 && max === 1;
  const last = (among === 'all' ? undefined : candidates.findLast((column) => !isFlag(column))) ?? candidates.at(-1);
  if (candidates.length === 1 && first !== undefined) {
    return { value: first.name, why: message('{0} is the only column of numbers that are measured.', first.name) };
  }
  if (named !== undefined) {
    return { value: named.name, why: message('{0} has the name of a target.', named.name) };
  }
  return {
    value: last?.name ?? '',
    why: message('{0} is the last column of numbers, where the target usually stands.', last?.name ?? ''),
  };
}

/** What columns of classes and transcripts are called. */
export const classNames =
  /^(y|target|label|labels|class|classes|category|species|kind|type|outcome|tag|transcript|text|sentence)$/i;

/** The column that most likely holds classes or transcripts: text, or yes and no, or else what a forecast would take. */
export function guessClasses(profile: DataProfile, taken: readonly (string | null)[]): Guess<string> {
  const { rows, columns } = profile;
  const open = columns.filter(({ name, missing }) => missing < rows && !taken.includes(name));
  const texts = open.filter(({ kind }) => kind === 'text' || kind === 'boolean');
  const named = [...texts, ...open].find(({ name }) => classNames.test(name.trim()));
  const found = named ?? texts.at(-1);
  if (found === undefined) return guessTarget({ ...profile, columns: open }, 'all');
  return {
    value: found.name,
    why:
      found === named
        ? message('{0} has the name of a target.', found.name)
        : message('{0} is the last column of text.', found.name),
  };
}

/** Every column of numbers that is measured. @throws UnrollError `data` where there is none. */
export function guessFeatures(
  { path, rows, columns }: DataProfile,
  taken: readonly (string | null)[],
): Guess<string[]> {
  const measured = columns.filter(
    (column) =>
      column.kind === 'number' &&
      column.missing < rows &&
      !taken.includes(column.name) &&
      !isIndex(column, column === columns[0], rows),
  );
  if (measured.length === 0) {
    throw new UnrollError(
      'data',
      '{0} has no column of numbers to read beside the target; choose a file with at least one.',
      path,
    );
  }
  return {
    value: measured.map(({ name }) => name),
    why: message('Every other column of numbers, but for those that only number the rows.'),
  };
}

/** Whether a column numbers the rows. */
export function isIndex({ name, min, max, missing }: ColumnProfile, isFirst: boolean, rows: number): boolean {
  if (indexNames.test(name.trim())) return true;
  return isFirst && missing === 0 && (min === 0 || min === 1) && max === min + rows - 1;
}
