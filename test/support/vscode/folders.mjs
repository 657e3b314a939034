// Where things are, for everything that starts a VS Code. Found from the working folder, because the tests that share this are bundled elsewhere.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/** The nearest folder at or above the working folder whose package.json is this extension's. */
export function repositoryRoot() {
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    if (packageName(folder) === 'unroll') return folder;
    if (folder === path.dirname(folder))
      throw new Error('Run this from within the checkout: no package.json of it is above.');
  }
}

/** Where the VS Code server and the memory of refused downloads live: `UNROLL_VSCODE_HOST`, else `.vscode-host/`, ignored by git. */
export function cacheFolder() {
  const { UNROLL_VSCODE_HOST } = process.env;
  return UNROLL_VSCODE_HOST ? path.resolve(UNROLL_VSCODE_HOST) : path.join(repositoryRoot(), '.vscode-host');
}

/** Whether somebody wants to look at what is tested: `UNROLL_PICTURES` is set. Pictures take a tenth of the time, and no test compares them. */
export const picturesWanted = () => Boolean(process.env['UNROLL_PICTURES']);

/** Where screenshots go. */
export function outputFolder() {
  return path.join(repositoryRoot(), 'test', 'output');
}

/** @param {string} folder */
function packageName(folder) {
  try {
    return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')).name;
  } catch {
    return undefined;
  }
}
