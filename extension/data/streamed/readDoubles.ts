import type { DuckDBConnection } from '@duckdb/node-api';
import { isTooMany, type Reading } from '../table/reading';
import { type Column, ColumnFile } from './columnFile';

/** Rows that are written to a file at a time. */
const rowsAtOnce = 1 << 16;

/**
 * Reads a query that gives doubles, some rows at a time: `time` where the first of its columns is one, and a column for each name; NaN where
 * there is no value. Too many values to be held in memory go to a file as they come.
 * @param rows how many rows the query gives
 */
export async function readDoubles(
  connection: DuckDBConnection,
  sql: string,
  rows: number,
  names: readonly string[],
  hasTime: boolean,
  reading: Reading,
): Promise<{ readonly time: Float64Array | null; readonly columns: readonly Column[] }> {
  const file = isTooMany(rows * names.length, reading) ? ColumnFile.make(rows, reading) : null;
  const time = hasTime ? new Float64Array(rows).fill(Number.NaN) : null;
  // Without a file a block is a whole column.
  const blockRows = file === null ? rows : Math.min(rows, rowsAtOnce);
  const blocks = names.map((name) => ({ name, values: new Float64Array(blockRows).fill(Number.NaN) }));
  const keep = (first: number, count: number) => {
    blocks.forEach(({ values }, column) => {
      file?.write(column, first, values.subarray(0, count));
    });
  };
  const result = await connection.stream(sql);
  let [first, filled] = [0, 0];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    reading.signal?.throwIfAborted();
    const copy = (column: number, into: Float64Array, at: number, from: number, count: number) => {
      const vector = chunk.getColumnVector(column);
      for (let row = 0; row < count; row++) {
        const value = vector.getItem(from + row);
        into[at + row] = typeof value === 'number' ? value : Number.NaN;
      }
    };
    if (time !== null) copy(0, time, first + filled, 0, chunk.rowCount);
    for (let from = 0; from < chunk.rowCount; ) {
      const count = Math.min(chunk.rowCount - from, blockRows - filled);
      for (const [column, { values }] of blocks.entries()) {
        copy(hasTime ? column + 1 : column, values, filled, from, count);
      }
      from += count;
      filled += count;
      if (filled === blockRows && file !== null) {
        keep(first, filled);
        first += filled;
        filled = 0;
      } else if (count === 0) break;
    }
  }
  keep(first, filled);
  return { time, columns: file === null ? blocks : names.map((name, column) => file.column(column, name)) };
}
