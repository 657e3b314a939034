import { isTooMany, type Reading } from '../reading';
import { ScratchFile } from './scratchFile';

const float = Float32Array.BYTES_PER_ELEMENT;
/** Values that are turned from columns to rows at a time. */
const turnedAtOnce = 1 << 20;

/** The rows of a series as the model reads them, in 32 bits. */
export interface ScaledRows {
  /** Rows `first` to `first + count - 1`, `[count, columns]` row-major; to be read before the next call, and not to be written to. */
  rows(first: number, count: number): Float32Array;
  /** A whole column, of its own. */
  column(index: number): Float32Array;
}

/**
 * Makes rows of columns, in memory or, where they are too many values, in a file of which windows are read one by one. The system keeps
 * what it has memory for of that file. `scaled` gives a column of `rows` entries; it is asked for each once.
 */
export function scaledRows(
  rows: number,
  columns: number,
  reading: Reading,
  scaled: (column: number) => Float32Array,
): ScaledRows {
  return isTooMany(rows * columns, reading)
    ? rowsInFile(rows, columns, reading, scaled)
    : rowsInMemory(rows, columns, scaled);
}

function rowsInMemory(rows: number, columns: number, scaled: (column: number) => Float32Array): ScaledRows {
  const values = new Float32Array(rows * columns);
  for (let column = 0; column < columns; column++) interleave(scaled(column), values, column, columns);
  return {
    rows: (first, count) => values.subarray(first * columns, (first + count) * columns),
    column: (index) => Float32Array.from({ length: rows }, (_, row) => values[row * columns + index] ?? 0),
  };
}

function rowsInFile(
  rows: number,
  columns: number,
  reading: Reading,
  scaled: (column: number) => Float32Array,
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
    rows(first, count) {
      if (window.length !== count * columns) window = new Float32Array(count * columns);
      byRow.read(window, first * columns * float);
      return window;
    },
    column(index) {
      const values = new Float32Array(rows);
      byColumn.read(values, index * rows * float);
      return values;
    },
  };
}

/** Puts a column among the others of a block of rows. */
function interleave(values: Float32Array, block: Float32Array, column: number, columns: number): void {
  for (let row = 0, at = column; row < values.length; row++, at += columns) block[at] = values[row] ?? 0;
}
