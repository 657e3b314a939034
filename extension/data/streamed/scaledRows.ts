import type { RowRange } from '../split';
import { isTooMany, type Reading } from '../table/reading';
import { ScratchFile } from './scratchFile';

const float = Float32Array.BYTES_PER_ELEMENT;
/** Values that are turned from columns to rows at a time. */
const turnedAtOnce = 1 << 20;

/** The rows of a series as the model reads them, in 32 bits. */
export interface ScaledRows {
  /** Rows `first` to `first + count - 1`, `[count, columns]` row-major; to be read before the next call, and not to be written to. */
  rows(first: number, count: number): Float32Array;
  readonly columns: number;
  /** A column's values in some ranges of rows, one after the other; an array of its own. */
  column(index: number, ranges: readonly RowRange[]): Float32Array;
}

/**
 * Makes rows of columns, in memory or, where they are too many values, in a file of which windows are read one by one. The system keeps
 * what it has memory for of that file. `scaled` makes of a column the `rows` entries that the model reads; it is asked for each once.
 */
export function scaledRows<T>(
  rows: number,
  columns: readonly T[],
  reading: Reading,
  scaled: (column: T, index: number) => Float32Array,
): ScaledRows {
  const make = isTooMany(rows * columns.length, reading) ? rowsInFile : rowsInMemory;
  return make(rows, columns.length, (index) => scaled(columns[index] as T, index), reading);
}

function rowsInMemory(rows: number, columns: number, scaled: (column: number) => Float32Array): ScaledRows {
  const values = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) interleave(scaled(column), values, column, columns);
  return {
    columns,
    rows: (first, count) => values.subarray(first * columns, (first + count) * columns),
    column: (index, ranges) =>
      joined(ranges, (part, start) => {
        for (let row = 0; row < part.length; row++) part[row] = values[(start + row) * columns + index] ?? 0;
      }),
  };
}

function rowsInFile(
  rows: number,
  columns: number,
  scaled: (column: number) => Float32Array,
  reading: Reading,
): ScaledRows {
  const byColumn = ScratchFile.make(reading);
  const byRow = ScratchFile.make(reading);
  for (let column = 0; column < columns; column++) byColumn.write(scaled(column), column * rows * float);
  const atOnce = Math.max(1, Math.floor(turnedAtOnce / columns));
  for (let first = 0; first < rows; first += atOnce) {
    const count = Math.min(atOnce, rows - first);
    const block = new Float32Array(count * columns);
    const part = new Float32Array(count);
    for (let column = 0; column < columns; column++) {
      byColumn.read(part, (column * rows + first) * float);
      interleave(part, block, column, columns);
    }
    byRow.write(block, first * columns * float);
  }
  let window = new Float32Array(0);
  return {
    columns,
    rows(first, count) {
      if (window.length !== count * columns) window = new Float32Array(count * columns);
      byRow.read(window, first * columns * float);
      return window;
    },
    column: (index, ranges) => joined(ranges, (part, start) => byColumn.read(part, (index * rows + start) * float)),
  };
}

function joined(ranges: readonly RowRange[], fill: (part: Float32Array, start: number) => void): Float32Array {
  const values = new Float32Array(ranges.reduce((count, { start, end }) => count + end - start, 0));
  let at = 0;
  for (const { start, end } of ranges) {
    fill(values.subarray(at, at + end - start), start);
    at += end - start;
  }
  return values;
}

/** Puts a column among the others of a block of rows. */
function interleave(values: Float32Array, block: Float32Array, column: number, columns: number): void {
  for (let row = 0, at = column; row < values.length; row++, at += columns) block[at] = values[row] ?? 0;
}
