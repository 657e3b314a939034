import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnKind } from '../protocol/data';
import { UnrollError } from '../protocol/errors';
import { identifier, literal, pathLiteral, query, type RawColumn, withDatabase } from './database';
import { type FileScan, isBinaryFormat, isJsonLines, refuseChanged, scanFile } from './scan';
import { findTimeFormats } from './timeColumns';

/** A column and how to read it. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL of the value as it is. */
  readonly raw: string;
  /** SQL of a DOUBLE: the number, or ms since 1970; NULL where the value is missing. Null for other kinds. */
  readonly number: string | null;
}

/** A data file opened for queries. */
export interface Table {
  readonly file: string;
  readonly scan: FileScan;
  readonly columns: readonly TableColumn[];
  /** SQL of the rows, to be put after FROM. */
  readonly source: string;
  readonly connection: DuckDBConnection;
}

/** What stands for a value that is not there. */
const missingMarks = ['', 'NA', 'N/A', 'n/a', 'NaN', 'nan', 'null', 'NULL', 'None', '-', '?'];

/**
 * Opens a data file (CSV, TSV and other delimited text, JSON lines, Parquet), and makes sure that it is still the same file afterwards.
 * @throws UnrollError `data` with one sentence for whatever is wrong with the file.
 */
export async function withTable<T>(file: string, use: (table: Table) => Promise<T>): Promise<T> {
  const scan = await scanFile(file);
  const result = await withDatabase(file, async (connection) => {
    try {
      const { source, columns } = await describe(file, scan, connection);
      return await use({ file, scan, source, connection, columns: await typed(columns, source, connection) });
    } catch (error) {
      await refuseChanged(file, scan);
      if (error instanceof UnrollError) throw error;
      const [reason] = String(error instanceof Error ? error.message : error).split('\n');
      throw new UnrollError(
        'data',
        '{0} cannot be read as a table ({1}); check that every line has the same columns.',
        file,
        reason ?? '',
      );
    }
  });
  await refuseChanged(file, scan);
  return result;
}

async function describe(
  file: string,
  scan: FileScan,
  connection: DuckDBConnection,
): Promise<{ source: string; columns: RawColumn[] }> {
  const path = pathLiteral(file);
  if (scan.text === null || isBinaryFormat(file) || isJsonLines(file)) {
    const source = isBinaryFormat(file)
      ? `read_parquet(${path}, hive_partitioning = false)`
      : `read_json(${path}, format = 'newline_delimited', sample_size = -1, hive_partitioning = false)`;
    const rows = await query(connection, `DESCRIBE SELECT * FROM ${source}`);
    return {
      source,
      columns: rows.map(({ column_name, column_type }) => ({ name: String(column_name), type: String(column_type) })),
    };
  }
  const { dialect, encoding } = scan.text;
  // Times are left to `timeFormats`, which knows more ways to write them and does not mix up day and month.
  const options = [
    `delim = ${literal(dialect.delimiter)}`,
    `quote = ${literal(dialect.quotes ? '"' : '')}`,
    `escape = ${literal(dialect.quotes ? '"' : '')}`,
    `comment = ''`,
    `skip = ${dialect.skip}`,
    `encoding = ${literal(encoding)}`,
    `decimal_separator = ${literal(dialect.decimalComma ? ',' : '.')}`,
    `nullstr = [${missingMarks.map(literal).join(', ')}]`,
  ].join(', ');
  const sniff = async (more = ''): Promise<{ source: string; columns: RawColumn[]; header: boolean }> => {
    const candidates = `auto_type_candidates = ['BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR']`;
    const [sniffed] = await query(
      connection,
      `SELECT HasHeader AS header, to_json(Columns)::VARCHAR AS columns FROM sniff_csv(${path}, sample_size = -1, ${candidates}, ${options}${more})`,
    );
    const columns = parseColumns(sniffed?.['columns']);
    const header = sniffed?.['header'] === true;
    const types = columns.map(({ name, type }) => `${literal(name)}: ${literal(type)}`).join(', ');
    const source = `read_csv(${path}, auto_detect = false, header = ${header}, hive_partitioning = false, ${options}, columns = {${types}})`;
    return { source, columns, header };
  };
  const sniffed = await sniff();
  return sniffed.header && (await isRowLikeOthers(sniffed, connection)) ? sniff(', header = false') : sniffed;
}

/** Whether what was taken for the header of a table of nothing but text is a row: names of columns are no values of them. */
async function isRowLikeOthers(
  { source, columns }: { readonly source: string; readonly columns: readonly RawColumn[] },
  connection: DuckDBConnection,
): Promise<boolean> {
  if (columns.length < 2 || columns.some(({ type }) => type !== 'VARCHAR')) return false;
  const same = columns.map(({ name }) => `${identifier(name)} = ${literal(name)}`).join(' OR ');
  const [found] = await query(connection, `SELECT 1 AS found FROM ${source} WHERE ${same} LIMIT 1`);
  return found !== undefined;
}

function parseColumns(json: unknown): RawColumn[] {
  const parsed: unknown = JSON.parse(String(json));
  if (!Array.isArray(parsed)) return [];
  return parsed.map((entry: { name?: unknown; type?: unknown }) => ({
    name: String(entry.name),
    type: String(entry.type),
  }));
}

/** Decides the kind of each column; only text, and whole numbers under a name that says time, are looked at. */
async function typed(
  columns: readonly RawColumn[],
  source: string,
  connection: DuckDBConnection,
): Promise<TableColumn[]> {
  const formats = await findTimeFormats(columns, source, connection);
  return columns.map(({ name, type }) => {
    const raw = identifier(name);
    const format = formats.get(name);
    if (format !== undefined) return { name, kind: 'time', raw, number: milliseconds(format.sql(raw)) };
    if (type === 'DATE' || type.startsWith('TIMESTAMP')) return { name, kind: 'time', raw, number: milliseconds(raw) };
    if (type === 'BOOLEAN') return { name, kind: 'boolean', raw, number: null };
    if (isNumeric(type)) {
      const value = `CAST(${raw} AS DOUBLE)`;
      return { name, kind: 'number', raw, number: `CASE WHEN isfinite(${value}) THEN ${value} END` };
    }
    return { name, kind: 'text', raw, number: null };
  });
}

function milliseconds(timestamp: string): string {
  return `epoch_us(${timestamp}) / 1000.0`;
}

function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(type);
}
