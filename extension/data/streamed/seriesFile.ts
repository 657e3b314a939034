import type { Reading } from '../table/reading';
import type { Column } from './columnFile';
import { lastUpTo } from './lastUpTo';
import { ScratchFile } from './scratchFile';

const double = Float64Array.BYTES_PER_ELEMENT;

/** Columns of several series in a file, one series after the other. The column that was read last as a whole stays in memory. */
export class SeriesFile {
  /** Rows before each series, and of all at the end. */
  private readonly starts: number[] = [0];
  private readonly file: ScratchFile;
  private last: { readonly column: number; readonly values: Float64Array } | null = null;

  constructor(
    private readonly names: readonly string[],
    reading: Reading,
  ) {
    this.file = ScratchFile.make(reading);
  }

  /** Writes the columns of the next series, in the order of their names. */
  append(columns: readonly Column[], rows: number): void {
    const before = this.rows;
    for (const [index, column] of columns.entries()) {
      this.file.write(column.values, (before * this.names.length + index * rows) * double);
    }
    this.starts.push(before + rows);
    this.last = null;
  }

  /** The columns of all series, one after the other; each reads the file when it is asked for its values. */
  columns(): readonly Column[] {
    return this.names.map((name, index): Column => {
      const valuesOf = () => this.values(index);
      return {
        name,
        get values() {
          return valuesOf();
        },
        piece: (start, end) => this.piece(index, start, end),
      };
    });
  }

  private get rows(): number {
    return this.starts[this.starts.length - 1] ?? 0;
  }

  private values(column: number): Float64Array {
    if (this.last?.column === column) return this.last.values;
    this.last = null;
    const values = this.piece(column, 0, this.rows);
    this.last = { column, values };
    return values;
  }

  private piece(column: number, start: number, end: number): Float64Array {
    const values = new Float64Array(end - start);
    for (let s = lastUpTo(this.starts, start); s < this.starts.length - 1; s++) {
      const [first = 0, after = 0] = this.starts.slice(s, s + 2);
      if (first >= end) break;
      const [from, to] = [Math.max(first, start), Math.min(after, end)];
      const at = first * this.names.length + column * (after - first) + from - first;
      this.file.read(values.subarray(from - start, to - start), at * double);
    }
    return values;
  }
}
