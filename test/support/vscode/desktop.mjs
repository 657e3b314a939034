// Desktop VS Code, where it can be had: a display to show it on, and a download that is not refused.
import path from 'node:path';
import process from 'node:process';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { repositoryRoot } from './folders.mjs';
import { rememberRefusal, wasRefused } from './refusals.mjs';

/**
 * Whether a window can be shown. Only Linux machines are commonly without a screen.
 * @param {NodeJS.Platform} [platform]
 * @param {NodeJS.ProcessEnv} [env]
 */
export function hasDisplay(platform = process.platform, env = process.env) {
  const { DISPLAY, WAYLAND_DISPLAY } = env;
  return platform !== 'linux' || Boolean(DISPLAY || WAYLAND_DISPLAY);
}

/**
 * @typedef {{ kind: 'desktop', executable: string } | { kind: 'none', why: string }} Desktop
 */

/**
 * Downloads desktop VS Code into `.vscode-test/`, or finds it there. A refusal costs at most some seconds, and is remembered for a day.
 * @returns {Promise<Desktop>}
 */
export async function findDesktop() {
  if (!hasDisplay()) return { kind: 'none', why: 'this machine has no display' };
  if (wasRefused('desktop')) return { kind: 'none', why: 'its download was refused within the last day' };
  try {
    const cachePath = path.join(repositoryRoot(), '.vscode-test');
    return {
      kind: 'desktop',
      executable: await downloadAndUnzipVSCode({ version: 'stable', cachePath, timeout: 5000 }),
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    rememberRefusal('desktop', why);
    return { kind: 'none', why: `its download was refused (${why})` };
  }
}
