import { fitScaler, scaleValue } from '../../data/forecast/scaling';
import { loadHistory, type Series, type SeriesColumn } from '../../data/forecast/series';
import { firstNumberColumns } from '../../data/table/numberColumns';
import { readingFor } from '../../data/table/tableForm';
import { UnrollError } from '../../protocol/errors';
import type { TraceSignal } from '../../protocol/trace';
import type { ModelMetadata } from '../export/metadata';
import { asRead, historyOf, scalersFor } from './newSeries';

/** A window of a table's rows, as a model reads it and as the table has it. */
export interface RowWindow {
  /** [steps][features], as the model reads it. */
  readonly values: Float64Array;
  readonly steps: number;
  /** In the units of the table, a signal a column. */
  readonly columns: readonly TraceSignal[];
  /** Milliseconds since 1970, or null. */
  readonly time: readonly number[] | null;
}

/** Which rows of which file: `steps` of them from `row` on. */
export interface RowWish {
  readonly file: string;
  readonly row: number;
  readonly steps: number;
  /** Whether fewer rows will do. */
  readonly fewer: boolean;
  /** Whether the columns of a foreign model are given mean 0 and deviation 1 first. */
  readonly standardised: boolean;
}

/**
 * Rows of a table for a model that reads `features` numbers a step. A model of ours says which columns it reads and how they are scaled;
 * for any other the first columns of numbers are taken as they are, or standardised over the whole file.
 * @throws UnrollError `data` where the file has too few rows or columns.
 */
export async function rowInputs(wish: RowWish, features: number, metadata: ModelMetadata | null): Promise<RowWindow> {
  const { file, row, steps, fewer, standardised } = wish;
  const names = metadata?.columns ?? (await firstNumberColumns(file, features));
  const history =
    metadata?.task === 'forecast'
      ? await historyOf(file, metadata, false)
      : await loadHistory(
          file,
          names,
          metadata?.time ?? null,
          metadata?.missing ?? 'interpolate',
          metadata === null ? {} : readingFor(metadata),
        );
  const { rows, columns, time } = history;
  const read = metadata?.task === 'forecast' ? asRead(history, metadata).columns : columns;
  const count = fewer ? Math.min(steps, rows - row) : steps;
  if (row + count > rows || count < 1) throw outside(file, rows, row, steps);
  const scalers =
    (metadata === null ? undefined : scalersAt({ ...history, columns: read }, row, metadata)) ??
    read.map(({ name, values }) => fitScaler(name, values, 'none', standardised ? 'standard' : 'none'));
  const values = new Float64Array(count * read.length);
  for (const [feature, column] of read.entries()) {
    const scaler = scalers[feature];
    for (let step = 0; step < count; step++) {
      const value = column.values[row + step] ?? Number.NaN;
      values[step * read.length + feature] = scaler === undefined ? value : scaleValue(scaler, value);
    }
  }
  return {
    values,
    steps: count,
    columns: columns.map((column) => signalOf(column, row, count)),
    time: time === null ? null : Array.from(time.subarray(row, row + count)),
  };
}

/** How the series that a row lies in is scaled. */
function scalersAt(history: Series, row: number, metadata: ModelMetadata) {
  const { several } = history;
  if (several === undefined || metadata.task !== 'forecast') return metadata.scaler;
  const s = several.starts.findLastIndex((start) => start <= row);
  const [start = 0, end = 0] = several.starts.subarray(s, s + 2);
  return scalersFor(several.names[s] ?? '', history, start, end, metadata);
}

const outside = (file: string, rows: number, row: number, steps: number) =>
  new UnrollError(
    'data',
    '{0} has {1} rows, so there are no {2} of them from row {3} on; choose an earlier row or fewer steps.',
    file,
    rows,
    steps,
    row + 1,
  );

const signalOf = ({ name, values }: SeriesColumn, from: number, count: number): TraceSignal => ({
  name,
  range: 'value',
  units: 1,
  values: Float32Array.from(values.subarray(from, from + count)),
});
