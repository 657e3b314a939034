import path from 'node:path';
import type { DataProfile, Reason } from '../protocol/data';
import type { Proposal } from '../protocol/engine';
import type { Draft, Experiment } from '../protocol/experiment';
import { message } from '../protocol/messages';
import { stepOf } from './calendar';
import { suitsAnchor, suitsLog } from './character';
import { findColumn, type RawSeries, readColumns } from './columns';
import {
  deviceDefaults,
  fewestWindows,
  horizonDefault,
  layerDefault,
  lookbackDefaults,
  splitDefaults,
  trainingDefaults,
} from './defaults';
import { parseDraft, parseExperiment } from './draft';
import { type Guess, guessTarget, guessTime } from './guess';
import { profileOf } from './profile';
import { findSeason } from './season';
import { assemble } from './series';
import { splitRows, windowsIn } from './split';
import { withTable } from './table';
import { prepare } from './windows';

/** Takes what the draft says, else a guess, and keeps the reason for every guess. */
class Chooser {
  readonly reasons: Reason[] = [];

  take<T>(choice: string, asked: T | undefined, guess: () => Guess<NoInfer<T>>): T {
    if (asked !== undefined) return asked;
    const { value, why } = guess();
    this.reasons.push({ choice, why });
    return value;
  }
}

/**
 * Makes every choice that a draft leaves open, from the data. `root` is the folder that `draft.data.path` is relative to. What is
 * guessed from values is guessed from the training part alone, and the data is prepared once to see that the whole can be trained.
 * @throws UnrollError `experiment` where the draft is wrong, `data` where the file cannot be used.
 */
export async function propose(root: string, draft: unknown): Promise<Proposal> {
  const asked = parseDraft(draft, path.basename(pathOf(draft)));
  const file = path.resolve(root, asked.data.path);
  return withTable(file, async (table) => {
    const profile = await profileOf(table);
    const chooser = new Chooser();
    const columns = chooseColumns(asked.data, profile, chooser);
    for (const name of [columns.target, ...columns.features]) findColumn(table, name);
    const raw = await readColumns(table, [columns.target, ...columns.features], columns.time);
    const experiment = parseExperiment(complete(asked, columns, raw, chooser), asked.data.path);
    prepare(assemble(raw, experiment.data.missing, experiment.data.split), experiment);
    return { experiment, profile, reasons: chooser.reasons };
  });
}

/** What the draft is called in an error, before it is known to be a draft. */
function pathOf(draft: unknown): string {
  const data = draft !== null && typeof draft === 'object' && 'data' in draft ? draft.data : null;
  const file = data !== null && typeof data === 'object' && 'path' in data ? data.path : null;
  return typeof file === 'string' && file !== '' ? file : 'the experiment';
}

type Columns = Pick<Experiment['data'], 'target' | 'time' | 'features'>;

function chooseColumns(asked: Draft['data'], profile: DataProfile, chooser: Chooser): Columns {
  const time = chooser.take('data.time', asked.time, () => guessTime(profile));
  const target = chooser.take('data.target', asked.target, () => guessTarget(profile));
  const others = profile.columns.filter(
    ({ name, kind }) => kind === 'number' && name !== target && name !== time,
  ).length;
  const features = chooser.take('data.features', asked.features, () => ({
    value: [],
    why:
      others === 0
        ? message('There is no other column of numbers.')
        : message('The past of {0} alone is a sound start; {1} more columns of numbers can be added.', target, others),
  }));
  return { time, target, features };
}

function complete(asked: Draft, columns: Columns, raw: RawSeries, chooser: Chooser): Experiment {
  const data = completeData(asked.data, columns, raw, chooser);
  const training = trainingRows(raw, data);
  const windows = windowsIn({ start: 0, end: training.length }, data.lookback, data.horizon);
  return {
    version: 1,
    name: asked.name ?? (path.parse(asked.data.path).name.trim().slice(0, 80) || columns.target.slice(0, 80)),
    task: 'forecast',
    data,
    model: {
      layers: chooser.take('model.layers', asked.model?.layers, () => ({
        value: [{ ...layerDefault }],
        why: message('One small layer is quick to train and a sound start.'),
      })),
      anchor: chooser.take('model.anchor', asked.model?.anchor, () =>
        suitsAnchor(training)
          ? { value: 'last', why: message('From row to row {0} moves less than it does about its mean.', data.target) }
          : { value: 'none', why: message('The last value of {0} says little about the next.', data.target) },
      ),
    },
    training: completeTraining(asked.training ?? {}, windows, chooser),
    device: {
      provider: asked.device?.provider ?? deviceDefaults.provider,
      threads: asked.device?.threads ?? deviceDefaults.threads,
    },
  };
}

