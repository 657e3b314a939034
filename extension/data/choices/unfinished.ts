import type { DataProfile } from '../../protocol/data';
import { message } from '../../protocol/messages';
import { query } from '../table/database';
import type { Table } from '../table/table';
import type { Guess } from './chooser';
import { unfinishedDefaults as limits } from './defaults';

/**
 * The one column of numbers that ends before the others, in every series: rows that have all but it ask what it will be. Null where there is no
 * such column, or more than one, or nothing that orders the rows.
 */
export async function guessUnfinished(
  { columns, connection, source }: Table,
  profile: DataProfile,
  time: string | null,
  series: string | null,
): Promise<Guess<string> | null> {
  const ordered = columns.find(({ name }) => name === time)?.number;
  const missing = new Map(profile.columns.map((column) => [column.name, column.missing]));
  const candidates = columns
    .filter(({ name, kind }) => kind === 'number' && name !== time && name !== series)
    .slice(0, limits.mostColumns);
  const known = candidates.filter(({ name }) => (missing.get(name) ?? 0) < profile.rows);
  // A table without a gap costs no look at its rows.
  if (!ordered || !known.some(({ name }) => (missing.get(name) ?? 0) > 0)) return null;
  const tells = columns.find(({ name }) => name === series)?.raw ?? null;
  const ends = known.map((_, i) => `max(t) FILTER (WHERE c${i} IS NOT NULL) AS l${i}`);
  const values = known.map(({ number }, i) => `${number} AS c${i}`);
  const early = known.map(
    (_, i) =>
      `bool_and(coalesce(l${i} < last AND last - l${i} <= ${limits.mostShare} * (last - first), false)) AS e${i}`,
  );
  const late = known.map((_, i) => `bool_and(coalesce(l${i} = last, false)) AS f${i}`);
  const rows = `SELECT ${ordered} AS t, ${tells ?? '0'} AS s, ${values.join(', ')} FROM ${source}`;
  const each = `SELECT min(t) AS first, max(t) AS last, ${ends.join(', ')} FROM (${rows}) WHERE t IS NOT NULL AND s IS NOT NULL GROUP BY s`;
  const [answer] = await query(connection, `SELECT ${[...early, ...late].join(', ')} FROM (${each})`);
  const unfinished = known.filter((_, i) => answer?.[`e${i}`] === true);
  const isBeside = known.some((_, i) => answer?.[`f${i}`] === true);
  const [found] = unfinished;
  if (found === undefined || unfinished.length > 1 || !isBeside) return null;
  return {
    value: found.name,
    why: message('{0} is the only column that ends before the others, so what it will be is asked for.', found.name),
  };
}
