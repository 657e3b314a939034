import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A source file, by its path from the root of the project, with slashes on every platform. */
export interface Source {
  readonly path: string;
  readonly text: string;
}

/** Every file below `folder` whose path matches, sorted. Suites run with the project's root as the working directory. */
export function sourcesUnder(folder: string, pattern: RegExp): readonly Source[] {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join('/')))
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(name, 'utf8') }));
}
