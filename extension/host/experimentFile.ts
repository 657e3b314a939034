import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { UnrollError } from '../protocol/errors';
import type { Draft } from '../protocol/experiment';

/** How experiment files end; the extension's JSON schema is bound to it. */
export const experimentSuffix = '.unroll.json';

/**
 * Writes `draft` beside its data, as `<data>.unroll.json` or, where another file has that name, with the next free number. A file
 * with the very same content is taken as it is. Returns the path.
 *
 * @param schema JSON schema of experiments; a copy is kept in `<root>/.unroll` so that the file checks in any editor.
 */
export async function writeExperimentFile(root: string, draft: Draft, schema: string): Promise<string> {
  const data = path.resolve(root, draft.data.path);
  // A workspace folder that is itself the data keeps the file, for nothing is written beside it.
  const folder = data === path.resolve(root) ? data : path.dirname(data);
  const schemaFile = path.join(root, '.unroll', 'experiment.schema.json');
  const $schema = slashes(relativeWithDot(folder, schemaFile));
  const text = `${JSON.stringify({ $schema, ...draft }, null, 2)}\n`;
  await keepSchema(schemaFile, schema);
  const stem = path.basename(data, path.extname(data));
  for (let number = 1; ; number++) {
    const file = path.join(folder, `${stem}${number === 1 ? '' : `-${number}`}${experimentSuffix}`);
    const present = await textOf(file);
    if (present === text) return file;
    if (present === null && (await create(file, text))) return file;
  }
}

/** Reads an experiment file; whether it makes sense is for the engine to say. */
export function parseExperimentFile(text: string, file: string): Draft {
  try {
    return JSON.parse(text) as Draft;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UnrollError('experiment', '{0} is not valid JSON ({1}); correct it, then train again.', file, why);
  }
}

/** What is shown of an experiment file: its data, and the choices that it makes. `root` is the folder that its paths are relative to. */
export function dataOfExperiment(
  root: string,
  written: unknown,
  file: string,
): { readonly path: string; readonly draft: Draft } {
  const draft = typeof written === 'object' && written !== null && !Array.isArray(written) ? written : null;
  const data: unknown = draft !== null && 'data' in draft ? draft.data : null;
  const where: unknown = typeof data === 'object' && data !== null && 'path' in data ? data.path : null;
  if (draft === null || typeof where !== 'string' || where === '') {
    throw new UnrollError('experiment', '{0} does not say where its data is; give its path as data.path.', file);
  }
  return { path: path.resolve(root, where), draft: draft as Draft };
}

/** The schema's copy follows the extension's version; where it is the same already, nothing is written. */
async function keepSchema(file: string, schema: string): Promise<void> {
  if ((await textOf(file)) === schema) return;
  await storing(file, async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, schema);
  });
}

/** Creates a file whole or not at all; false when somebody else created it first. */
async function create(file: string, text: string): Promise<boolean> {
  return storing(file, async () => {
    try {
      await writeFile(file, text, { flag: 'wx' });
      return true;
    } catch (error) {
      if (codeOf(error) === 'EEXIST') return false;
      if (codeOf(error) === 'ENOSPC') await rm(file, { force: true });
      throw error;
    }
  });
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null;
    throw storageError(file, error);
  }
}

async function storing<T>(file: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw storageError(file, error);
  }
}

function storageError(file: string, error: unknown): UnrollError {
  switch (codeOf(error)) {
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UnrollError(
        'storage',
        '{0} cannot be written because its folder is read-only; copy the data to a folder of your own.',
        file,
      );
    case 'ENOSPC':
    case 'EDQUOT':
      return new UnrollError(
        'storage',
        '{0} cannot be written because the disk is full; make room, then try again.',
        file,
      );
    default: {
      const why = error instanceof Error ? error.message : String(error);
      return new UnrollError('storage', '{0} cannot be used ({1}); check the folder, then try again.', file, why);
    }
  }
}

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error ? String(error.code) : undefined;

function relativeWithDot(from: string, to: string): string {
  const relative = path.relative(from, to);
  return relative.startsWith('.') && !relative.startsWith(`.unroll`) ? relative : `.${path.sep}${relative}`;
}

const slashes = (file: string): string => file.split(path.sep).join('/');
