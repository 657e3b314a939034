import assert from 'node:assert/strict';
import process from 'node:process';
import { runQuietly } from '../../support/vscode/commands.mjs';
import { ensureServer } from '../../support/vscode/serverPackage.mjs';

describe('npm start', () => {
  before('fetch the VS Code server', async function () {
    this.timeout(15 * 60_000);
    await ensureServer();
  });

  it('says what it opens and why, and that it is there', async () => {
    const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
    const printed = await runQuietly(process.execPath, ['scripts/start.mjs', '--check'], { env });
    if (process.platform !== 'linux') {
      assert.match(printed, /^(Opening samples\/ in desktop VS Code|Serving VS Code for your browser), because /m);
      return;
    }
    assert.match(printed, /because no desktop VS Code can be opened: this machine has no display/);
    assert.match(printed, /^Open http:\/\/127\.0\.0\.1:\d+\/\?tkn=[0-9a-f]{32}&folder=\S+samples$/m);
    assert.match(printed, /^The workbench answers\.$/m);
  });
});
