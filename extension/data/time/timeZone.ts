import type { DuckDBConnection } from '@duckdb/node-api';
import { UnrollError } from '../../protocol/errors';
import { type Message, message } from '../../protocol/messages';
import { identifier, literal, query } from '../table/database';

/** @throws UnrollError `experiment` where a zone is none that is known. */
export function refuseZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch {
    throw new UnrollError(
      'experiment',
      'data.zone is {0}, which is no time zone; write it as Europe/Berlin or UTC.',
      zone,
    );
  }
}

/** A column of times. */
interface Times {
  readonly name: string;
  readonly raw: string;
  /** SQL of the times as if every clock showed UTC; an offset that is written beside a time is heeded in it. */
  readonly instant: string;
  readonly isText: boolean;
}

/**
 * Reads times as those of clocks in a zone, but for those with an offset of their own. Days stay days: a column without a time of day is
 * left alone (null). In the hour that clocks repeat the rows that come after that hour began anew are an hour later; `series` tells whose
 * clocks those are. `source` is given out with what that needs.
 */
export async function inZone(
  { name, raw, instant, isText }: Times,
  zone: string,
  series: string | null,
  source: string,
  connection: DuckDBConnection,
): Promise<{ readonly source: string; readonly number: string; readonly notes: readonly Message[] } | null> {
  const hasOffset = isText ? `regexp_matches(${raw}, ${literal(offset)})` : 'false';
  const clock = `CASE WHEN NOT ${hasOffset} THEN timezone('UTC', CAST(${instant} AS TIMESTAMPTZ)) END`;
  const there = (local: string) => `timezone(${literal(zone)}, ${local})`;
  const [answer] = await query(
    connection,
    `SELECT count(*) FILTER (clock <> date_trunc('day', clock)) AS clocks, count(*) FILTER (${there(there('clock'))} <> clock) AS skipped FROM (SELECT ${clock} AS clock FROM ${source})`,
  );
  const { clocks, skipped } = answer ?? {};
  if (Number(clocks ?? 0) === 0) return null;
  const before = identifier(`unroll clock before ${name}`);
  const line = identifier(`unroll line ${name}`);
  const rows = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING';
  const numbered =
    series === null
      ? `(SELECT *, max(${clock}) OVER (${rows}) AS ${before} FROM ${source})`
      : `(SELECT *, max(${clock}) OVER (PARTITION BY ${identifier(series)} ORDER BY ${line} ${rows}) AS ${before} FROM (SELECT *, row_number() OVER () AS ${line} FROM ${source}) ORDER BY ${line})`;
  const hour = 'INTERVAL 1 HOUR';
  const earlier = `(${there(clock)} - ${hour})`;
  const first = `CASE WHEN ${there(earlier)} = ${clock} THEN ${earlier} ELSE ${there(clock)} END`;
  const second = `CASE WHEN ${there(`(${first}) + ${hour}`)} = ${clock} THEN (${first}) + ${hour} ELSE ${first} END`;
  const moment = `CASE WHEN ${hasOffset} THEN CAST(${instant} AS TIMESTAMPTZ) WHEN ${before} >= ${clock} THEN ${second} ELSE ${first} END`;
  const notes = [message('The times of {0} are read as those of clocks in {1}.', name, zone)];
  if (Number(skipped ?? 0) > 0) {
    notes.push(
      message(
        '{0} times of {1} are in an hour that clocks in {2} skip; they are read as an hour later.',
        Number(skipped),
        name,
        zone,
      ),
    );
  }
  return { source: numbered, number: `epoch_us(${moment}) / 1000.0`, notes };
}

/** How a time of day ends that says its offset. */
const offset = ':\\d{2}(\\.\\d+)?\\s*([zZ]|UTC|GMT|[+-]\\d{2}(:?\\d{2})?)\\s*$';
