import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { selectRows } from '../forecast/series';
import type { RawSeries } from '../table/columns';
import type { RawSequences } from './read';

type MissingRule = Experiment['data']['missing'];

/** The rows of a file in the order of its sequences. */
export interface RowOrder {
  /** Rows of the file. */
  readonly rows: Uint32Array;
  /** Where sequence `s` starts and ends among them: `starts[s]` (included) to `starts[s + 1]` (excluded). */
  readonly starts: Uint32Array;
  /** What the sequences are called; null where the file is one, to be cut into windows. */
  readonly names: readonly string[] | null;
  /** What was done to the rows, in words. */
  readonly notes: readonly Message[];
}

/**
 * Puts the rows in order: by time where there is one, and one sequence after the other, the one that appears first first.
 * Depends on which values are missing, never on how they are split.
 */
export function orderRows(read: RawSequences, missing: MissingRule): RowOrder {
  const { raw, target, series } = read;
  const notes: Message[] = [...raw.notes];
  if (series === null) {
    // A window needs a class to be of use, so the file starts and ends with one.
    const known = {
      name: target.name,
      values: Float64Array.from(target.codes, (code) => (code < 0 ? Number.NaN : code)),
    };
    const rows = selectRows({ ...raw, columns: [known, ...raw.columns] }, missing, notes);
    return { rows, starts: Uint32Array.of(0, rows.length), names: null, notes };
  }
  const named = new Uint32Array(series.codes.length)
    .map((_, row) => row)
    .filter((row) => (series.codes[row] ?? -1) >= 0);
  if (named.length < series.codes.length) {
    notes.push(
      message('{0} rows without a value of {1} were left out.', series.codes.length - named.length, series.name),
    );
  }
  const kept = keepComplete(raw, sortByTime(raw, named, notes), missing, notes);
  if (kept.length === 0) {
    throw new UnrollError(
      'data',
      'No row of {0} is left to learn from; choose fewer columns or another data.missing.',
      raw.file,
    );
  }
  return { ...gather(kept, series.codes, series.labels), notes };
}

function sortByTime({ time }: RawSeries, rows: Uint32Array, notes: Message[]): Uint32Array {
  if (time === null) return rows;
  const at = (row: number) => time[row] ?? Number.NaN;
  const timed = rows.filter((row) => !Number.isNaN(at(row)));
  if (timed.length < rows.length)
    notes.push(message('{0} rows without a time were left out.', rows.length - timed.length));
  return timed.sort((a, b) => at(a) - at(b) || a - b);
}

function keepComplete({ columns }: RawSeries, rows: Uint32Array, missing: MissingRule, notes: Message[]): Uint32Array {
  if (missing !== 'drop') return rows;
  let complete = rows;
  for (const { values } of columns) complete = complete.filter((row) => !Number.isNaN(values[row]));
  if (complete.length < rows.length) {
    notes.push(message('{0} rows with a missing value were left out.', rows.length - complete.length));
  }
  return complete;
}

/** Rows of one code together, the codes in the order of their first rows. */
function gather(rows: Uint32Array, codes: Int32Array, labels: readonly string[]): Omit<RowOrder, 'notes'> {
  const places = new Map<number, number>();
  const lengths: number[] = [];
  for (const row of rows) {
    const code = codes[row] ?? -1;
    const place = places.get(code) ?? places.size;
    places.set(code, place);
    lengths[place] = (lengths[place] ?? 0) + 1;
  }
  const starts = new Uint32Array(lengths.length + 1);
  for (const [place, length] of lengths.entries()) starts[place + 1] = (starts[place] ?? 0) + length;
  const next = starts.slice();
  const gathered = new Uint32Array(rows.length);
  for (const row of rows) {
    const place = places.get(codes[row] ?? -1) ?? 0;
    const at = next[place] ?? 0;
    gathered[at] = row;
    next[place] = at + 1;
  }
  return { rows: gathered, starts, names: [...places.keys()].map((code) => labels[code] ?? '') };
}
