import type { DuckDBConnection } from '@duckdb/node-api';
import { UnrollError } from '../../protocol/errors';
import { type Message, message } from '../../protocol/messages';
import { resampled } from '../time/resample';
import { allowMore, identifier, literal, pathLiteral, query, type RawColumn, withDatabase } from './database';
import { withUtf8 } from './encoding';
import { noteOnNoHeader, notesOnHeader } from './headerNames';
import { type DecimalMark, findNumbers, type NumberFormat } from './numberFormats';
import { type FileScan, isBinaryFormat, isJsonLines, refuseChanged, scanFile, type TextScan } from './scan';
import type { FormedReading, Indicators, TableForm } from './tableForm';
import { type TableColumn, typedTable } from './typedColumns';

export type { TableColumn } from './typedColumns';

/** A data file opened for queries. */
export interface Table {
  readonly file: string;
  readonly scan: FileScan;
  readonly columns: readonly TableColumn[];
  /** SQL of the rows, to be put after FROM. */
  readonly source: string;
  readonly connection: DuckDBConnection;
  /** How numbers are written in text; null where the format of the file says it. */
  readonly numbers: NumberFormat | null;
  /** The zone of clocks that say none; null is UTC. */
  readonly zone: string | null;
  /** What is still to be made of the rows (see `resample.ts`). */
  readonly resample: TableForm['resample'];
  /** What becomes of gaps in time once the rows are in its order. */
  readonly gaps: TableForm['gaps'];
  /** How many values in a row may be filled; null for any number. */
  readonly fillLimit: number | null;
  /** Which columns have a further one that tells where they have no value. */
  readonly indicators: Indicators;
  /** What was read otherwise than it stands there, in words. */
  readonly notes: readonly Message[];
}

/** Whether an error tells of our own code and not of the file. */
const isMistake = (error: unknown) => error instanceof TypeError || error instanceof ReferenceError;

/** What stands for a value that is not there. */
const missingMarks = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None', '-', '?'];

/**
 * Opens a data file (CSV, TSV and other delimited text, JSON lines, Parquet), and makes sure that it is still the same file afterwards.
 * @throws UnrollError `data` with one sentence for whatever is wrong with the file.
 */
export async function withTable<T>(
  file: string,
  use: (table: Table) => Promise<T>,
  reading: FormedReading = {},
): Promise<T> {
  const scan = await scanFile(file, reading.signal);
  const result = await withUtf8(file, scan, reading, (readable, notes) =>
    withDatabase(
      readable,
      async (connection) => {
        try {
          const described = await describe(file, readable, scan, connection, reading);
          const marks = described.numbers?.marks ?? new Map();
          const typed = await typedTable(described.columns, described.source, marks, reading, connection);
          const { columns } = typed;
          const infinite = await notesOnInfinite(columns, described, scan, connection);
          const { numbers } = described;
          const { source } = typed;
          const said = [...notes, ...described.notes, ...typed.notes, ...infinite];
          const { indicators = [], zone = null, resample = null, gaps = 'keep', fillLimit = null } = reading;
          const made = { zone, resample, gaps, fillLimit, indicators, notes: said };
          const format = numbers?.format ?? null;
          const table = { file, scan, source, connection, columns, numbers: format, ...made };
          const { time, series = null } = reading;
          return await use(time === undefined ? table : await resampled(table, time, series));
        } catch (error) {
          reading.signal?.throwIfAborted();
          await refuseChanged(file, scan);
          if (error instanceof UnrollError || isMistake(error)) throw error;
          const [reason] = String(error instanceof Error ? error.message : error).split('\n');
          throw unreadable(file, reason ?? '');
        }
      },
      reading,
    ),
  );
  await refuseChanged(file, scan);
  return result;
}

function unreadable(file: string, reason: string): UnrollError {
  if (isBinaryFormat(file)) {
    return new UnrollError('data', '{0} cannot be read as Parquet ({1}); write the file again.', file, reason);
  }
  return isJsonLines(file)
    ? new UnrollError(
        'data',
        '{0} cannot be read as JSON lines ({1}); each line must be one object that names its values.',
        file,
        reason,
      )
    : new UnrollError(
        'data',
        '{0} cannot be read as a table ({1}); check that every line has the same columns.',
        file,
        reason,
      );
}

