import { findColumn } from '../table/columns';
import type { Table } from '../table/table';

/** A column read as text: each row points to one of its distinct values. */
export interface Texts {
  readonly name: string;
  /** The distinct values in order of first appearance. */
  readonly labels: readonly string[];
  /** One entry a row: the number of its value, or -1 where it is missing. */
  readonly codes: Int32Array;
}

/** Reads a column of any kind as text, in the order of the file. @throws UnrollError `data` where there is no such column. */
export async function readTexts(table: Table, name: string): Promise<Texts> {
  const { raw } = findColumn(table, name);
  const numbers = new Map<string, number>();
  const chunks: Int32Array[] = [];
  const result = await table.connection.stream(`SELECT CAST(${raw} AS VARCHAR) FROM ${table.source}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const vector = chunk.getColumnVector(0);
    const codes = new Int32Array(chunk.rowCount).fill(-1);
    for (let row = 0; row < chunk.rowCount; row++) {
      const text = vector.getItem(row);
      if (typeof text !== 'string' || text === '') continue;
      const known = numbers.get(text);
      codes[row] = known ?? numbers.size;
      if (known === undefined) numbers.set(text, numbers.size);
    }
    chunks.push(codes);
  }
  const codes = new Int32Array(chunks.reduce((rows, chunk) => rows + chunk.length, 0));
  let start = 0;
  for (const chunk of chunks) {
    codes.set(chunk, start);
    start += chunk.length;
  }
  return { name, labels: [...numbers.keys()], codes };
}
