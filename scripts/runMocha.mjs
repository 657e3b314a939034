// Runs built tests by mocha in a process of their own, as `npm run test:node` does.
import { spawn } from 'node:child_process';
import process from 'node:process';

/**
 * @param {string} pattern of built test files; none found is a failure
 * @param {NodeJS.ProcessEnv} [env] added to this process's
 * @returns {Promise<boolean>} whether all passed
 */
export function runMocha(pattern, env = {}) {
  const mocha = ['node_modules/mocha/bin/mocha.js', '--fail-zero', '--timeout', '180000', pattern];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, mocha, { env: { ...process.env, ...env }, stdio: 'inherit' });
    child.on('error', reject);
    child.on('close', (code) => resolve(code === 0));
  });
}