/** A file as DuckDB reads it. */
interface Described {
  readonly source: string;
  readonly columns: readonly RawColumn[];
  /** Null where the format of the file says what is a number. */
  readonly numbers: { readonly format: NumberFormat | null; readonly marks: ReadonlyMap<string, DecimalMark> } | null;
  readonly notes: readonly Message[];
}

async function describe(
  file: string,
  readable: string,
  scan: FileScan,
  connection: DuckDBConnection,
  { numbers: wanted = null }: FormedReading,
): Promise<Described> {
  const path = pathLiteral(readable);
  if (scan.text === null || isBinaryFormat(file) || isJsonLines(file)) {
    const source = isBinaryFormat(file)
      ? `read_parquet(${path}, hive_partitioning = false)`
      : `read_json(${path}, format = 'newline_delimited', sample_size = -1, hive_partitioning = false)`;
    const rows = await query(connection, `DESCRIBE SELECT * FROM ${source}`);
    const columns = rows.map(({ column_name, column_type }) => ({
      name: String(column_name),
      type: String(column_type),
    }));
    return { source, columns, numbers: null, notes: [] };
  }
  const { dialect } = scan.text;
  const semicolons = dialect.delimiter === ';';
  // Where the comma may stand before decimals, 1.234 may be a thousand: then no number with a point is taken for granted.
  const careful = semicolons || wanted === 'comma';
  let table = await sniffed(path, scan.text, !careful, connection);
  const plain = () => table.columns.some(({ type }) => type === 'DOUBLE');
  let found = await findNumbers(table.columns, table.source, connection, wanted, { plain: plain(), semicolons });
  if (!careful && found.format.mark === 'comma' && plain()) {
    table = await sniffed(path, scan.text, false, connection);
    found = await findNumbers(table.columns, table.source, connection, wanted, { plain: false, semicolons });
  }
  if (careful && wanted === null && found.format.told && found.format.mark === 'point') {
    // DuckDB is quicker with what it knows to be numbers.
    table = await sniffed(path, scan.text, true, connection);
    found = await findNumbers(table.columns, table.source, connection, wanted, { plain: plain(), semicolons });
  }
  const header =
    table.headerless === null
      ? [noteOnNoHeader(table.columns)]
      : await notesOnHeader(table.columns, table.headerless, connection);
  const { format, marks } = found;
  return { ...table, numbers: { format, marks }, notes: [...header, ...found.notes] };
}

interface Sniffed {
  readonly source: string;
  readonly columns: readonly RawColumn[];
  /** SQL of the rows as text, the header as the first of them; null where there is no header. */
  readonly headerless: string | null;
}

/** The columns of a delimited text; `decimals` takes 1.5 for a number at once, else it stays text. */
async function sniffed(
  path: string,
  { dialect, longestRow }: TextScan,
  decimals: boolean,
  connection: DuckDBConnection,
): Promise<Sniffed> {
  if (longestRow >= usualRow) await allowMore(connection, mostBuffers * 4 * longestRow);
  // Times are left to `timeFormats`, which knows more ways to write them and does not mix up day and month.
  const options = [
    `delim = ${literal(dialect.delimiter)}`,
    `quote = ${literal(dialect.quotes ? '"' : '')}`,
    `escape = ${literal(dialect.quotes ? '"' : '')}`,
    `comment = ''`,
    `skip = ${dialect.skip}`,
    `encoding = 'utf-8'`,
    `nullstr = [${missingMarks.map(literal).join(', ')}]`,
    // DuckDB's own limit is 2 MB; its buffer must hold some rows, and it holds several of its buffers.
    ...(longestRow < usualRow
      ? [`buffer_size = ${usualBuffer}`]
      : [`max_line_size = ${2 * longestRow}`, `buffer_size = ${4 * longestRow}`]),
  ].join(', ');
  const types = `['BOOLEAN', 'BIGINT', ${decimals ? `'DOUBLE', ` : ''}'VARCHAR']`;
  const sniff = async (more = ''): Promise<Sniffed> => {
    const [answer] = await query(
      connection,
      `SELECT HasHeader AS header, to_json(Columns)::VARCHAR AS columns FROM sniff_csv(${path}, sample_size = -1, auto_type_candidates = ${types}, ${options}${more})`,
    );
    const columns = parseColumns(answer?.['columns']);
    const header = answer?.['header'] === true;
    const read = (isHeader: boolean, type: (column: RawColumn) => string) =>
      `read_csv(${path}, auto_detect = false, header = ${isHeader}, hive_partitioning = false, ${options}, columns = {${columns.map((column) => `${literal(column.name)}: ${literal(type(column))}`).join(', ')}})`;
    return {
      source: read(header, ({ type }) => type),
      columns,
      headerless: header ? read(false, () => 'VARCHAR') : null,
    };
  };
  const first = await sniff();
  return first.headerless !== null && (await isRowLikeOthers(first, connection)) ? sniff(', header = false') : first;
}

