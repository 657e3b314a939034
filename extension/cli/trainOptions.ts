import { layerDefault } from '../data/choices/defaults';
import { providerWishes } from '../protocol/devices';
import { UnrollError } from '../protocol/errors';
import {
  attentions,
  cellNames,
  type Draft,
  decimalMarks,
  gapRules,
  initNames,
  lossNames,
  missingRules,
  optimizerNames,
  poolings,
  resampleWays,
  scheduleNames,
  tasks,
} from '../protocol/experiment';
import {
  choiceOption,
  fractionOption,
  jsonOption,
  type Option,
  type Options,
  positiveOption,
  switchOption,
  textOption,
  wholeOption,
} from './command';

/** What the command line can say of an experiment; its file can say more. */
export const trainOptions: readonly Option[] = [
  { name: 'task', value: 'NAME', help: `What is learnt: ${tasks.join(', ')}.` },
  {
    name: 'target',
    value: 'COL',
    help: 'The column to forecast, or that holds the class, the transcript or the translation.',
  },
  { name: 'more-targets', value: 'A,B', help: 'Columns that are forecast together with the target.' },
  { name: 'features', value: 'A,B', help: 'Further columns that the model reads.' },
  { name: 'known', value: 'A,B', help: 'Columns whose values are known ahead, such as a calendar, in a forecast.' },
  { name: 'time', value: 'COL', help: 'The column that orders the rows.' },
  { name: 'series', value: 'COL', help: 'The column that tells sequences, or the series of a forecast, apart.' },
  {
    name: 'transform',
    value: 'NAME',
    help: 'What is done to the target of a forecast before scaling: none, log, difference.',
  },
  { name: 'scale-by', value: 'NAME', help: 'What a scaler is fitted on in a forecast of several series: all, series.' },
  { name: 'numbers', value: 'SIGN', help: 'Which sign stands before decimals in a text file: point or comma.' },
  { name: 'zone', value: 'ZONE', help: 'The time zone of clocks that say none, such as Europe/Berlin.' },
  {
    name: 'resample',
    value: 'EVERY:HOW',
    help: 'One row for each stretch of time, such as 1h:mean, 1d:sum or 1M:last.',
  },
  { name: 'gaps', value: 'RULE', help: `What becomes of gaps in time: ${gapRules.join(', ')}.` },
  {
    name: 'fill-limit',
    value: 'N',
    help: 'So many missing values in a row are filled; of more the rows are left out.',
  },
  { name: 'missing', value: 'RULE', help: `What stands for a missing value: ${missingRules.join(', ')}.` },
  { name: 'lookback', value: 'N', help: 'How many past rows or characters the model reads; with --series, at most.' },
  { name: 'horizon', value: 'N', help: 'How many future rows it forecasts.' },
  { name: 'cell', value: 'NAME', help: `The recurrent cell: ${cellNames.join(', ')}.` },
  { name: 'hidden', value: 'N', help: 'Units in the hidden state.' },
  { name: 'layers', value: 'N', help: 'Recurrent layers.' },
  { name: 'bidirectional', value: null, help: 'Layers read in both directions.' },
  { name: 'layer-norm', value: null, help: 'Layers normalise the sums inside their cells.' },
  { name: 'residual', value: null, help: 'Layers that give as much as they read add what they read.' },
  { name: 'pooling', value: 'NAME', help: `What the head reads: ${poolings.join(', ')}.` },
  { name: 'embedding', value: 'N', help: 'Numbers that stand for a character, or "none" for one-hot.' },
  { name: 'attention', value: 'NAME', help: `How a translator looks at its source: ${attentions.join(', ')}.` },
  { name: 'beam', value: 'N', help: 'Translations that are continued side by side.' },
  { name: 'init', value: 'NAME', help: `How weights start: ${initNames.join(', ')}.` },
  { name: 'dropout', value: 'P', help: 'Probability that an input of a layer is dropped.' },
  { name: 'recurrent-dropout', value: 'P', help: 'Probability that a unit of the state is dropped between steps.' },
  { name: 'variational', value: null, help: 'Drops the same inputs at all steps of a sequence.' },
  { name: 'epochs', value: 'N', help: 'Passes over the training data.' },
  { name: 'batch', value: 'N', help: 'Windows or sequences read side by side.' },
  { name: 'accumulate', value: 'N', help: 'Batches in one optimiser step.' },
  { name: 'truncate', value: 'N', help: 'Steps that gradients flow back through; the state is carried on. Or "none".' },
  { name: 'loss', value: 'NAME', help: `What is made small: ${lossNames.join(', ')}.` },
  { name: 'optimizer', value: 'NAME', help: `The update rule: ${optimizerNames.join(', ')}.` },
  { name: 'lr', value: 'X', help: 'Learning rate.' },
  { name: 'momentum', value: 'X', help: 'How much of the last step sgd and rmsprop keep.' },
  { name: 'weight-decay', value: 'X', help: 'How strongly weights are drawn to zero.' },
  { name: 'schedule', value: 'NAME', help: `How the rate changes: ${scheduleNames.join(', ')}.` },
  { name: 'warmup', value: 'N', help: 'Optimiser steps over which the rate rises from zero.' },
  { name: 'clip', value: 'X', help: 'Largest global norm of the gradient, or "none".' },
  { name: 'clip-value', value: 'X', help: 'Largest size of each number of the gradient, or "none".' },
  { name: 'early-stopping', value: 'N', help: 'Epochs without a better validation loss before the end, or "none".' },
  { name: 'seed', value: 'N', help: 'Seeds the weights, the dropped units and the order of the data.' },
  {
    name: 'provider',
    value: 'NAME',
    help: 'Where to compute: auto, cpu, cuda, or another that "unroll devices" shows.',
  },
  { name: 'threads', value: 'N', help: 'CPU threads; the same number gives the same bits.' },
  { name: 'out', value: 'DIR', help: 'The folder that gets .unroll/runs; the working folder by default.' },
  { name: 'name', value: 'NAME', help: 'Names the run.' },
  jsonOption,
];

