import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { useVscode } from '../../support/vscode/suite.mjs';

const { UNROLL_VSIX: vsix = '' } = process.env;

describe('the packed extension in a fresh VS Code', () => {
  const vscode = useVscode({ server: { vsix } });

  it('is installed from the pack', () => {
    const installed = readdirSync(path.join(vscode().server.folder, 'extensions')).filter((name) =>
      name.startsWith('unroll.'),
    );
    assert.equal(installed.length, 1, `extensions: ${installed}`);
    const [folder = ''] = installed;
    const manifest = JSON.parse(
      readFileSync(path.join(vscode().server.folder, 'extensions', folder, 'package.json'), 'utf8'),
    );
    assert.deepEqual([manifest.name, manifest.devDependencies, manifest.scripts], ['unroll', undefined, undefined]);
  });

  it('trains on a CSV to the end, with Enter three times', async function () {
    this.timeout(180_000);
    const { workbench, workspace } = vscode();
    await workbench.chooseInExplorerMenu('airline-passengers.csv', 'Train on This CSV…');
    await workbench.acceptDefaults(3);
    await workbench.webview('editor').locator('body').waitFor();

    // The report is written last, when the run has been tested.
    const runs = path.join(workspace, '.unroll', 'runs');
    const deadline = Date.now() + 150_000;
    let files: string[] = [];
    while (!files.some((file) => file.endsWith('report.json')) && Date.now() < deadline) {
      await workbench.page.waitForTimeout(500);
      files = filesUnder(runs);
    }
    await workbench.screenshot('vsix-trained');
    const names = files.map((file) => path.basename(file));
    for (const name of ['experiment.json', 'metrics.csv', 'model.onnx', 'report.json'])
      assert.ok(names.includes(name), name);
  });
});

function filesUnder(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true }).map(String);
  } catch {
    return [];
  }
}
