import type { Experiment } from '../../protocol/experiment';
import type { Stretch } from '../several/stretches';
import { type ScaledRows, scaledRows } from '../streamed/scaledRows';
import type { Reading } from '../table/reading';
import { changesIn } from './changes';
import { fitScaler, type ScalerDescription, scaleColumn } from './scaling';
import type { Series } from './series';

/** The columns of a forecast as the model reads them, and how they came to be so. */
export interface ScaledColumns {
  /** One a column, targets first; fitted on the training rows of all series together. */
  readonly scalers: readonly ScalerDescription[];
  /** The same for each series, fitted on its own training rows; null where all are scaled alike. */
  readonly ofSeries: readonly (readonly ScalerDescription[])[] | null;
  /** The scalers that a stretch is scaled by. */
  scalersOf(stretch: number): readonly ScalerDescription[];
  readonly scaled: ScaledRows;
}

type Choices = Pick<Experiment['data'], 'scaler' | 'transform' | 'scaleBy'>;

/** Fits scalers to training rows alone and scales every column by them; only targets are transformed. */
export function scaleColumns(
  { rows, columns, several, targets = 1 }: Series,
  stretches: readonly Stretch[],
  { scaler, transform, scaleBy }: Choices,
  reading: Reading = {},
): ScaledColumns {
  const isEach = several !== undefined && scaleBy === 'series';
  const scalers: ScalerDescription[] = [];
  const eachOf: (readonly ScalerDescription[])[] = [];
  // One column after the other: a long one is read from a file.
  const scaled = scaledRows(rows, columns, reading, ({ name, values: given }, column) => {
    const raw = column < targets && transform === 'difference' ? changesIn(given, stretches) : given;
    const fitOn = (of: readonly Stretch[]) =>
      fitScaler(name, trainingValues(raw, of), column < targets ? transform : 'none', scaler);
    const all = fitOn(stretches);
    scalers.push(all);
    if (!isEach) return scaleColumn(raw, all);
    const values = new Float32Array(rows);
    const each = stretches.map((stretch) => {
      const own = fitOn([stretch]);
      const { start, end } = stretch.rows;
      values.set(scaleColumn(raw.subarray(start, end), own), start);
      return own;
    });
    eachOf.push(each);
    return values;
  });
  const ofSeries = isEach ? stretches.map((_, s) => eachOf.flatMap((each) => each[s] ?? [])) : null;
  return {
    scalers,
    ofSeries,
    scalersOf: (stretch) => ofSeries?.[stretch] ?? scalers,
    scaled,
  };
}

/** The training rows of some stretches, one after the other. */
export function trainingValues(values: Float64Array, stretches: readonly Stretch[]): Float64Array {
  const ranges = stretches.map(({ split }) => split.train);
  const [only] = ranges;
  if (ranges.length === 1 && only !== undefined) return values.subarray(only.start, only.end);
  const all = new Float64Array(ranges.reduce((count, { start, end }) => count + end - start, 0));
  let at = 0;
  for (const { start, end } of ranges) {
    all.set(values.subarray(start, end), at);
    at += end - start;
  }
  return all;
}
