import { existsSync } from 'node:fs';
import path from 'node:path';
import { layerDefault } from '../../data/defaults';
import { propose } from '../../data/propose';
import { providerWishes } from '../../protocol/devices';
import { UnrollError } from '../../protocol/errors';
import { cellNames, type Draft } from '../../protocol/experiment';
import { readExperimentFile } from '../../runtime/runs/record';
import { rootOf, runsFolder } from '../../runtime/runs/runFolder';
import { Training } from '../../runtime/training/training';
import {
  type Call,
  type Command,
  choiceOption,
  jsonOption,
  type Options,
  positiveOption,
  textOption,
  wholeOption,
} from '../command';
import { follow } from '../follow';
import { workerFile } from '../workerFile';

export const train: Command = {
  verb: 'train',
  synopsis: 'train <data | experiment.json> [options]',
  summary:
    'Trains a model to forecast a column of a CSV, TSV, JSON lines or Parquet file. Whatever is not said is chosen from the data.\n' +
    'The run is written to .unroll/runs below the working folder, or below --out. Paths in an experiment file start from the\n' +
    'working folder, or for the file of a run from the folder that its .unroll lies in. Ctrl+C stops and leaves a checkpoint.',
  operands: { least: 1, most: 1 },
  options: [
    { name: 'task', value: 'forecast', help: 'What is learnt: the next values of a series.' },
    { name: 'target', value: 'COL', help: 'The column to forecast.' },
    { name: 'features', value: 'A,B', help: 'Further columns that the model reads.' },
    { name: 'time', value: 'COL', help: 'The column that orders the rows.' },
    { name: 'cell', value: 'NAME', help: `The recurrent cell: ${cellNames.join(', ')}.` },
    { name: 'hidden', value: 'N', help: 'Units in the hidden state.' },
    { name: 'layers', value: 'N', help: 'Recurrent layers.' },
    { name: 'lookback', value: 'N', help: 'How many past rows the model reads.' },
    { name: 'horizon', value: 'N', help: 'How many future rows it forecasts.' },
    { name: 'epochs', value: 'N', help: 'Passes over the training windows.' },
    { name: 'batch', value: 'N', help: 'Windows in one optimiser step.' },
    { name: 'lr', value: 'X', help: 'Learning rate.' },
    { name: 'optimizer', value: 'NAME', help: 'adam or sgd.' },
    { name: 'clip', value: 'X', help: 'Largest global norm of the gradient, or "none".' },
    { name: 'seed', value: 'N', help: 'Seeds the initial weights and the order of the windows.' },
    {
      name: 'provider',
      value: 'NAME',
      help: 'Where to compute: auto, cpu, cuda, or another that "unroll devices" shows.',
    },
    { name: 'threads', value: 'N', help: 'CPU threads; the same number gives the same bits.' },
    { name: 'out', value: 'DIR', help: 'The folder that gets .unroll/runs; the working folder by default.' },
    { name: 'name', value: 'NAME', help: 'Names the run.' },
    jsonOption,
  ],
  run: runTrain,
};

async function runTrain({ options, operands: [operand = ''], cwd, output }: Call): Promise<number> {
  choiceOption(options, 'task', ['forecast']);
  const given = path.resolve(cwd, operand);
  const { base, from } = given.toLowerCase().endsWith('.json') ? readBase(given, cwd) : { base: null, from: cwd };
  const file = path.resolve(from, base?.data.path ?? operand);
  const root = path.resolve(cwd, textOption(options, 'out') ?? '.');
  const draft = withOptions(base ?? { data: { path: operand } }, options);
  const data = { ...draft.data, path: path.relative(root, file) || '.' };
  const { experiment, reasons } = await propose(root, { ...draft, data });
  const notes = reasons.map(({ why }) => why);
  return follow(output, experiment.training.epochs, (listener) =>
    Training.start(workerFile, { root, experiment, notes }, listener),
  );
}

/** The draft in an experiment file, and the folder that its data path starts from. */
function readBase(file: string, cwd: string): { base: Draft; from: string } {
  if (!existsSync(file)) throw new UnrollError('experiment', 'There is no experiment file {0}; check the path.', file);
  const run = path.dirname(file);
  const isOfRun = path.dirname(run) === runsFolder(rootOf(run));
  return { base: readExperimentFile(file), from: isOfRun ? rootOf(run) : cwd };
}

/** What is said on the command line goes before what the file says. */
function withOptions(draft: Draft, options: Options): Draft {
  const features = textOption(options, 'features');
  const clip = textOption(options, 'clip');
  const optimizer = {
    ...draft.training?.optimizer,
    ...said({
      name: choiceOption(options, 'optimizer', ['adam', 'sgd']),
      learningRate: positiveOption(options, 'lr'),
    }),
  };
  const training = {
    ...draft.training,
    ...said({
      epochs: wholeOption(options, 'epochs'),
      batch: wholeOption(options, 'batch'),
      seed: wholeOption(options, 'seed', 0),
      clipNorm: clip === 'none' ? null : positiveOption(options, 'clip'),
    }),
    optimizer,
  };
  return {
    ...draft,
    ...said({ name: textOption(options, 'name') }),
    data: {
      ...draft.data,
      ...said({
        target: textOption(options, 'target'),
        time: textOption(options, 'time'),
        features: features?.split(',').map((name) => name.trim()),
        lookback: wholeOption(options, 'lookback'),
        horizon: wholeOption(options, 'horizon'),
      }),
    },
    model: { ...draft.model, ...layersOf(draft, options) },
    training,
    device: {
      ...draft.device,
      ...said({
        provider: choiceOption(options, 'provider', providerWishes),
        threads: wholeOption(options, 'threads'),
      }),
    },
  };
}

/** Every layer is alike where the command line says anything about layers. */
function layersOf(draft: Draft, options: Options): Pick<NonNullable<Draft['model']>, 'layers'> {
  const cell = choiceOption(options, 'cell', cellNames);
  const hidden = wholeOption(options, 'hidden');
  const count = wholeOption(options, 'layers');
  const given = draft.model?.layers;
  if (cell === undefined && hidden === undefined && count === undefined)
    return given === undefined ? {} : { layers: given };
  const first = { ...layerDefault, ...given?.[0], ...said({ cell, hidden }) };
  return { layers: Array.from({ length: count ?? given?.length ?? 1 }, () => ({ ...first })) };
}

/** Without the entries that nobody gave. */
function said<T extends object>(entries: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(entries).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
