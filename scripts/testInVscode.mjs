// npm run test:vscode: the suite inside a real extension host, then the suite that drives the whole workbench from outside.
// Both run on a throw-away copy of test/fixtures/workspace.
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { runTests } from '@vscode/test-electron';
import { findDesktop } from '../test/support/vscode/desktop.mjs';
import { ensureServer } from '../test/support/vscode/serverPackage.mjs';
import { runMocha } from './runMocha.mjs';

const root = path.dirname(import.meta.dirname);
process.chdir(root);

const host = await runHostSuite();
const workbench = await runMocha('dist/test/vscode/workbench/**/*.test.js');
process.exit(host && workbench ? 0 : 1);

/** Whether every test inside the extension host passed. */
async function runHostSuite() {
  const desktop = await findDesktop();
  if (desktop.kind === 'desktop') {
    console.log(`The extension host is that of desktop VS Code, ${desktop.executable}.`);
  } else {
    await ensureServer();
    console.log(`The extension host is that of the VS Code server from npm: no desktop VS Code, ${desktop.why}.`);
  }
  const temporary = mkdtempSync(path.join(tmpdir(), 'unroll-host-'));
  const workspace = path.join(temporary, 'workspace');
  cpSync(path.join(root, 'test', 'fixtures', 'workspace'), workspace, { recursive: true });
  const support = path.join(root, 'test', 'support', 'vscode');
  try {
    await runTests({
      vscodeExecutablePath: desktop.kind === 'desktop' ? desktop.executable : path.join(support, 'codeShim.mjs'),
      extensionDevelopmentPath: root,
      extensionTestsPath: path.join(support, 'hostSuite.cjs'),
      launchArgs: [workspace, '--disable-extensions', '--user-data-dir', path.join(temporary, 'user-data')],
    });
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}