function completeData(asked: Draft['data'], columns: Columns, raw: RawSeries, chooser: Chooser): Experiment['data'] {
  // A forecast knows the past only; a line to the next value would tell it a little of the future.
  const missing = chooser.take<Experiment['data']['missing']>('data.missing', asked.missing, () => ({
    value: 'forwardFill',
    why: message('A forecast knows only what came before.'),
  }));
  const { rows, time } = assemble(raw, missing, { validation: 0, test: 0 });
  const horizon = chooser.take('data.horizon', asked.horizon, () => ({
    value: horizonDefault,
    why: message('One row ahead is the easiest forecast to judge.'),
  }));
  const split = chooseSplit(asked, rows, horizon, chooser);
  const training = trainingRows(raw, { missing, split });
  const trainingTime = time === null ? null : time.subarray(0, training.length);
  const season = chooser.take('data.season', asked.season, () => guessSeason(training, trainingTime));
  const transform = chooser.take<Experiment['data']['transform']>('data.transform', asked.transform, () =>
    suitsLog(training, season)
      ? { value: 'log', why: message('{0} is positive and its spread grows with its level.', columns.target) }
      : {
          value: 'none',
          why: message('The spread of {0} does not grow with its level, or it is not always positive.', columns.target),
        },
  );
  return {
    path: asked.path,
    ...columns,
    missing,
    transform,
    scaler: chooser.take('data.scaler', asked.scaler, () => ({
      value: 'standard',
      why: message('Zero mean and unit deviation suit the cells.'),
    })),
    split,
    lookback: chooser.take('data.lookback', asked.lookback, () => guessLookback(season, horizon, split, rows)),
    horizon,
    season,
  };
}

/** The target's training rows under these choices. */
function trainingRows(raw: RawSeries, { missing, split }: Pick<Experiment['data'], 'missing' | 'split'>): Float64Array {
  const { rows, columns } = assemble(raw, missing, split);
  return columns[0]?.values.subarray(0, splitRows(rows, split).train.end) ?? new Float64Array();
}

function chooseSplit(
  asked: Draft['data'],
  rows: number,
  horizon: number,
  chooser: Chooser,
): Experiment['data']['split'] {
  const needed = (asked.lookback ?? lookbackDefaults.shortest) + horizon + fewestWindows - 1;
  const guess = (part: 'validation' | 'test', other: number): Guess<number> => {
    const { usual, most } = splitDefaults[part];
    const enough = Math.ceil((needed / rows) * 100) / 100;
    const room = Math.max(0, Math.floor((0.9 - other) * 100) / 100);
    const value = Math.min(Math.max(usual, Math.min(enough, most)), room);
    const why =
      part === 'test'
        ? message('The last rows are kept from every decision, so that the result is honest.')
        : message('The rows before the test choose the best epoch.');
    return { value, why };
  };
  const test = chooser.take('data.split.test', asked.split?.test, () => guess('test', asked.split?.validation ?? 0));
  const validation = chooser.take('data.split.validation', asked.split?.validation, () => guess('validation', test));
  return { validation, test };
}

function guessSeason(training: Float64Array, time: Float64Array | null): Guess<number | null> {
  const season = findSeason(training, time === null ? null : stepOf(time));
  if (season === null) return { value: null, why: message('The training part shows no season.') };
  const correlation = Number(season.correlation.toFixed(2));
  const why = season.calendar
    ? message('The calendar suggests {0} rows, and rows that far apart correlate by {1}.', season.rows, correlation)
    : message(
        'Rows {0} apart correlate by {1}, more than any nearer ones past the next trough.',
        season.rows,
        correlation,
      );
  return { value: season.rows, why };
}

function guessLookback(
  season: number | null,
  horizon: number,
  fractions: Experiment['data']['split'],
  rows: number,
): Guess<number> {
  const { shortest, usual, longest, perHorizon } = lookbackDefaults;
  const isShort = season !== null && season <= longest;
  const wanted = Math.max(isShort ? Math.ceil(shortest / season) * season : usual, perHorizon * horizon);
  const split = splitRows(rows, fractions);
  const lengths = Object.values(split).map(({ start, end }) => end - start);
  const room = Math.min(...lengths.filter((length) => length > 0)) - horizon - fewestWindows + 1;
  if (wanted > room) {
    return {
      value: Math.max(1, room),
      why: message('Each part must hold enough windows, which leaves room for no more.'),
    };
  }
  const why = isShort
    ? message('Whole seasons of {0} rows.', season)
    : message('Enough rows to see where the series is going.');
  return { value: wanted, why };
}

function completeTraining(
  asked: NonNullable<Draft['training']>,
  windows: number,
  chooser: Chooser,
): Experiment['training'] {
  const { batches, steps, fewestEpochs, mostEpochs, learningRate, momentum, clipNorm, seed } = trainingDefaults;
  const batch = chooser.take('training.batch', asked.batch, () => ({
    value: batches.find((entry) => windows <= entry.windows)?.batch ?? 32,
    why: message('Suits {0} training windows.', windows),
  }));
  const epochs = chooser.take('training.epochs', asked.epochs, () => {
    const wanted = Math.round(steps / Math.max(1, Math.ceil(windows / batch)));
    const value = Math.min(mostEpochs, Math.max(fewestEpochs, wanted));
    return { value, why: message('About as many optimiser steps as fit in a minute; the best epoch is kept.') };
  });
  const name = asked.optimizer?.name ?? 'adam';
  return {
    epochs,
    batch,
    optimizer: {
      name,
      learningRate: asked.optimizer?.learningRate ?? learningRate[name],
      momentum: asked.optimizer?.momentum ?? momentum,
    },
    clipNorm: asked.clipNorm === undefined ? clipNorm : asked.clipNorm,
    seed: asked.seed ?? seed,
  };
}