/** What is said on the command line goes before what the file says. @throws UnrollError `usage`. */
export function withOptions(draft: Draft, options: Options): Draft {
  const features = textOption(options, 'features');
  const dropout = said({
    between: fractionOption(options, 'dropout'),
    recurrent: fractionOption(options, 'recurrent-dropout'),
    variational: switchOption(options, 'variational'),
  });
  const model = said({
    pooling: choiceOption(options, 'pooling', poolings),
    embedding: orNone(options, 'embedding', wholeOption),
    attention: choiceOption(options, 'attention', attentions),
    beam: wholeOption(options, 'beam'),
    init: choiceOption(options, 'init', initNames),
    dropout: isEmpty(dropout) ? undefined : { ...draft.model?.dropout, ...dropout },
  });
  return {
    ...draft,
    ...said({ name: textOption(options, 'name'), task: choiceOption(options, 'task', tasks) }),
    data: {
      ...draft.data,
      ...said({
        target: textOption(options, 'target'),
        time: textOption(options, 'time'),
        series: textOption(options, 'series'),
        transform: choiceOption(options, 'transform', ['none', 'log', 'difference'] as const),
        scaleBy: choiceOption(options, 'scale-by', ['all', 'series'] as const),
        moreTargets: namesIn(textOption(options, 'more-targets')),
        features: namesIn(features),
        known: namesIn(textOption(options, 'known')),
        numbers: choiceOption(options, 'numbers', decimalMarks),
        zone: textOption(options, 'zone'),
        resample: resampleOption(options),
        gaps: choiceOption(options, 'gaps', gapRules),
        fillLimit: wholeOption(options, 'fill-limit'),
        missing: choiceOption(options, 'missing', missingRules),
        lookback: wholeOption(options, 'lookback'),
        horizon: wholeOption(options, 'horizon'),
      }),
    },
    model: { ...draft.model, ...layersOf(draft, options), ...model },
    training: trainingOf(draft.training ?? {}, options),
    device: {
      ...draft.device,
      ...said({
        provider: choiceOption(options, 'provider', providerWishes),
        threads: wholeOption(options, 'threads'),
      }),
    },
  };
}

