import { UnrollError } from '../../protocol/errors';
import { type Message, message } from '../../protocol/messages';
import type { TableForm } from '../table/tableForm';
import { rowsAfterGaps, stepOf, timesBetween } from './calendar';
import { timeText } from './timeText';

/** Rows of a file in the order of time, and their times; a row that no file has is {@link noRow}. */
export interface TimedRows {
  readonly rows: Uint32Array;
  readonly time: Float64Array;
  /** Where, among these rows, something new begins: no window reaches over it. */
  readonly cuts: readonly number[];
}

/** Stands for a row that was put in; none of its values is known. */
export const noRow = 0xffff_ffff;

/** At most so many rows are put in for each row that there is. */
const mostPutIn = 10;

/** Does with gaps what the rule says, and says what was done. @throws UnrollError `data` where far too many rows would be put in. */
export function settleGaps(
  file: string,
  rows: Uint32Array,
  time: Float64Array,
  rule: TableForm['gaps'],
  notes: Message[],
): TimedRows {
  const gaps = rowsAfterGaps(time);
  const [first] = gaps;
  if (first === undefined) return { rows, time, cuts: [] };
  const [from, to] = [timeText(time[first - 1] ?? 0), timeText(time[first] ?? 0)];
  if (rule === 'keep') {
    notes.push(
      message(
        '{0} steps in time are longer than usual, the first of them from {1} to {2}; rows are taken as equally far apart (data.gaps can fill them, or cut there).',
        gaps.length,
        from,
        to,
      ),
    );
    return { rows, time, cuts: [] };
  }
  if (rule === 'cut') {
    notes.push(
      message(
        '{0} steps in time are longer than usual, the first of them from {1} to {2}; no window reaches over one.',
        gaps.length,
        from,
        to,
      ),
    );
    return { rows, time, cuts: gaps };
  }
  const filled = fill(file, rows, time, gaps);
  notes.push(
    message(
      '{0} rows without values were put into {1} gaps in time, the first of them from {2} to {3}.',
      filled.rows.length - rows.length,
      gaps.length,
      from,
      to,
    ),
  );
  return filled;
}

function fill(file: string, rows: Uint32Array, time: Float64Array, gaps: readonly number[]): TimedRows {
  const step = stepOf(time);
  const most = mostPutIn * rows.length;
  const allRows: number[] = [];
  const allTimes: number[] = [];
  let next = 0;
  let putIn = 0;
  for (const [i, row] of rows.entries()) {
    const at = time[i] ?? 0;
    if (step !== null && gaps[next] === i) {
      next++;
      const lacking = timesBetween(time[i - 1] ?? at, at, step, most);
      putIn += lacking.length;
      if (putIn > most) {
        throw new UnrollError(
          'data',
          'To fill the gaps in time of {0} would take more than {1} rows for each that it has, the last of them before {2}; set data.gaps to "cut" or "keep".',
          file,
          mostPutIn,
          timeText(at),
        );
      }
      for (const moment of lacking) {
        allRows.push(noRow);
        allTimes.push(moment);
      }
    }
    allRows.push(row);
    allTimes.push(at);
  }
  return { rows: Uint32Array.from(allRows), time: Float64Array.from(allTimes), cuts: [] };
}
