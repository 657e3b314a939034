import { UnrollError } from '../../protocol/errors';
import { message } from '../../protocol/messages';
import { identifier, literal, query } from '../table/database';
import type { Table } from '../table/table';

/** How long a stretch is, as the experiment writes it: a count and a unit. */
const units: Readonly<Record<string, string>> = {
  min: 'minute',
  h: 'hour',
  d: 'day',
  w: 'week',
  M: 'month',
  y: 'year',
};

/**
 * The table with one row for each stretch of time in which it has any, and each series; its time is where the stretch begins. Numbers become
 * the mean, the sum or the last of those that are not missing, anything else the last. Days and longer stretches begin at midnight of the
 * zone, weeks on Monday, and are written as days.
 * @throws UnrollError `experiment` where there is no time to go by.
 */
export async function resampled(table: Table, time: string | null, series: string | null): Promise<Table> {
  const { resample, zone, connection, columns } = table;
  if (resample === null) return table;
  const by = columns.find(({ name, kind }) => name === time && kind === 'time');
  if (by === undefined) {
    throw new UnrollError(
      'experiment',
      'data.resample needs a column of times as data.time, and {0} is read without one; name it, or set data.resample to null.',
      table.file,
    );
  }
  const [, count = '1', unit = 'd'] = /^(\d+)(.*)$/.exec(resample.every) ?? [];
  const isOfDays = unit !== 'min' && unit !== 'h';
  const moment = 'to_timestamp(moment / 1000.0)';
  const clock = `timezone(${literal(isOfDays && zone !== null && (await hasClocks(table, by.number ?? '')) ? zone : 'UTC')}, ${moment})`;
  const stretch = `epoch_us(time_bucket(INTERVAL '${count} ${units[unit] ?? 'day'}', ${clock})) / 1000.0`;
  const others = columns.filter(({ name }) => name !== time && name !== series);
  const values = others.map(({ number, raw }, i) => `${number ?? raw} AS v${i}`);
  const key = series === null ? null : columns.find(({ name }) => name === series);
  const inner = [`${by.number} AS moment`, ...(key == null ? [] : [`${key.raw} AS s`]), ...values].join(', ');
  const made = others.map(({ name, number }, i) => {
    const last = `arg_max(v${i}, moment)`;
    const whole = resample.by === 'mean' ? `avg(v${i})` : resample.by === 'sum' ? `sum(v${i})` : last;
    return `${number === null ? last : whole} AS ${identifier(name)}`;
  });
  const group = key == null ? '1' : '1, 2';
  const list = [
    `${stretch} AS ${identifier(by.name)}`,
    ...(key == null ? [] : [`s AS ${identifier(key.name)}`]),
    ...made,
  ].join(', ');
  const source = `(SELECT ${list} FROM (SELECT ${inner} FROM ${table.source}) WHERE moment IS NOT NULL GROUP BY ${group} ORDER BY ${group})`;
  const [answer] = await query(
    connection,
    `SELECT (SELECT count(*) FROM ${table.source}) AS before, (SELECT count(*) FROM ${source}) AS after`,
  );
  const { before, after } = answer ?? {};
  const note = message(
    '{0} rows became {1}, one for each {2} that has any, by the {3} of its values; the first and the last may lack some.',
    Number(before ?? 0),
    Number(after ?? 0),
    resample.every,
    resample.by,
  );
  return {
    ...table,
    source,
    resample: null,
    columns: columns.map(({ name, kind, number }) => {
      const raw = identifier(name);
      return { name, kind, raw, number: number === null ? null : raw };
    }),
    notes: [...table.notes, note],
  };
}

/** Days that are written as days are the same days in every zone. */
async function hasClocks({ connection, source }: Table, moment: string): Promise<boolean> {
  const [found] = await query(connection, `SELECT 1 AS found FROM ${source} WHERE ${moment} % 86400000 <> 0 LIMIT 1`);
  return found !== undefined;
}
