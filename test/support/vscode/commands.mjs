// Runs other programs quietly: their output is kept, and shown only in the error when they fail.
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

/**
 * Runs a program to its end and gives what it printed; rejects with its last lines when it fails or takes too long.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeoutMs?: number }} [options]
 * @returns {Promise<string>}
 */
export function runQuietly(program, args, { cwd = process.cwd(), env = process.env, timeoutMs = 20 * 60_000 } = {}) {
  // On Windows npm and npx are command scripts, which only a shell starts.
  const shell = process.platform === 'win32' && !path.isAbsolute(program);
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env, shell, timeout: timeoutMs, stdio: ['ignore', 'pipe', 'pipe'] });
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        printed += text;
      });
    }
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) resolve(printed);
      else reject(new Error(`'${program} ${args.join(' ')}' ended with ${code ?? signal}:\n${printed.slice(-4000)}`));
    });
  });
}

/**
 * The full path of a program on the PATH, as a shell would find it.
 * @param {string} name
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | undefined}
 */
export function findOnPath(name, env = process.env) {
  const { PATH = '', PATHEXT = '' } = env;
  const endings = process.platform === 'win32' ? PATHEXT.split(';') : [''];
  return PATH.split(path.delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => endings.map((ending) => path.join(folder, name + ending)))
    .find(isExecutable);
}

/** @param {string} file */
export function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
