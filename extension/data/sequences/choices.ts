import type { DataProfile } from '../../protocol/data';
import type { CheckedDraft, Experiment, Task } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { type ColumnChoices, guessLookback } from '../choices/dataChoices';
import { fewestWindows, horizonDefault, lookbackDefaults } from '../choices/defaults';
import { guessClasses, guessFeatures, guessTime } from '../choices/guess';
import { chooseSplit } from '../choices/splitChoice';
import { windowsIn } from '../split';
import type { Reading } from '../table/reading';
import { formOf } from '../table/tableForm';
import { assembleSequences, type Sequences } from './assemble';
import { orderRows, type RowOrder } from './order';
import { tiledPieces } from './pieces';
import type { RawSequences } from './read';

type DataDraft = CheckedDraft['data'];

/** Which columns sequences with a class or a transcript are read from. */
export function chooseSequenceColumns(asked: DataDraft, profile: DataProfile, chooser: Chooser): ColumnChoices {
  const series = asked.series ?? null;
  const time = chooser.take('data.time', asked.time, () => guessTime(profile));
  const target = chooser.take('data.target', asked.target, () => guessClasses(profile, [time, series]));
  const features = chooser.take('data.features', asked.features, () => guessFeatures(profile, [time, series, target]));
  return { time, series, target, features };
}

/** The data's choices once the columns are read, and the sequences that they make. */
export function chooseSequenceData(
  asked: DataDraft,
  columns: ColumnChoices,
  read: RawSequences,
  chooser: Chooser,
  reading: Reading = {},
): { readonly data: Experiment['data']; readonly sequences: Sequences } {
  const missing = chooser.take<Experiment['data']['missing']>('data.missing', asked.missing, () => ({
    value: 'forwardFill',
    why: message('The last value seen is the best guess without a look ahead.'),
  }));
  const order = orderRows(read, missing);
  const isOne = order.names === null;
  const needed = isOne ? (asked.lookback ?? lookbackDefaults.shortest) + fewestWindows - 1 : 1;
  const units = order.names?.length ?? order.rows.length;
  const split = chooseSplit(asked.split, units, needed, chooser, wholeSplitReasons);
  const lookback = chooser.take('data.lookback', asked.lookback, () => {
    if (isOne) return guessLookback(null, 0, split, order.rows.length);
    const value = longestOf(order);
    return { value, why: message('The longest sequence has {0} rows.', value) };
  });
  const scaler = chooser.take<Experiment['data']['scaler']>('data.scaler', asked.scaler, () => ({
    value: 'standard',
    why: message('Zero mean and unit deviation suit the cells.'),
  }));
  const data: Experiment['data'] = {
    path: asked.path,
    ...columns,
    text: null,
    sound: null,
    missing,
    transform: asked.transform ?? 'none',
    scaler,
    moreTargets: [],
    known: [],
    scaleBy: 'all',
    split,
    lookback,
    horizon: asked.horizon ?? horizonDefault,
    embargo: asked.embargo ?? null,
    ...formOf(asked),
    season: asked.season ?? null,
  };
  return { data, sequences: assembleSequences(read, order, missing, split, reading) };
}

/** Why the end of any data but a forecast's is kept. */
export const wholeSplitReasons = {
  test: message('The last part of the data is kept from every decision, so that the result is honest.'),
  validation: message('The part before the test chooses the best epoch.'),
};

function longestOf({ starts }: RowOrder): number {
  return starts.reduce((longest, start, i) => Math.max(longest, start - (starts[i - 1] ?? 0)), 1);
}

/** About how many sequences training has; what they answer is not looked at. */
export function countTraining(task: Task, { names, split }: Sequences, lookback: number): number {
  if (names !== null) return split.train.end;
  return task === 'label' ? tiledPieces(split.train, lookback).first.length : windowsIn(split.train, lookback, 0);
}