function trainingOf(training: NonNullable<Draft['training']>, options: Options): NonNullable<Draft['training']> {
  const optimizer = said({
    name: choiceOption(options, 'optimizer', optimizerNames),
    learningRate: positiveOption(options, 'lr'),
    momentum: fractionOption(options, 'momentum'),
    weightDecay: fractionOption(options, 'weight-decay'),
  });
  const schedule = said({
    name: choiceOption(options, 'schedule', scheduleNames),
    warmup: wholeOption(options, 'warmup', 0),
  });
  const loss = said({ name: choiceOption(options, 'loss', lossNames) });
  return {
    ...training,
    ...said({
      epochs: wholeOption(options, 'epochs'),
      batch: wholeOption(options, 'batch'),
      accumulate: wholeOption(options, 'accumulate'),
      truncate: orNone(options, 'truncate', wholeOption),
      earlyStopping: orNone(options, 'early-stopping', wholeOption),
      seed: wholeOption(options, 'seed', 0),
      clipNorm: orNone(options, 'clip', positiveOption),
      clipValue: orNone(options, 'clip-value', positiveOption),
      schedule: isEmpty(schedule) ? undefined : { ...training.schedule, ...schedule },
      loss: isEmpty(loss) ? undefined : { ...training.loss, ...loss },
      optimizer: isEmpty(optimizer) ? undefined : { ...training.optimizer, ...optimizer },
    }),
  };
}

/** Every layer is alike where the command line says how many there are or what they are made of. */
function layersOf(draft: Draft, options: Options): Pick<NonNullable<Draft['model']>, 'layers'> {
  const count = wholeOption(options, 'layers');
  const choices = said({
    cell: choiceOption(options, 'cell', cellNames),
    hidden: wholeOption(options, 'hidden'),
    bidirectional: switchOption(options, 'bidirectional'),
    layerNorm: switchOption(options, 'layer-norm'),
  });
  const residual = switchOption(options, 'residual');
  const given = draft.model?.layers;
  if (isEmpty(choices) && count === undefined && residual === undefined) {
    return given === undefined ? {} : { layers: given };
  }
  const first = { ...layerDefault, ...given?.[0], ...choices };
  const layers = Array.from({ length: count ?? given?.length ?? 1 }, () => ({ ...first }));
  // What the first layer reads is seldom as much as it gives.
  return { layers: residual === true ? layers.map((layer, n) => ({ ...layer, residual: n > 0 })) : layers };
}

/** A value, or null for the word "none". */
function orNone<T>(options: Options, name: string, read: (options: Options, name: string) => T): T | null {
  return textOption(options, name) === 'none' ? null : read(options, name);
}

const isEmpty = (entries: object) => Object.keys(entries).length === 0;

/** @throws UnrollError `usage` where the way is none. */
function resampleOption(options: Options): { every: string; by: (typeof resampleWays)[number] } | undefined {
  const text = textOption(options, 'resample');
  if (text === undefined) return undefined;
  const [every = '', way = 'mean'] = text.split(':');
  const by = resampleWays.find((name) => name === way);
  if (by !== undefined) return { every, by };
  throw new UnrollError(
    'usage',
    '--resample must end in one of {0}, such as 1h:mean, not "{1}".',
    resampleWays.join(', '),
    text,
  );
}

const namesIn = (list: string | undefined) => list?.split(',').map((name) => name.trim());

/** Without the entries that nobody gave. */
function said<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
