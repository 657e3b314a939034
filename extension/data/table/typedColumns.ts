import type { DuckDBConnection } from '@duckdb/node-api';
import type { ColumnKind } from '../../protocol/data';
import type { Message } from '../../protocol/messages';
import { findMixedTimes } from '../time/mixedTimes';
import { findTimeFormats } from '../time/timeColumns';
import { inZone, refuseZone } from '../time/timeZone';
import { identifier, type RawColumn } from './database';
import { type DecimalMark, numberSql } from './numberFormats';
import type { FormedReading } from './tableForm';

/** A column and how to read it. */
export interface TableColumn {
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL of the value as it is. */
  readonly raw: string;
  /** SQL of a DOUBLE: the number, or ms since 1970; NULL where the value is missing. Null for other kinds. */
  readonly number: string | null;
}

/** The columns of a table, of what kind they are; `source` is SQL of its rows. */
export interface TypedTable {
  readonly columns: readonly TableColumn[];
  readonly source: string;
  readonly notes: readonly Message[];
}

/**
 * Decides the kind of each column; only text, and whole numbers under a name that says time, are looked at. `marks` are the columns of
 * text that hold numbers.
 */
export async function typedTable(
  columns: readonly RawColumn[],
  source: string,
  marks: ReadonlyMap<string, DecimalMark>,
  { zone = null, series = null }: FormedReading,
  connection: DuckDBConnection,
): Promise<TypedTable> {
  if (zone !== null) refuseZone(zone);
  const open = columns.filter(({ name }) => !marks.has(name));
  const formats = await findTimeFormats(open, source, connection);
  const texts = open.filter(({ name, type }) => type === 'VARCHAR' && !formats.has(name)).slice(0, mostColumnsTried);
  const mixed = await findMixedTimes(texts, source, connection);
  const notes = [...mixed.notes];
  const typed: TableColumn[] = [];
  let from = source;
  for (const { name, type } of columns) {
    const raw = identifier(name);
    const time = (number: string): TableColumn => ({ name, kind: 'time', raw, number });
    const format = formats.get(name) ?? mixed.formats.get(name);
    const isText = type === 'VARCHAR';
    const isClock = type === 'TIMESTAMP' || type.startsWith('TIMESTAMP_') || (format !== undefined && isText);
    if (zone !== null && isClock) {
      const instant = format?.sql(raw) ?? raw;
      const zoned = await inZone({ name, raw, instant, isText }, zone, series, from, connection);
      if (zoned !== null) {
        from = zoned.source;
        notes.push(...zoned.notes);
        typed.push(time(zoned.number));
        continue;
      }
    }
    if (format !== undefined) typed.push(time(milliseconds(format.sql(raw))));
    else if (type === 'DATE' || type.startsWith('TIMESTAMP')) typed.push(time(milliseconds(raw)));
    else typed.push({ name, raw, ...otherKind(raw, type, marks.get(name)) });
  }
  return { columns: typed, source: from, notes };
}

/** In a very wide table times in several ways are looked for among the first columns of text only. */
const mostColumnsTried = 64;

function otherKind(raw: string, type: string, mark: DecimalMark | undefined): Pick<TableColumn, 'kind' | 'number'> {
  if (type === 'BOOLEAN') return { kind: 'boolean', number: null };
  if (mark !== undefined) return { kind: 'number', number: numberSql(raw, mark) };
  if (!isNumeric(type)) return { kind: 'text', number: null };
  const value = `CAST(${raw} AS DOUBLE)`;
  return { kind: 'number', number: `CASE WHEN isfinite(${value}) THEN ${value} END` };
}

function milliseconds(timestamp: string): string {
  return `epoch_us(${timestamp}) / 1000.0`;
}

function isNumeric(type: string): boolean {
  return /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL)/.test(type);
}