/** Rows of fewer bytes need nothing special. */
const usualRow = 1 << 20;
const usualBuffer = 8 << 20;
/** Buffers of a file that DuckDB may hold at a time. */
const mostBuffers = 16;

/** Numbers that are infinite count as missing; whoever wrote them should know. */
async function notesOnInfinite(
  columns: readonly TableColumn[],
  { source, columns: raw }: Described,
  { text }: FileScan,
  connection: DuckDBConnection,
): Promise<Message[]> {
  if (text?.saysInfinite === false) return [];
  const floats = new Set(raw.filter(({ type }) => type === 'DOUBLE' || type === 'FLOAT').map(({ name }) => name));
  const looked = columns.filter(({ name, kind }) => kind === 'number' && floats.has(name));
  if (looked.length === 0) return [];
  const each = looked.map((column, i) => `count(*) FILTER (isinf(${column.raw})) AS i${i}`);
  const [answer] = await query(connection, `SELECT ${each.join(', ')} FROM ${source}`);
  return looked.flatMap(({ name }, i) => {
    const count = Number(answer?.[`i${i}`] ?? 0);
    return count === 0 ? [] : [message('{0} values of {1} are infinite and count as missing.', count, name)];
  });
}

/**
 * Whether what was taken for the header of a table of nothing but text is a row: names of columns are no values of them, nor are all of them
 * sentences of words that stand in the column too.
 */
async function isRowLikeOthers(
  { source, columns }: Pick<Sniffed, 'source' | 'columns'>,
  connection: DuckDBConnection,
): Promise<boolean> {
  if (columns.length < 2 || columns.some(({ type }) => type !== 'VARCHAR')) return false;
  const same = columns.map(({ name }) => `${identifier(name)} = ${literal(name)}`).join(' OR ');
  const [found] = await query(connection, `SELECT 1 AS found FROM ${source} WHERE ${same} LIMIT 1`);
  if (found !== undefined) return true;
  if (!columns.every(({ name }) => isSentence(name))) return false;
  const known = columns.map(({ name }) =>
    wordsIn(name)
      .slice(0, mostWords)
      .map((word) => `bool_or(contains(lower(${identifier(name)}), ${literal(word)}))`)
      .join(' AND '),
  );
  const [answer] = await query(
    connection,
    `SELECT ${known.map((each) => `(${each || 'false'})`).join(' OR ')} AS known FROM ${source}`,
  );
  return answer?.['known'] === true;
}

/** Words of a name that are looked for. */
const mostWords = 20;

const wordsIn = (name: string): readonly string[] => name.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];

/** Whether something is written like a sentence and not like the name of a column. */
const isSentence = (name: string): boolean => /[.!?…。！？]["”»]?\s*$/u.test(name) || wordsIn(name).length >= 3;

function parseColumns(json: unknown): RawColumn[] {
  const parsed: unknown = JSON.parse(String(json));
  if (!Array.isArray(parsed)) return [];
  return parsed.map((entry: { name?: unknown; type?: unknown }) => ({
    name: String(entry.name),
    type: String(entry.type),
  }));
}
