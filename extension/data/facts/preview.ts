import type { Preview } from '../../protocol/facts';
import { query } from '../table/database';
import type { Table } from '../table/table';
import { factLimits as limits, shortened } from './limits';

/** The first and the last rows of a table, as they stand in the file. */
export async function previewOf({ connection, columns, source }: Table, rows: number): Promise<Preview> {
  const shown = columns.slice(0, limits.previewColumns);
  const values = shown.map(({ raw }, i) => `left(CAST(${raw} AS VARCHAR), ${limits.text + 1}) AS v${i}`).join(', ');
  const textsOf = (answers: readonly Record<string, unknown>[]) =>
    answers.map((answer) =>
      shown.map((_, i) => {
        const value = answer[`v${i}`];
        return typeof value === 'string' ? shortened(value) : null;
      }),
    );
  const head = await query(connection, `SELECT ${values} FROM ${source} LIMIT ${limits.headRows}`);
  const first = Math.max(limits.headRows, rows - limits.tailRows);
  const numbered = `SELECT ${values}, row_number() OVER () AS line FROM ${source}`;
  const tail =
    rows <= limits.headRows
      ? []
      : await query(connection, `SELECT * EXCLUDE (line) FROM (${numbered}) WHERE line > ${first} ORDER BY line`);
  return { names: shown.map(({ name }) => shortened(name)), head: textsOf(head), tail: textsOf(tail) };
}
