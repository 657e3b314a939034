import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const mark = 'UNROLL_TEST_ALONE';

/** Whether this process runs one test alone. */
export const isAlone = (): boolean => process.env[mark] === '1';

/**
 * Runs one test of a bundled suite in a process of its own, for figures of a process that the tests before it would change.
 * @throws Error with what that process printed where the test failed.
 */
export function runAlone(file: string, title: string): void {
  const mocha = path.resolve('node_modules', 'mocha', 'bin', 'mocha.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [mocha, '--fgrep', title, file], {
    env: { ...process.env, [mark]: '1' },
    encoding: 'utf8',
  });
  if (status !== 0 || !stdout.includes('1 passing')) throw new Error(`${stdout}${stderr}`);
}
