import { pick } from '../forecast/series';
import { type Column, ColumnFile } from '../streamed/columnFile';
import type { RawSeries } from '../table/columns';
import { isTooMany, type Reading } from '../table/reading';

/**
 * The columns of each series, of which `groups` holds the rows in the file: in memory, or where they are too many values in a file, from which a
 * series is read when it is asked for.
 */
export function groupedColumns(
  { columns }: RawSeries,
  groups: readonly Uint32Array[],
  reading: Reading,
): (series: number) => readonly Column[] {
  const rows = groups.reduce((count, own) => count + own.length, 0);
  if (!isTooMany(rows * columns.length, reading)) {
    // Each series takes its rows of every column, so a column that is in a file is read from there once.
    const whole = columns.map(({ name, values }) => ({ name, values }));
    return (series) =>
      whole.map(({ name, values }) => ({ name, values: pick(values, groups[series] ?? new Uint32Array()) }));
  }
  const file = ColumnFile.make(rows, reading);
  const starts = new Uint32Array(groups.length + 1);
  for (const [series, own] of groups.entries()) starts[series + 1] = (starts[series] ?? 0) + own.length;
  const order = new Uint32Array(rows);
  for (const [series, own] of groups.entries()) order.set(own, starts[series]);
  for (const [index, { values }] of columns.entries()) file.write(index, 0, pick(values, order));
  return (series) =>
    columns.map(({ name }, index) => ({
      name,
      get values() {
        return file.piece(index, starts[series] ?? 0, starts[series + 1] ?? 0);
      },
    }));
}
