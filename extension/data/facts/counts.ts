import type { Experiment } from '../../protocol/experiment';
import type { ClassFacts, LengthFacts } from '../../protocol/facts';
import { query } from '../table/database';
import { binCount, binWidth } from './bins';
import { factLimits as limits, shortened } from './limits';
import { entriesOf } from './numbers';
import type { Rows } from './rows';
import { topOf } from './texts';

const columnOf = ({ columns }: Rows, name: string) => columns.find((column) => column.name === name);

/** How often each class of the target stands; null where the target is no class. */
export async function classesOf(rows: Rows, { task, data }: Experiment): Promise<ClassFacts | null> {
  const target = columnOf(rows, data.target);
  if ((task !== 'classify' && task !== 'label') || target === undefined) return null;
  const tagged = task === 'label' && data.text !== null && data.series === null;
  const series = task === 'classify' && data.series !== null ? columnOf(rows, data.series) : undefined;
  // A class that is a whole number is called so, though numbers are held with a fraction.
  const text = `CAST(${target.value} AS VARCHAR)`;
  const isWhole = `${target.value} = floor(${target.value}) AND abs(${target.value}) < 1e15`;
  const value = target.isNumber
    ? `CASE WHEN ${isWhole} THEN CAST(CAST(${target.value} AS BIGINT) AS VARCHAR) ELSE ${text} END AS value`
    : `${text} AS value`;
  // A sequence that says its class in every row has it once.
  const source = tagged
    ? `(SELECT unnest(string_split_regex(trim(${target.value}), '\\s+')) AS value FROM ${rows.source})`
    : series === undefined
      ? `(SELECT ${value} FROM ${rows.source})`
      : `(SELECT DISTINCT ${value}, ${series.value} AS series FROM ${rows.source} WHERE ${series.value} IS NOT NULL)`;
  const top = await topOf(rows, source, limits.topClasses);
  const [all] = await query(
    rows.table.connection,
    `SELECT count(DISTINCT value) AS different, count(value) AS present FROM ${source}`,
  );
  const { different, present } = all ?? {};
  return {
    target: shortened(target.name),
    of: series === undefined ? 'rows' : 'sequences',
    top,
    more: Number(different ?? 0) - top.length,
    moreCount: Number(present ?? 0) - top.reduce((sum, { count }) => sum + count, 0),
    parts: null,
  };
}

/** How many rows the sequences have that a column tells apart; nothing where none does. */
export async function sequenceLengthsOf(rows: Rows, { data }: Experiment): Promise<LengthFacts[]> {
  const series = data.series === null ? undefined : columnOf(rows, data.series);
  if (series === undefined) return [];
  const { connection } = rows.table;
  const source = `(SELECT count(*) AS length FROM ${rows.source} WHERE ${series.value} IS NOT NULL GROUP BY ${series.value})`;
  const [found] = await query(
    connection,
    `SELECT count(*) AS items, min(length) AS shortest, max(length) AS longest, avg(length) AS mean FROM ${source}`,
  );
  const { items, shortest, longest, mean } = found ?? {};
  if (Number(items ?? 0) === 0) return [];
  const [min, max] = [Number(shortest), Number(longest)];
  const width = binWidth(min, max, limits.bins);
  const [binned] = await query(
    connection,
    `SELECT histogram(CAST((length - ${min}) // ${width} AS INTEGER)) AS bins FROM ${source}`,
  );
  const { bins } = binned ?? {};
  const counts = new Array<number>(binCount(min, max, width)).fill(0);
  for (const [key, many] of entriesOf(bins)) counts[key] = many;
  return [
    {
      of: 'sequences',
      series: shortened(series.name),
      items: Number(items),
      shortest: min,
      longest: max,
      mean: Number(mean),
      bins: { min, max, width, counts },
    },
  ];
}
