import { existsSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../data/choices/propose';
import { UnrollError } from '../../protocol/errors';
import type { Draft } from '../../protocol/experiment';
import { readExperimentFile } from '../../runtime/runs/record';
import { rootOf, runsFolder } from '../../runtime/runs/runFolder';
import { Training } from '../../runtime/training/training';
import { type Call, type Command, textOption } from '../command';
import { follow } from '../follow';
import { trainOptions, withOptions } from '../trainOptions';
import { workerFile } from '../workerFile';

export const train: Command = {
  verb: 'train',
  synopsis: 'train <data | experiment.json> [options]',
  summary:
    'Trains a sequence model on a CSV, TSV, JSON lines or Parquet file, or on a text. Whatever is not said is chosen from the data;\n' +
    'an experiment file can say more than these options.\n' +
    'The run is written to .unroll/runs below the working folder, or below --out. Paths in an experiment file start from the\n' +
    'working folder, or for the file of a run from the folder that its .unroll lies in. Ctrl+C stops and leaves a checkpoint.',
  operands: { least: 1, most: 1 },
  options: trainOptions,
  run: (call) => runTrain(call),
};

/** Trains as a command line says and answers its exit status; `onRun` is told the run's folder. */
export async function runTrain(
  { options, operands: [operand = ''], cwd, output }: Call,
  onRun?: (dir: string) => void,
): Promise<number> {
  const given = path.resolve(cwd, operand);
  const { base, from } = given.toLowerCase().endsWith('.json') ? readBase(given, cwd) : { base: null, from: cwd };
  const file = path.resolve(from, base?.data.path ?? operand);
  const root = path.resolve(cwd, textOption(options, 'out') ?? '.');
  const draft = withOptions(base ?? { data: { path: operand } }, options);
  const data = { ...draft.data, path: path.relative(root, file) || '.' };
  const { experiment, reasons } = await propose(root, { ...draft, data });
  const notes = reasons.map(({ why }) => why);
  return follow(
    output,
    experiment.training.epochs,
    (listener, signal) => Training.start(workerFile, { root, experiment, notes }, listener, signal),
    onRun,
  );
}

/** The draft in an experiment file, and the folder that its data path starts from. */
function readBase(file: string, cwd: string): { base: Draft; from: string } {
  if (!existsSync(file)) throw new UnrollError('experiment', 'There is no experiment file {0}; check the path.', file);
  const run = path.dirname(file);
  const isOfRun = path.dirname(run) === runsFolder(rootOf(run));
  return { base: readExperimentFile(file), from: isOfRun ? rootOf(run) : cwd };
}
