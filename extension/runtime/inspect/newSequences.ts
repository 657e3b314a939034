import { type ScalerDescription, scaleValue } from '../../data/forecast/scaling';
import { loadHistory, type SeriesColumn } from '../../data/forecast/series';
import { loadSequenceHistory } from '../../data/sequences/history';
import { readingFor } from '../../data/table/tableForm';
import { UnrollError } from '../../protocol/errors';
import type { ModelMetadata } from '../export/metadata';

/** A stretch of a new sequence as a model reads it. */
export interface Excerpt {
  /** What the sequence is called; null where the file is one. */
  readonly series: string | null;
  /** Its first row, counted within the sequence. */
  readonly row: number;
  /** Real steps; what follows them is padding. */
  readonly length: number;
  /** Steps at its start that another excerpt answers too. */
  readonly answered: number;
  /** [steps, features], scaled, or tokens [steps]. */
  readonly x: Float32Array | Int32Array;
  /** [steps]: 1 for a step, 0 for padding. */
  readonly mask: Float32Array;
}

/**
 * The sequences of a file as a model reads them: of each its last steps, or `all` of a file that is one sequence.
 * @throws UnrollError `data` where a sequence is too short for a model that knows no padding.
 */
export async function excerptsOf(file: string, metadata: ModelMetadata, which: 'last' | 'all'): Promise<Excerpt[]> {
  const { columns: wanted, series, time, missing, scaler, lookback, masked } = metadata;
  const make = (
    columns: readonly SeriesColumn[],
    first: number,
    excerpt: Pick<Excerpt, 'series' | 'row' | 'length' | 'answered'>,
  ): Excerpt => ({
    ...excerpt,
    x: scaledWindow(columns, scaler, first, excerpt.length, lookback),
    mask: new Float32Array(lookback).fill(1, 0, excerpt.length),
  });
  if (series === null) {
    const { columns, rows } = await loadHistory(file, wanted, time, missing, readingFor(metadata));
    refuseShort(file, null, rows, lookback);
    const excerpts: Excerpt[] = [];
    for (let row = which === 'all' ? 0 : rows - lookback; row < rows; row += lookback) {
      // The last one reaches back over rows that are answered already.
      const first = Math.min(row, rows - lookback);
      excerpts.push(make(columns, first, { series: null, row: first, length: lookback, answered: row - first }));
    }
    return excerpts;
  }
  const { columns, names, starts } = await loadSequenceHistory(
    file,
    wanted,
    series,
    time,
    missing,
    readingFor(metadata),
  );
  return names.map((name, sequence) => {
    const [from = 0, to = 0] = starts.subarray(sequence, sequence + 2);
    if (!masked) refuseShort(file, name, to - from, lookback);
    const length = Math.min(lookback, to - from);
    return make(columns, to - length, { series: name, row: to - length - from, length, answered: 0 });
  });
}

/** What a model is fed, as its metadata says. */
export const shapeOf = ({ lookback, columns, known, vocabulary }: ModelMetadata) => ({
  steps: lookback,
  input:
    vocabulary !== null
      ? ({ kind: 'tokens', vocabulary: (vocabulary?.length ?? 0) + 1 } as const)
      : ({ kind: 'values', features: columns.length + known.length } as const),
});

/** Rows `first` and on as `[steps, features]`, scaled; steps that are not real are zero. */
export function scaledWindow(
  columns: readonly SeriesColumn[],
  scalers: readonly ScalerDescription[],
  first: number,
  length: number,
  steps: number,
): Float32Array {
  const window = new Float32Array(steps * columns.length);
  for (const [feature, { values }] of columns.entries()) {
    const scaler = scalers[feature];
    if (scaler === undefined) continue;
    for (let step = 0; step < length; step++) {
      window[step * columns.length + feature] = scaleValue(scaler, values[first + step] ?? Number.NaN);
    }
  }
  return window;
}

/** @throws UnrollError `data` where a file, or a sequence of it, has fewer rows than a model reads. */
export function refuseShort(file: string, series: string | null, rows: number, lookback: number): void {
  if (rows >= lookback) return;
  if (series === null) {
    throw new UnrollError(
      'data',
      '{0} has {1} rows and the model reads the last {2}; give it more of the past.',
      file,
      rows,
      lookback,
    );
  }
  throw new UnrollError(
    'data',
    'The sequence {0} in {1} has {2} rows and the model reads {3}; give it more rows.',
    series,
    file,
    rows,
    lookback,
  );
}
