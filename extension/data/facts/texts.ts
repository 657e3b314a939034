import type { Counted, TextFacts } from '../../protocol/facts';
import { query } from '../table/database';
import { binCount, binWidth } from './bins';
import { factLimits as limits, shortened } from './limits';
import { entriesOf } from './numbers';
import type { FactColumn, Rows } from './rows';

/** What the words of a column are: its most frequent values, and how long they are. */
export async function textFactsOf(rows: Rows, { kind, value }: FactColumn): Promise<TextFacts> {
  const { table, source, count } = rows;
  const counted = Math.min(count, limits.countedRows);
  const some = `(SELECT ${value} AS value FROM ${source} LIMIT ${counted})`;
  const [range] = await query(
    table.connection,
    `SELECT count(DISTINCT value) AS different, min(length(value)) AS shortest, max(length(value)) AS longest FROM ${some}`,
  );
  const { different, shortest, longest } = range ?? {};
  const top = await topOf(rows, some, limits.topValues);
  const facts = { counted, different: Number(different ?? 0), top };
  if (kind !== 'text' || shortest === null || shortest === undefined) return { ...facts, lengths: null };
  const [min, max] = [Number(shortest), Number(longest)];
  const width = binWidth(min, max, limits.bins);
  const [lengths] = await query(
    table.connection,
    `SELECT histogram(CAST((length(value) - ${min}) // ${width} AS INTEGER)) AS bins FROM ${some} WHERE value IS NOT NULL`,
  );
  const { bins } = lengths ?? {};
  const counts = new Array<number>(binCount(min, max, width)).fill(0);
  for (const [key, many] of entriesOf(bins)) counts[key] = many;
  return { ...facts, lengths: { min, max, width, counts } };
}

/** The most frequent values of the column `value` of `source`; of equally frequent ones the first by code point. */
export async function topOf({ table }: Rows, source: string, most: number): Promise<Counted[]> {
  const answers = await query(
    table.connection,
    `SELECT left(any_value(value), ${limits.text + 1}) AS value, count(*) AS many FROM ${source} WHERE value IS NOT NULL GROUP BY value ORDER BY many DESC, value LIMIT ${most}`,
  );
  return answers.map(({ value, many }) => ({ value: shortened(String(value)), count: Number(many) }));
}
