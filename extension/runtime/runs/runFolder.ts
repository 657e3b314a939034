import { existsSync, mkdirSync, rmdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import { storageError } from './storage';

/** The files of a run, by what they are. */
export const runFiles = (dir: string) => ({
  experiment: path.join(dir, 'experiment.json'),
  metrics: path.join(dir, 'metrics.csv'),
  lags: path.join(dir, 'lags.jsonl'),
  model: path.join(dir, 'model.onnx'),
  predictions: path.join(dir, 'predictions.csv'),
  report: path.join(dir, 'report.json'),
  backtest: path.join(dir, 'backtest.json'),
  /** Where the origins of a backtest are trained. */
  backtestWork: path.join(dir, 'backtest'),
  failure: path.join(dir, 'failure.json'),
});

/** Where the runs of a workspace folder lie. */
export const runsFolder = (root: string) => path.join(root, '.unroll', 'runs');

/** The workspace folder that a run belongs to; paths in its experiment are relative to it. */
export const rootOf = (dir: string) => path.resolve(dir, '..', '..', '..');

/**
 * Makes the folder of a new run, `.unroll/runs/<yyyymmdd-hhmmss>-<name>` below `root`, and lets `fill` write the first files into it;
 * answers what that made. Where it fails, everything is taken away again.
 * @throws UnrollError `storage`.
 */
export function createRunFolder<T>(
  root: string,
  name: string,
  created: Date,
  fill: (dir: string) => T,
): { readonly dir: string; readonly made: T } {
  const parent = runsFolder(root);
  const parents: string[] = [];
  let dir = parent;
  try {
    makeFolders(parent, parents);
    dir = makeUnique(path.join(parent, `${timestamp(created)}-${slug(name)}`));
    return { dir, made: fill(dir) };
  } catch (error) {
    if (dir !== parent) rmSync(dir, { recursive: true, force: true });
    removeEmpty(parents);
    throw storageError(error, dir);
  }
}

/**
 * Checks that a path which came from elsewhere names a run, so that nothing outside a `.unroll/runs` is ever read or written.
 * @throws UnrollError `run`.
 */
export function checkRun(dir: string): string {
  const full = path.resolve(dir);
  const inRuns = path.dirname(full) === runsFolder(rootOf(full));
  if (!path.isAbsolute(dir) || !inRuns || !existsSync(runFiles(full).experiment)) {
    throw new UnrollError(
      'run',
      'There is no run at {0}; choose a folder in .unroll/runs that has an experiment.json.',
      dir,
    );
  }
  return full;
}

function makeUnique(wanted: string): string {
  for (let attempt = 1; ; attempt++) {
    const dir = attempt === 1 ? wanted : `${wanted}-${attempt}`;
    try {
      mkdirSync(dir);
      return dir;
    } catch (error) {
      if (!isExisting(error)) throw error;
    }
  }
}

/**
 * Makes a folder and what is missing above it, and adds what it made to `made`, outermost first. Node's own recursive mkdir names
 * another reason than the real one on a read-only file system, and never returns on some virtual ones.
 */
function makeFolders(folder: string, made: string[]): void {
  if (existsSync(folder)) return;
  const above = path.dirname(folder);
  if (above !== folder) makeFolders(above, made);
  try {
    mkdirSync(folder);
    made.push(folder);
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!isExisting(error)) throw storageError(error, folder);
  }
}

/** Removes folders, innermost first, as long as they are empty: somebody else may have begun to use them. */
function removeEmpty(folders: readonly string[]): void {
  try {
    for (const folder of folders.toReversed()) rmdirSync(folder);
  } catch {
    // Not empty any more.
  }
}

const isExisting = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'EEXIST';

/** Local time, as people name files. */
function timestamp(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${date.getFullYear()}${two(date.getMonth() + 1)}${two(date.getDate())}`;
  return `${day}-${two(date.getHours())}${two(date.getMinutes())}${two(date.getSeconds())}`;
}

/** A name that every file system takes. */
function slug(name: string): string {
  const plain = name
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 60);
  return plain === '' ? 'run' : plain;
}
