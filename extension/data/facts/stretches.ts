import { query } from '../table/database';
import { factLimits as limits } from './limits';
import type { Rows } from './rows';

/** A table's columns in stretches of rows that follow each other. */
export interface Stretches {
  /** First row of each stretch. */
  readonly at: readonly number[];
  /** First time of each; null where nothing orders the rows. */
  readonly times: readonly (number | null)[] | null;
  /** By the column's SQL. */
  readonly lines: ReadonlyMap<string, Line>;
  readonly missing: ReadonlyMap<string, Missing>;
  /** In how many stretches missing values are told. */
  readonly buckets: number;
}

interface Line {
  readonly low: readonly (number | null)[];
  /** Null where each stretch is one row. */
  readonly high: readonly (number | null)[] | null;
}

interface Missing {
  readonly count: number;
  /** Part of the rows of each bucket; null where none is missing. */
  readonly shares: readonly number[] | null;
}

/** Goes through all rows once, and keeps of each stretch the lowest and the highest value and how many are missing. */
export async function stretchesOf({ table, source, columns, count, time }: Rows): Promise<Stretches> {
  const numbers = columns.filter(({ kind }) => kind === 'number');
  const most = Math.floor(limits.allStretches / 2 / Math.max(1, numbers.length));
  const wanted = Math.max(limits.fewestStretches, Math.min(limits.stretches, most));
  const stretches = count <= 2 * wanted ? count : wanted;
  const isExact = stretches === count;
  const each = columns.map(({ kind, value }, i) => {
    const range =
      kind !== 'number'
        ? ''
        : isExact
          ? `, min(${value}) AS low${i}`
          : `, min(${value}) AS low${i}, max(${value}) AS high${i}`;
    return `count(*) - count(${value}) AS missing${i}${range}`;
  });
  const first = time === null ? '' : `min(${time.value}) AS earliest, `;
  const answers = await query(
    table.connection,
    `SELECT (place * ${stretches}) // ${count} AS stretch, ${first}${each.join(', ')} FROM ${source} GROUP BY ALL ORDER BY stretch`,
  );
  const numberOf = (value: unknown) => (typeof value === 'number' ? value : null);
  const of = (name: string) => answers.map((answer) => numberOf(answer[name]));
  const lines = columns.flatMap(({ kind, value }, i): [string, Line][] =>
    kind === 'number' ? [[value, { low: of(`low${i}`), high: isExact ? null : of(`high${i}`) }]] : [],
  );
  const buckets = Math.min(limits.missingBuckets, stretches);
  const startOf = (stretch: number) => Math.ceil((stretch * count) / stretches);
  const missing = columns.map(({ value }, i): [string, Missing] => {
    const counts = new Array<number>(buckets).fill(0);
    const sizes = new Array<number>(buckets).fill(0);
    for (const [stretch, answer] of answers.entries()) {
      const bucket = Math.floor((stretch * buckets) / stretches);
      counts[bucket] = (counts[bucket] ?? 0) + Number(answer[`missing${i}`] ?? 0);
      sizes[bucket] = (sizes[bucket] ?? 0) + startOf(stretch + 1) - startOf(stretch);
    }
    const total = counts.reduce((sum, part) => sum + part, 0);
    const shares = total === 0 ? null : counts.map((part, bucket) => part / Math.max(1, sizes[bucket] ?? 1));
    return [value, { count: total, shares }];
  });
  return {
    at: answers.map((_, stretch) => startOf(stretch)),
    times: time === null ? null : of('earliest'),
    lines: new Map(lines),
    missing: new Map(missing),
    buckets,
  };
}
