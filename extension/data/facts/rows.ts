import type { ColumnKind } from '../../protocol/data';
import { query } from '../table/database';
import { isBinaryFormat } from '../table/scan';
import type { Table } from '../table/table';
import { factLimits as limits } from './limits';

/** A column of the rows that facts are taken of. */
export interface FactColumn {
  /** As the file calls it. */
  readonly name: string;
  readonly kind: ColumnKind;
  /** SQL of its value in `Rows.source`: a DOUBLE for numbers and times, else text; NULL where it is missing. */
  readonly value: string;
  readonly isNumber: boolean;
}

/** The rows of a table in the order that lines are drawn in. */
export interface Rows {
  readonly table: Table;
  readonly count: number;
  readonly columns: readonly FactColumn[];
  /** SQL to be put after FROM; its column `place` counts the rows from 0 in that order. */
  readonly source: string;
  /** Whether the rows are in memory; else each question reads the file. */
  readonly isHeld: boolean;
  /** Whether the order of time is another one than that of the file. */
  readonly sorted: boolean;
  /** The column whose times ascend with `place`; null where rows are drawn as they come. */
  readonly time: FactColumn | null;
}

/** Rows for the facts' questions, of the first columns alone; `time` names the column that orders them, where one does. */
export async function rowsOf(table: Table, time: string | null): Promise<Rows> {
  const { connection, scan } = table;
  const described = table.columns.slice(0, limits.columns);
  const columns = described.map(({ name, kind, number }, i): FactColumn => {
    return { name, kind, value: `c${i}`, isNumber: number !== null };
  });
  const values = described.map(({ raw, number }, i) =>
    number === null ? `nullif(CAST(${raw} AS VARCHAR), '') AS c${i}` : `CAST(${number} AS DOUBLE) AS c${i}`,
  );
  let source = `(SELECT ${[...values, 'row_number() OVER () - 1 AS line'].join(', ')} FROM ${table.source})`;
  // A Parquet file may hold far more than its bytes say, and is quickly read again.
  const isHeld = scan.bytes <= limits.heldBytes && !isBinaryFormat(table.file);
  if (isHeld) {
    await connection.run(`CREATE TEMP TABLE held AS SELECT * FROM ${source}`);
    source = 'held';
  }
  const by = time === null ? undefined : columns.find(({ name, isNumber }) => name === time && isNumber);
  // One thread reads the rows, so that a window without an order goes through them as they come.
  const asked =
    by === undefined
      ? `SELECT count(*) AS total, 0 AS backwards FROM ${source}`
      : `SELECT count(*) AS total, count(*) FILTER (moment < before) AS backwards FROM (SELECT ${by.value} AS moment, lag(${by.value}) OVER () AS before FROM ${source})`;
  const [answer] = await query(connection, asked);
  const { total, backwards: times } = answer ?? {};
  const count = Number(total ?? 0);
  const isAscending = Number(times ?? 0) === 0;
  const sorted = by !== undefined && !isAscending && count <= limits.sortedRows;
  const place = sorted ? `row_number() OVER (ORDER BY ${by.value} NULLS LAST, line) - 1` : 'line';
  return {
    table,
    count,
    columns,
    source: `(SELECT *, ${place} AS place FROM ${source})`,
    isHeld,
    sorted,
    time: by !== undefined && (isAscending || sorted) ? by : null,
  };
}
