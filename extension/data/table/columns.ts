import { UnrollError } from '../../protocol/errors';
import type { Message } from '../../protocol/messages';
import { nearestName } from '../choices/nearestName';
import type { Column } from '../streamed/columnFile';
import { readDoubles } from '../streamed/readDoubles';
import { query } from './database';
import { numberSql } from './numberFormats';
import type { Reading } from './reading';
import type { Table, TableColumn } from './table';
import { indicatorName, type TableForm } from './tableForm';

/** More values than this, of all columns in memory or of one, do not fit there comfortably. */
const mostInMemory = 200_000_000;
/** More than this take more room on a disk, and more time, than anybody means to give. */
const mostInFile = 2_000_000_000;

/** The chosen columns of a file as they are: file order, NaN where a value is missing. */
export interface RawSeries {
  readonly file: string;
  readonly fingerprint: string;
  /** Milliseconds since 1970. */
  readonly time: Float64Array | null;
  readonly columns: readonly Column[];
  /** What was read otherwise than it stands in the file, in words. */
  readonly notes: readonly Message[];
  /** What becomes of gaps in time once the rows are in its order; they are kept where it is left out. */
  readonly gaps?: TableForm['gaps'];
  /** How many values in a row may be filled; any number where it is null or left out. */
  readonly fillLimit?: number | null;
  /** So many of the columns, the first, are forecast; one where it is left out. */
  readonly targets?: number;
  /** So many of the columns, the last, tell where others have no value; none where it is left out. */
  readonly indicators?: number;
}

/**
 * Reads number columns, and a time column beside them where one is named. Too many values to be held in memory are put in a file as they
 * come, and a column is read from there when it is asked for.
 * @throws UnrollError `data` where a column is not there, is of another kind, or there are too many values.
 */
export async function readColumns(
  table: Table,
  asked: readonly string[],
  time: string | null,
  reading: Reading = {},
): Promise<RawSeries> {
  const known = table.indicators === 'all' ? 0 : table.indicators.length;
  const names = asked.slice(0, asked.length - known);
  const numbers: TableColumn[] = [];
  for (const name of names) numbers.push(await numberColumn(table, name));
  const all = time === null ? numbers : [timeColumn(table, time), ...numbers];
  const [counted] = await query(table.connection, `SELECT count(*) AS total FROM ${table.source}`);
  const { total } = counted ?? {};
  const rows = Number(total);
  const mostValues = reading.held === undefined ? mostInMemory : Math.min(mostInFile, mostInMemory * all.length);
  if (rows * all.length > mostValues) {
    throw new UnrollError(
      'data',
      '{0} has {1} rows, which with {2} columns is more than the {3} values that can be held; choose fewer columns or a part of the file.',
      table.file,
      rows,
      all.length,
      mostValues,
    );
  }
  const indicated = await indicatedColumns(table, numbers, rows);
  const values = all.map(({ number }) => `CAST(${number} AS DOUBLE)`);
  const list = [
    ...values,
    ...indicated.map(({ number }) => `CASE WHEN ${number} IS NULL THEN 1.0 ELSE 0.0 END::DOUBLE`),
  ];
  const named = [...names, ...indicated.map(({ name }) => indicatorName(name))];
  const { scan, connection, source } = table;
  const read = await readDoubles(
    connection,
    `SELECT ${list.join(', ')} FROM ${source}`,
    rows,
    named,
    time !== null,
    reading,
  );
  return {
    file: table.file,
    fingerprint: scan.fingerprint,
    ...read,
    notes: table.notes,
    gaps: table.gaps,
    fillLimit: table.fillLimit,
    indicators: indicated.length,
  };
}

/** The columns that have a further one which tells where they have no value. */
async function indicatedColumns(
  { indicators, gaps, connection, source }: Table,
  columns: readonly TableColumn[],
  rows: number,
): Promise<readonly TableColumn[]> {
  if (indicators !== 'all') return columns.filter(({ name }) => indicators.includes(name));
  // Rows that are put in have no value in any column.
  if (gaps === 'fill') return columns;
  const counts = columns.map(({ number }, i) => `count(${number}) AS c${i}`);
  const [answer] = await query(connection, `SELECT ${counts.join(', ')} FROM ${source}`);
  return columns.filter((_, i) => Number(answer?.[`c${i}`] ?? rows) < rows);
}

/** So many columns are named to choose from. */
const mostNamed = 12;

/** A column by its name. */
export function findColumn({ file, columns }: Pick<Table, 'file' | 'columns'>, name: string): TableColumn {
  const found = columns.find((column) => column.name === name);
  if (found !== undefined) return found;
  const names = columns.map((column) => column.name);
  const meant = nearestName(name, names);
  if (meant !== null) throw new UnrollError('data', '{0} has no column {1}; did you mean {2}?', file, name, meant);
  throw new UnrollError(
    'data',
    '{0} has no column {1}; choose one of {2}.',
    file,
    name,
    names.slice(0, mostNamed).join(', '),
  );
}

function timeColumn(table: Table, name: string): TableColumn {
  const column = findColumn(table, name);
  if (column.kind === 'time') return column;
  throw new UnrollError(
    'data',
    'Column {0} of {1} does not hold times that can be read; write them as 2024-12-31 or 2024-12-31 23:59, or set data.time to null to keep the order of the file.',
    name,
    table.file,
  );
}

/** Whether most values of a text column are numbers, so that the others are more likely mistakes than the column is text. */
export async function isMostlyNumbers(table: Table, name: string): Promise<boolean> {
  const text = `CAST(${findColumn(table, name).raw} AS VARCHAR)`;
  const [answer] = await query(
    table.connection,
    `SELECT 2 * count(${numberSql(text, markOf(table))}) > count(${text}) AS mostly FROM ${table.source}`,
  );
  const { mostly } = answer ?? {};
  return mostly === true;
}

const markOf = ({ numbers }: Table) => numbers?.mark ?? 'point';

async function numberColumn(table: Table, name: string): Promise<TableColumn> {
  const column = findColumn(table, name);
  if (column.kind === 'number') return column;
  const { raw } = column;
  const present = `SELECT row_number() OVER () AS line, CAST(${raw} AS VARCHAR) AS text FROM ${table.source}`;
  const [bad] = await query(
    table.connection,
    `SELECT line, text FROM (${present}) WHERE text IS NOT NULL AND ${numberSql('text', markOf(table))} IS NULL LIMIT 1`,
  );
  if (bad === undefined)
    throw new UnrollError('data', 'Column {0} of {1} holds no value at all; choose another column.', name, table.file);
  const { line, text } = bad;
  throw new UnrollError(
    'data',
    'Column {0} of {1} is not a number: row {2} holds "{3}"; correct it or choose another column.',
    name,
    table.file,
    Number(line),
    String(text).slice(0, 40),
  );
}
