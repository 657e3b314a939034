import type { DataProfile } from '../../protocol/data';
import { message } from '../../protocol/messages';
import type { Guess } from '../choices/chooser';
import { seriesDefaults as limits } from '../choices/defaults';
import { query } from '../table/database';
import type { Table } from '../table/table';

/**
 * The column that tells the series of a table apart: words or whole numbers that repeat, and within each of which a time stands once. Nothing is
 * to be said of a file without times, or in which each stands once: it is one series.
 */
export async function guessSeries(
  table: Table,
  { rows, columns }: DataProfile,
  time: string | null,
  target: string | undefined,
): Promise<Guess<string | null> | null> {
  const ordered = table.columns.find(({ name }) => name === time);
  if (ordered === undefined) return null;
  const repeats = `count(${ordered.raw}) - count(DISTINCT ${ordered.raw})`;
  const [counted] = await query(table.connection, `SELECT ${repeats} AS repeats FROM ${table.source}`);
  const { repeats: repeated } = counted ?? {};
  if (Number(repeated) <= limits.mostRepeats * rows) return null;
  const missing = new Map(columns.map((column) => [column.name, column.missing]));
  const candidates = table.columns
    .filter(({ name, kind }) => name !== time && name !== target && kind !== 'time' && missing.get(name) === 0)
    .slice(0, limits.mostColumns);
  if (candidates.length > 0) {
    const list = candidates.map(({ raw, kind }, i) => {
      const whole = kind === 'number' ? `bool_and(${raw} = floor(${raw}))` : 'true';
      return `count(DISTINCT ${raw}) AS d${i}, count(DISTINCT (${raw}, ${ordered.raw})) AS p${i}, ${whole} AS w${i}`;
    });
    const [answer] = await query(table.connection, `SELECT ${list.join(', ')} FROM ${table.source}`);
    const found = candidates
      .map(({ name, kind }, i) => ({
        name,
        kind,
        count: Number(answer?.[`d${i}`]),
        pairs: Number(answer?.[`p${i}`]),
        isWhole: answer?.[`w${i}`] === true,
      }))
      .filter(
        ({ count, pairs, isWhole }) =>
          isWhole && count > 1 && count * limits.fewestRows <= rows && pairs >= (1 - limits.mostRepeats) * rows,
      )
      .sort((a, b) => Number(a.kind === 'number') - Number(b.kind === 'number') || a.count - b.count);
    const [best] = found;
    if (best !== undefined) {
      return {
        value: best.name,
        why: message(
          'A time stands once for each of the {0} values of {1}, so each is a series.',
          best.count,
          best.name,
        ),
      };
    }
  }
  return { value: null, why: message('Times repeat, and no column alone tells series apart.') };
}
