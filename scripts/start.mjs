// The second half of `npm start`: opens a VS Code with this extension on samples/. With --check it says what it would open, tries that
// this is there, and ends.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { findOnPath, runQuietly } from '../test/support/vscode/commands.mjs';
import { findDesktop, hasDisplay } from '../test/support/vscode/desktop.mjs';
import { answers, startServer } from '../test/support/vscode/server.mjs';

const root = path.dirname(import.meta.dirname);
process.chdir(root);
const samples = path.join(root, 'samples');
const onlyCheck = process.argv.includes('--check');

const code = hasDisplay() ? findOnPath('code') : undefined;
if (code) {
  await openDesktop(code, `'code' is on the PATH (${code})`);
} else {
  const desktop = await findDesktop();
  if (desktop.kind === 'desktop')
    await openDesktop(desktop.executable, "there is no 'code' on the PATH, so VS Code was downloaded");
  else await serve(`no desktop VS Code can be opened: ${desktop.why}`);
}

/**
 * @param {string} executable
 * @param {string} why
 */
async function openDesktop(executable, why) {
  console.log(`Opening samples/ in desktop VS Code, because ${why}.`);
  if (onlyCheck) {
    console.log(
      `VS Code ${(await runQuietly(executable, ['--version'], { timeoutMs: 30_000 })).split('\n')[0]} is there.`,
    );
    return;
  }
  // VS Code refuses to run as root unless it is told both of these.
  const profile = process.getuid?.() === 0 ? mkdtempSync(path.join(tmpdir(), 'unroll-profile-')) : undefined;
  const asRoot = profile ? ['--no-sandbox', '--user-data-dir', profile] : [];
  const child = spawn(executable, [`--extensionDevelopmentPath=${root}`, ...asRoot, samples], {
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  const status = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  process.exitCode = Number(status ?? 1);
  // 'code' returns while its window stays open, and the profile is the window's; the downloaded one returns when it closes.
  if (profile && !code) rmSync(profile, { recursive: true, force: true });
}

/** @param {string} why */
async function serve(why) {
  const server = await startServer({
    extension: root,
    settings: { 'workbench.colorTheme': 'Dark Modern', 'workbench.welcomePage.walkthroughs.openOnInstall': true },
  });
  const address = server.urlOf(samples);
  console.log(`Serving VS Code for your browser, because ${why}.`);
  console.log(`Open ${address}`);
  if (onlyCheck) {
    const answered = await answers(address);
    await server.stop();
    console.log(answered ? 'The workbench answers.' : 'The workbench does not answer.');
    process.exitCode = answered ? 0 : 1;
    return;
  }
  console.log('Press Ctrl-C to stop.');
  // Ended by the server itself, or by a signal, upon which the server is taken down with this process.
  await server.ended;
}
