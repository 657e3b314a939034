import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { endlessModel } from '../../support/hostileModels';
import { useVscode } from '../../support/vscode/suite.mjs';

const fixture = (name: string) => path.resolve('test/fixtures/onnx', name);

// A folder of few files, there before the window opens: the explorer shows what comes later only when it notices, and no more than fits.
const workspace = 'test/output/models';
mkdirSync(workspace, { recursive: true });
for (const name of ['ts_lstm.onnx', 'ts_gru.onnx']) copyFileSync(fixture(name), path.join(workspace, name));
writeFileSync(path.join(workspace, 'broken.onnx'), 'not a model');
writeFileSync(path.join(workspace, 'endless.onnx'), endlessModel());

describe('the editor of an .onnx file in restricted mode', () => {
  const vscode = useVscode({ workspace, server: { trust: 'restricted' } });

  it('reads nothing, and says what to do', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('ts_lstm.onnx', 'Open in Unroll');
    const said = workbench.webview().getByRole('alert');
    await said.getByText('reads models only in a trusted workspace').waitFor();
    assert.equal(await workbench.webview().locator('.box').count(), 0);
    await workbench.screenshot('workbench-model-restricted');
  });
});

describe('the editor of an .onnx file in the workbench', () => {
  const vscode = useVscode({ workspace });
  const page = () => vscode().workbench.webview();
  const side = () => vscode().workbench.webview('view');
  const title = (name: string) => page().locator('h1', { hasText: name }).waitFor();
  const at = (place: RegExp) => page().locator('.steps output', { hasText: place }).waitFor();

  it('opens from the explorer menu and shows what the file is made of', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('ts_lstm.onnx', 'Open in Unroll');
    await title('ts_lstm.onnx');
    await page().locator('.box.recurrent', { hasText: 'LSTM' }).waitFor();
    const row = (await page().locator('#layers tbody tr').first().textContent()) ?? '';
    assert.match(row, /LSTM/);
    assert.match((await page().locator('.said').first().textContent()) ?? '', /pytorch/i);
    await workbench.screenshot('workbench-model');
  });

  it('steps through noise by keyboard, and the side panel follows', async () => {
    const { workbench } = vscode();
    await page().getByRole('button', { name: 'Run', exact: true }).click();
    await page().locator('.stack canvas').first().waitFor();
    await page().locator('.surface').focus();
    await workbench.page.keyboard.press('Home');
    await at(/^1 of 7/);
    await workbench.page.keyboard.press('ArrowRight');
    await at(/^2 of 7/);
    await workbench.openContainer('Unroll');
    await side()
      .locator('.steps output', { hasText: /^2 of 7/ })
      .waitFor();
    assert.match((await side().locator('h1').textContent()) ?? '', /ts_lstm\.onnx/);
    await page().locator('.surface').focus();
    await workbench.page.keyboard.press('End');
    await side()
      .locator('.steps output', { hasText: /^7 of 7/ })
      .waitFor();
    await workbench.screenshot('workbench-model-inspector');
  });

  it('shows the same step when the tab was hidden meanwhile', async () => {
    const { workbench } = vscode();
    await workbench.runCommand('Preferences: Open Default Settings (JSON)');
    await workbench.page.locator('.monaco-editor .view-lines').first().waitFor();
    await workbench.page.locator('.tab', { hasText: 'ts_lstm.onnx' }).click();
    await at(/^7 of 7/);
  });

  it('reads the file again when it changes on disk', async () => {
    copyFileSync(fixture('ts_gru.onnx'), path.join(vscode().workspace, 'ts_lstm.onnx'));
    await page().locator('.box.recurrent', { hasText: 'GRU' }).waitFor();
    await page()
      .locator('.heading h3', { hasText: /Layer 1: GRU/ })
      .waitFor();
  });

  it('opens from the tree of models, and lets go of what was inspected when it is closed', async () => {
    const { workbench } = vscode();
    await workbench.runCommand('View: Close All Editors');
    await side().getByText('Nothing is inspected yet.').waitFor();
    await workbench.treeRows('Models').filter({ hasText: 'ts_gru.onnx' }).first().click();
    await title('ts_gru.onnx');
    await page().locator('.box.recurrent', { hasText: 'GRU' }).waitFor();
  });

  it('cancels a model that never ends, and goes on with it and with others', async () => {
    const { workbench } = vscode();
    await workbench.openContainer('Explorer');
    await workbench.chooseInExplorerMenu('endless.onnx', 'Open in Unroll');
    await title('endless.onnx');
    const running = page().locator('#inspector .notice', { hasText: 'Running the model…' });
    for (let time = 0; time < 2; time++) {
      await page().getByRole('button', { name: 'Run', exact: true }).click();
      await running.waitFor();
      // Long enough for the model to hold its process.
      await workbench.page.waitForTimeout(1500);
      await running.getByRole('button', { name: 'Cancel' }).click();
      await running.waitFor({ state: 'hidden' });
    }
    await workbench.page.locator('.tab', { hasText: 'ts_gru.onnx' }).click();
    await title('ts_gru.onnx');
    await page().getByRole('button', { name: 'Run', exact: true }).click();
    await page().locator('.stack canvas').first().waitFor();
  });

  it('says in one sentence that a file is no model', async () => {
    const { workbench } = vscode();
    await workbench.openContainer('Explorer');
    await workbench.chooseInExplorerMenu('broken.onnx', 'Open in Unroll');
    const said = page().getByRole('alert');
    await said.waitFor();
    assert.doesNotMatch((await said.textContent()) ?? '', /\n|\bat \w+ \(/);
  });
});
