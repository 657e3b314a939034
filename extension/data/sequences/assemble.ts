import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { complete, masked, noTrainingValue, pick, type SeriesColumn } from '../forecast/series';
import { parts, type RowRange, type Split, splitRows } from '../split';
import { deriveColumns } from '../streamed/columnFile';
import { countMissing, forwardFill, interpolate } from '../table/missing';
import type { Reading } from '../table/reading';
import type { RowOrder } from './order';
import type { RawSequences } from './read';
import type { Texts } from './texts';

type MissingRule = Experiment['data']['missing'];

/** A file's sequences, one after the other, with no value of a feature missing. */
export interface Sequences {
  readonly file: string;
  readonly fingerprint: string;
  /** See `order.ts`. */
  readonly starts: Uint32Array;
  readonly names: readonly string[] | null;
  /** The features in the experiment's order. */
  readonly columns: readonly SeriesColumn[];
  /** In the order of the rows. */
  readonly target: Texts;
  /** Of the rows, where the file is one sequence; else of the sequences. */
  readonly split: Split;
  /** The rows of the training part. */
  readonly training: RowRange;
  readonly notes: readonly Message[];
}

/** Orders and splits what was read and fills what is missing; no sequence and no part learns from a later one. */
export function assembleSequences(
  { raw, target }: RawSequences,
  { rows, starts, names, notes }: RowOrder,
  missing: MissingRule,
  fractions: Experiment['data']['split'],
  reading: Reading = {},
): Sequences {
  const split = splitRows(names === null ? rows.length : names.length, fractions);
  const training = names === null ? split.train : { start: 0, end: starts[split.train.end] ?? 0 };
  const ranges = parts.map((part) => split[part]);
  const filled = [...notes];
  const columns = deriveColumns(raw.columns, rows.length, reading, ({ name, values: all }) => {
    const values = pick(all, rows);
    if (names === null) return complete(raw.file, name, values, missing, ranges, filled);
    const count = countMissing(values);
    if (count > 0 && missing === 'mask') filled.push(masked(count, name));
    else if (count > 0) {
      fillSequences(values, starts, missing);
      if (!fillWithMean(values, training)) throw noTrainingValue(name, raw.file);
      filled.push(
        message('{0} missing values of {1} were filled from their own sequence, or by the mean of all.', count, name),
      );
    }
    return values;
  });
  const codes = new Int32Array(rows.length).map((_, row) => target.codes[rows[row] ?? 0] ?? -1);
  return {
    file: raw.file,
    fingerprint: raw.fingerprint,
    starts,
    names,
    columns,
    target: { ...target, codes },
    split,
    training,
    notes: filled,
  };
}

/** Fills each sequence from its own values; one that has none stays as it is. */
function fillSequences(values: Float64Array, starts: Uint32Array, missing: MissingRule): void {
  for (let sequence = 0; sequence + 1 < starts.length; sequence++) {
    const own = values.subarray(starts[sequence], starts[sequence + 1]);
    if (missing === 'interpolate') interpolate(own, [{ start: 0, end: own.length }]);
    else forwardFill(own);
    const first = own.findIndex((value) => !Number.isNaN(value));
    if (first > 0) own.fill(own[first] ?? Number.NaN, 0, first);
  }
}

/** Puts the mean of the training rows in place of what is still missing; false where they hold none. */
function fillWithMean(values: Float64Array, { start, end }: RowRange): boolean {
  if (countMissing(values) === 0) return true;
  let [sum, count] = [0, 0];
  for (const value of values.subarray(start, end)) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  if (count === 0) return false;
  values.forEach((value, row) => {
    if (Number.isNaN(value)) values[row] = sum / count;
  });
  return true;
}
