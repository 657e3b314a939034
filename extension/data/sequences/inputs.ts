import type { DataShape } from '../../core/model/spec';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import type { Batch } from '../batch';
import { fitScaler, type ScalerDescription, scaleColumn } from '../forecast/scaling';
import { parts, type RowRange } from '../split';
import { scaledRows } from '../streamed/scaledRows';
import type { Reading } from '../table/reading';
import type { Sequences } from './assemble';
import type { Pieces } from './pieces';

/** What the model reads of sequences, whatever it is to answer. */
export interface Inputs<P extends Pieces> {
  readonly pieces: Readonly<Record<Part, P>>;
  readonly shape: Pick<DataShape, 'steps' | 'input' | 'masked'>;
  readonly columns: readonly string[];
  readonly scalers: readonly ScalerDescription[];
  /** Clears a batch and writes the inputs and the mask of the pieces. */
  fill(part: Part, indices: ArrayLike<number>, used: number, batch: number, into: Batch): void;
}

/** Scales the features by the training part and cuts the parts into pieces. @throws UnrollError `data` where a part gets none. */
export function prepareInputs<P extends Pieces>(
  { columns, starts, training, split }: Sequences,
  { data }: Experiment,
  reading: Reading,
  cut: (range: RowRange) => P,
): Inputs<P> {
  const scalers: ScalerDescription[] = [];
  const scaled = scaledRows(starts[starts.length - 1] ?? 0, columns, reading, ({ name, values }) => {
    const scaler = fitScaler(name, values.subarray(training.start, training.end), 'none', data.scaler);
    scalers.push(scaler);
    return scaleColumn(values, scaler);
  });
  const pieces = { train: cut(split.train), validation: cut(split.validation), test: cut(split.test) };
  refuseEmptyParts(pieces, data);
  const lengths = parts.flatMap((part) => [...new Set(pieces[part].length)]);
  const steps = Math.max(...lengths);
  const features = columns.length;
  return {
    pieces,
    shape: { steps, input: { kind: 'values', features }, masked: new Set(lengths).size > 1 },
    columns: columns.map(({ name }) => name),
    scalers,
    fill(part, indices, used, batch, into) {
      into.x.fill(0);
      into.y.fill(0);
      into.weight.fill(0);
      into.mask?.fill(0);
      const { first, length } = pieces[part];
      for (let item = 0; item < used; item++) {
        const row = first[indices[item] ?? 0] ?? 0;
        const rows = length[indices[item] ?? 0] ?? 0;
        const values = scaled.rows(row, rows);
        for (let from = 0, at = item; from < rows * features; from++, at += batch) into.x[at] = values[from] ?? 0;
        if (into.mask !== undefined) for (let step = 0; step < rows; step++) into.mask[step * batch + item] = 1;
      }
    },
  };
}

/** Every part that the experiment asks for must hold at least one sequence. */
export function refuseEmptyParts(
  pieces: Readonly<Record<Part, Pick<Pieces, 'first'>>>,
  data: Experiment['data'],
): void {
  const isShort = parts.some((part) => pieces[part].first.length === 0 && (part === 'train' || data.split[part] > 0));
  if (!isShort) return;
  throw new UnrollError(
    'data',
    '{0} gives {1} sequences to training, {2} to validation and {3} to the test, and each needs at least one; use more data, a shorter lookback (now {4}) or another split.',
    data.path,
    pieces.train.first.length,
    pieces.validation.first.length,
    pieces.test.first.length,
    data.lookback,
  );
}

/** What a person must know of how sequences were cut out of a file. */
export function notesOnSequences({ starts, names, target }: Sequences, longest: number, unknown: number): Message[] {
  if (names === null) return [];
  const notes: Message[] = [];
  const long = names.filter((_, sequence) => (starts[sequence + 1] ?? 0) - (starts[sequence] ?? 0) > longest).length;
  if (long > 0)
    notes.push(message('{0} sequences have more than {1} rows; of these the last {1} are read.', long, longest));
  if (unknown > 0) notes.push(message('{0} sequences without a value of {1} were left out.', unknown, target.name));
  return notes;
}
