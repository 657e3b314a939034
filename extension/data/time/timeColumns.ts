import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, query, type RawColumn } from '../table/database';
import { isTimeName, numberTimeFormats, type TimeFormat, textTimeFormats } from './timeFormats';

/** In a very wide table times are looked for among the first columns only; each costs one expression a format. */
const mostColumnsTried = 64;

interface Candidate {
  readonly name: string;
  readonly format: TimeFormat;
}

/** The format that reads every value of a column, for each column that has one. Few rows rule most out, all rows decide. */
export async function findTimeFormats(
  columns: readonly RawColumn[],
  source: string,
  connection: DuckDBConnection,
): Promise<Map<string, TimeFormat>> {
  const all = columns.slice(0, mostColumnsTried).flatMap(candidates);
  const likely = await keep(all, `SELECT ${list(all, fits)} FROM (SELECT * FROM ${source} LIMIT 100)`, connection);
  const sure = await keep(likely, `SELECT ${list(likely, fits)} FROM ${source}`, connection);
  const found = new Map<string, TimeFormat>();
  const add = ({ name, format }: Candidate) => found.has(name) || found.set(name, format);
  const names = sure.map(({ name }) => name);
  const contested = sure.filter(({ name }) => names.indexOf(name) !== names.lastIndexOf(name));
  (await keep(contested, ascendingSql(contested, source), connection)).forEach(add);
  sure.forEach(add);
  return found;
}

function candidates({ name, type }: RawColumn): Candidate[] {
  if (type === 'VARCHAR') return textTimeFormats.map((format) => ({ name, format }));
  if (type !== 'BIGINT' || !isTimeName(name)) return [];
  return numberTimeFormats.map((format) => ({ name, format }));
}

/** True where the format fails on no value and reads at least one. A number that repeats counts something else, such as the year of a day. */
function fits({ name, format }: Candidate): string {
  const column = identifier(name);
  const time = format.sql(column);
  const unique = numberTimeFormats.includes(format) ? ` AND count(DISTINCT ${column}) = count(${column})` : '';
  return `count(${column}) = count(${time}) AND count(${column}) > 0${unique}`;
}

/** True where the times ascend in the order of the file; tells day and month apart where both could come first. */
function ascendingSql(contested: readonly Candidate[], source: string): string {
  const times = contested.map(({ name, format }, i) => `${format.sql(identifier(name))} AS t${i}`);
  const before = contested.map((_, i) => `t${i}, lag(t${i}) OVER () AS b${i}`);
  const ascends = contested.map((_, i) => `count(*) FILTER (t${i} < b${i}) = 0 AS c${i}`);
  return `SELECT ${ascends.join(', ')} FROM (SELECT ${before.join(', ')} FROM (SELECT ${times.join(', ')} FROM ${source}))`;
}

function list(open: readonly Candidate[], sql: (candidate: Candidate) => string): string {
  return open.map((candidate, i) => `${sql(candidate)} AS c${i}`).join(', ');
}

/** The candidates whose column `c0`, `c1`… of the one row that `sql` gives is true. */
async function keep(open: readonly Candidate[], sql: string, connection: DuckDBConnection): Promise<Candidate[]> {
  if (open.length === 0) return [];
  const [answer] = await query(connection, sql);
  return open.filter((_, i) => answer?.[`c${i}`] === true);
}
