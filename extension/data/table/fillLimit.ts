import { type Message, message } from '../../protocol/messages';
import type { TimedRows } from '../time/gaps';

/** Rows that are kept, with their times where they have any. */
type KeptRows = Pick<TimedRows, 'rows' | 'cuts'> & { readonly time: Float64Array | null };

/**
 * Leaves out the rows at which a column has had no value more than `limit` times in a row, and cuts where they were. What is missing in the
 * last so many rows before that may still be filled.
 */
export function cutLongRuns(
  columns: readonly { readonly values: Float64Array }[],
  { rows, time, cuts }: KeptRows,
  limit: number,
  notes: Message[],
): KeptRows {
  const isLeft = new Uint8Array(rows.length);
  // One column after the other: a long one is read from a file.
  for (const { values } of columns) {
    let run = 0;
    for (const [i, row] of rows.entries()) {
      run = Number.isNaN(values[row] ?? Number.NaN) ? run + 1 : 0;
      if (run > limit) isLeft[i] = 1;
    }
  }
  const kept = rows.filter((_, i) => isLeft[i] === 0);
  if (kept.length === rows.length) return { rows, time, cuts };
  notes.push(
    message(
      '{0} rows were left out where more than {1} values in a row are missing; no window reaches over such a place.',
      rows.length - kept.length,
      limit,
    ),
  );
  const before = new Set(cuts);
  const cutsOfKept: number[] = [];
  let isCut = false;
  let place = 0;
  for (let i = 0; i < rows.length; i++) {
    isCut ||= before.has(i) || isLeft[i] === 1;
    if (isLeft[i] === 1) continue;
    if (isCut && place > 0) cutsOfKept.push(place);
    isCut = false;
    place++;
  }
  return { rows: kept, time: time?.filter((_, i) => isLeft[i] === 0) ?? null, cuts: cutsOfKept };
}
