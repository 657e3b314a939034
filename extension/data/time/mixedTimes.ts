import type { DuckDBConnection } from '@duckdb/node-api';
import { type Message, message } from '../../protocol/messages';
import { identifier, query, type RawColumn } from '../table/database';
import { isTimeName, type TimeFormat, textTimeFormats } from './timeFormats';

/** A column may write its times in so many ways at most; in more it writes something else. */
const mostWays = 3;
/** A column of whose first rows so large a part are times is looked at as a whole. */
const mostlyTimes = 0.5;
/** A column of which so large a part are times is meant as one. */
const almostTimes = 0.9;

/** Columns of text that hold times written in several ways, and what is to be said of them and of columns that almost hold times. */
export async function findMixedTimes(
  columns: readonly RawColumn[],
  source: string,
  connection: DuckDBConnection,
): Promise<{ readonly formats: ReadonlyMap<string, TimeFormat>; readonly notes: readonly Message[] }> {
  const formats = new Map<string, TimeFormat>();
  const notes: Message[] = [];
  for (const { name } of columns) {
    const column = identifier(name);
    const any = readBy(textTimeFormats).sql(column);
    const head = `(SELECT ${column} FROM ${source} LIMIT 100)`;
    const first = await counts([`count(${any})`, `count(${column})`], head, connection);
    if ((first[0] ?? 0) === 0 || (first[0] ?? 0) < mostlyTimes * (first[1] ?? 0)) continue;
    const found = await waysOf(column, source, connection);
    if (found.unclear) {
      notes.push(
        message(
          'Of the times in {0} it cannot be told whether the month or the day comes first, so they are read as text; write them as 2024-12-31.',
          name,
        ),
      );
    } else if (found.read === found.total) {
      formats.set(name, readBy(found.ways));
      if (found.ways.length > 1) {
        const ways = found.ways.map((way) => way.name).join(', ');
        notes.push(
          message('{0} writes its times in {1} ways, all of which are read: {2}.', name, found.ways.length, ways),
        );
      }
    } else if (found.read >= almostTimes * found.total || isTimeName(name)) {
      notes.push(await noteOnOdd(name, found.ways, source, connection));
    }
  }
  return { formats, notes };
}

/** The format that reads most values, then the one that reads most of the others, and so on. */
async function waysOf(column: string, source: string, connection: DuckDBConnection) {
  const ways: TimeFormat[] = [];
  let [read, total] = [0, 0];
  let unclear = false;
  while (ways.length < mostWays) {
    const open = textTimeFormats.filter((format) => !ways.includes(format));
    const rest = ways.length === 0 ? '' : ` FILTER (${readBy(ways).sql(column)} IS NULL)`;
    const [all = 0, ...each] = await counts(
      [`count(${column})`, ...open.map((format) => `count(${format.sql(column)})${rest}`)],
      source,
      connection,
    );
    total = all;
    const most = Math.max(...each);
    if (most === 0) break;
    const [best, ...others] = open.filter((_, i) => each[i] === most);
    if (best === undefined) break;
    // Two orders of day and month that read the same values, or of which each reads some, are two stories of one file.
    if (others.some((other) => isOtherOrder(best, other)) || ways.some((way) => isOtherOrder(best, way)))
      unclear = true;
    ways.push(best);
    read += most;
    if (read === total) break;
  }
  return { ways, read, total, unclear };
}

/** One format for whatever any of some reads; the first that reads a value decides. */
function readBy(formats: readonly TimeFormat[]): TimeFormat {
  return {
    name: formats.map(({ name }) => name).join(', '),
    sql: (column) => `coalesce(${formats.map((format) => `CAST(${format.sql(column)} AS TIMESTAMPTZ)`).join(', ')})`,
  };
}

/** Whether two patterns differ in nothing but the order of day and month. */
function isOtherOrder(a: TimeFormat, b: TimeFormat): boolean {
  const swapped = a.name.replace(/%[dm]/g, (part) => (part === '%d' ? '%m' : '%d'));
  return a.name !== b.name && swapped === b.name;
}

async function counts(each: readonly string[], source: string, connection: DuckDBConnection): Promise<number[]> {
  const list = each.map((sql, i) => `${sql} AS c${i}`).join(', ');
  const [answer] = await query(connection, `SELECT ${list} FROM ${source}`);
  return each.map((_, i) => Number(answer?.[`c${i}`] ?? 0));
}

async function noteOnOdd(
  name: string,
  ways: readonly TimeFormat[],
  source: string,
  connection: DuckDBConnection,
): Promise<Message> {
  const column = identifier(name);
  const lines = `SELECT row_number() OVER () AS line, ${column} FROM ${source}`;
  const [odd] = await query(
    connection,
    `SELECT line, ${column} AS text FROM (${lines}) WHERE ${column} IS NOT NULL AND ${readBy(ways).sql(column)} IS NULL LIMIT 1`,
  );
  const { line, text } = odd ?? {};
  return message(
    '{0} is read as text: its other values are times, but row {1} holds "{2}".',
    name,
    Number(line ?? 0),
    String(text ?? '').slice(0, 40),
  );
}
