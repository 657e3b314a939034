import type { Stretch } from '../several/stretches';
import type { ScalerDescription } from './scaling';

/**
 * The change of each row from the row before it, of its own series; 0 in the first row of a series, and after a gap that no window reaches over.
 */
export function changesIn(values: Float64Array, stretches: readonly Stretch[]): Float64Array {
  const changes = new Float64Array(values.length);
  for (const { rows, cuts } of stretches) {
    for (let row = rows.start + 1; row < rows.end; row++) {
      changes[row] = (values[row] ?? Number.NaN) - (values[row - 1] ?? Number.NaN);
    }
    for (const row of cuts) changes[row] = 0;
  }
  return changes;
}

/** Whether a column is read by its changes, and answers are changes from the last value that is known. */
export const isOfChanges = (scaler: Pick<ScalerDescription, 'transform'> | undefined): boolean =>
  scaler?.transform === 'difference';
