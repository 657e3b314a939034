import { isTooMany, type Reading } from '../table/reading';
import { ScratchFile } from './scratchFile';

const double = Float64Array.BYTES_PER_ELEMENT;

/** A column whose values are in memory, or are read from a file each time that somebody asks for them: whoever needs them twice keeps them. */
export interface Column {
  readonly name: string;
  /** One entry a row. Not to be written to. */
  readonly values: Float64Array;
  /** Rows `start` (included) to `end` (excluded), without reading the others; where left out they are in memory. */
  readonly piece?: (start: number, end: number) => Float64Array;
}

/** Rows `start` (included) to `end` (excluded) of a column. Not to be written to. */
export const pieceOf = (column: Column, start: number, end: number): Float64Array =>
  column.piece?.(start, end) ?? column.values.subarray(start, end);

/** Columns of equal length in a file, one after the other. The one that was read last stays in memory. */
export class ColumnFile {
  private last: { readonly column: number; readonly values: Float64Array } | null = null;

  private constructor(
    private readonly file: ScratchFile,
    readonly rows: number,
  ) {}

  static make(rows: number, reading: Reading): ColumnFile {
    return new ColumnFile(ScratchFile.make(reading), rows);
  }

  /** Writes values of a column from a row on. */
  write(column: number, row: number, values: Float64Array): void {
    this.file.write(values, (column * this.rows + row) * double);
    if (this.last?.column === column) this.last = null;
  }

  /** A whole column. */
  values(column: number): Float64Array {
    if (this.last?.column === column) return this.last.values;
    // The old one is let go first, so that the two are not there at once.
    this.last = null;
    const values = new Float64Array(this.rows);
    this.file.read(values, column * this.rows * double);
    this.last = { column, values };
    return values;
  }

  /** Rows `start` (included) to `end` (excluded) of a column. */
  piece(column: number, start: number, end: number): Float64Array {
    if (this.last?.column === column) return this.last.values.subarray(start, end);
    const values = new Float64Array(end - start);
    this.file.read(values, (column * this.rows + start) * double);
    return values;
  }

  /** A column under a name; it reads the file when it is asked for its values. */
  column(index: number, name: string): Column {
    const valuesOf = () => this.values(index);
    return {
      name,
      get values() {
        return valuesOf();
      },
      piece: (start, end) => this.piece(index, start, end),
    };
  }

  close(): void {
    this.last = null;
    this.file.close();
  }
}

/**
 * Columns made of other columns, one after the other: so many values that they are not held in memory are in a file again. `make` gives an
 * array of `rows` entries of its own.
 */
export function deriveColumns(
  columns: readonly Column[],
  rows: number,
  reading: Reading,
  make: (column: Column) => Float64Array,
): readonly Column[] {
  if (!isTooMany(rows * columns.length, reading)) {
    return columns.map((column) => ({ name: column.name, values: make(column) }));
  }
  const file = ColumnFile.make(rows, reading);
  columns.forEach((column, index) => {
    file.write(index, 0, make(column));
  });
  return columns.map(({ name }, index) => file.column(index, name));
}
