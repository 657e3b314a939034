import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import type { Report } from '../../../extension/protocol/run';
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
    await workbench.webview().getByText('Done', { exact: true }).first().waitFor({ timeout: 150_000 });
    await workbench.screenshot('vsix-trained');

    const runs = path.join(workspace, '.unroll', 'runs');
    const [run = '', ...others] = readdirSync(runs);
    assert.deepEqual(others, []);
    const files = readdirSync(path.join(runs, run));
    for (const name of ['experiment.json', 'metrics.csv', 'model.onnx', 'report.json']) {
      assert.ok(files.includes(name), `${name} is among ${files}`);
    }
    const report: Report = JSON.parse(readFileSync(path.join(runs, run, 'report.json'), 'utf8'));
    const { rmse = Number.NaN } = report.test;
    const { rmse: floor = Number.NaN } = report.baselines['persistence'] ?? {};
    assert.ok(rmse < floor, `test RMSE ${rmse}, persistence ${floor}`);
  });
});
