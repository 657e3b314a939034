import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { everySection } from '../../support/vscode/sections.mjs';
import { useVscode } from '../../support/vscode/suite.mjs';

const draft = `{
  "data": { "path": "gestures.csv", "lookbak": 24 },
  "model": { "layers": [{ "cell": "", "hidden": "many" }] },
  "training": { "loss": {} }
}
`;

describe('an experiment file in the workbench', () => {
  const vscode = useVscode({ workspace: 'samples' });
  const panel = () => vscode().workbench.webview();

  /** Puts the cursor into a line, `column` from 1, and asks for suggestions. */
  async function suggestionsAt(line: number, column: number): Promise<readonly string[]> {
    const { workbench } = vscode();
    const { page } = workbench;
    await page.keyboard.press('Control+g');
    await workbench.type(`:${line}:${column}`);
    await page.waitForTimeout(300);
    await page.keyboard.press('Control+Space');
    const rows = page.locator('.suggest-widget.visible .monaco-list-row');
    await rows.first().waitFor();
    return (await rows.allInnerTexts()).map((text) => text.split('\n')[0]?.trim() ?? '');
  }

  it('marks a wrong key and a wrong type', async function () {
    this.timeout(120_000);
    const { workbench, workspace } = vscode();
    writeFileSync(path.join(workspace, 'draft.unroll.json'), draft);
    // A busy machine may not have told the explorer.
    await workbench.runCommand('Refresh Explorer');
    await workbench.explorerRow('draft.unroll.json').dblclick();
    await workbench.page.locator('.view-lines').first().waitFor();
    const marks = workbench.page.locator('.squiggly-warning, .squiggly-error');
    await marks.nth(2).waitFor({ state: 'attached', timeout: 60_000 });
    await workbench.runCommand('Problems: Focus on Problems View');
    const problems = workbench.page.locator('.markers-panel .monaco-list-row');
    await problems.filter({ hasText: 'lookbak' }).first().waitFor();
    const told = (await problems.allInnerTexts()).join('\n');
    assert.match(told, /Property lookbak is not allowed/);
    assert.match(told, /Incorrect type. Expected "integer"/);
    await workbench.screenshot('experiment-marked');
    await workbench.runCommand('View: Hide Panel');
  });

  it('completes the cells, with a sentence for each, and what a loss can have', async function () {
    this.timeout(60_000);
    const { workbench } = vscode();
    const { page } = workbench;
    await page.locator('.view-lines').first().click();
    const cells = await suggestionsAt(3, 36);
    for (const cell of ['lstm', 'gru', 'minGru']) {
      assert.ok(
        cells.some((label) => label.replaceAll('"', '') === cell),
        `${cell} is not among ${cells.join()}`,
      );
    }
    const details = page.locator('.suggest-details');
    if (!(await details.isVisible())) await page.keyboard.press('Control+Space');
    await details.filter({ hasText: /network of the character tutorials/ }).waitFor();
    await workbench.screenshot('experiment-cell-sentence');
    await page.locator('.suggest-widget.visible .monaco-list-row', { hasText: 'lstmPeephole' }).click();
    await page.locator('.view-line', { hasText: '"cell": "lstmPeephole", "hidden"' }).waitFor();
    const keys = await suggestionsAt(4, 26);
    assert.ok(
      keys.some((label) => /quantiles/.test(label)),
      keys.join(),
    );
    await workbench.screenshot('experiment-losses');
    await page.keyboard.press('Escape');
    await workbench.runCommand('File: Revert File');
  });

  it('trains classes to the end, and shows how well they are told beside the most frequent one', async function () {
    this.timeout(180_000);
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('gestures.unroll.json', 'Train This Experiment');
    await panel().getByText('Done', { exact: true }).first().waitFor({ timeout: 150_000 });
    const table = panel().locator('#results table.metrics');
    const text = async (row: string) => (await table.locator('tr').filter({ hasText: row }).textContent()) ?? '';
    assert.match((await table.locator('thead').textContent()) ?? '', /Accuracy/);
    const accuracy = async (row: string) => Number(/0\.\d+|1/.exec(await text(row))?.[0]);
    const [model, floor] = [await accuracy('model'), await accuracy('most frequent class')];
    assert.ok(model > floor, `${model} beside ${floor}`);
    assert.equal(await panel().locator('#forecast').count(), 0);
    const said = panel().locator('#inspector .outcome').first();
    await said.filter({ hasText: 'For gesture' }).waitFor();
    assert.match((await said.textContent()) ?? '', /^For gesture the model answers (circle|eight|zigzag), with /);
  });

  it('has its results beside its losses, at 1280 and at 1920 wide', async () => {
    const { workbench } = vscode();
    await everySection(workbench, ['Loss', 'Results', 'Architecture', 'Inspector'], 'classes');
  });

  it('reads a text character by character, and steps through what it would write next', async function () {
    this.timeout(180_000);
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('harbour-log.unroll.json', 'Train This Experiment');
    await panel().locator('h1', { hasText: 'harbour-log' }).waitFor();
    await panel().getByText('Done', { exact: true }).first().waitFor({ timeout: 150_000 });
    assert.match(
      (await panel().locator('#results table.metrics').textContent()) ?? '',
      /Nats.*Perplexity.*character frequencies/,
    );
    const said = panel().locator('#inspector .outcome');
    await said.first().waitFor();
    assert.match((await said.first().textContent()) ?? '', /^The likeliest answer is right at \d+ of \d+ steps\.$/);
    await panel().locator('nav').getByText('Inspector', { exact: true }).click();
    await workbench.screenshot('text-inspector');
  });

  it('asks of a text only which model', async () => {
    const { workbench } = vscode();
    await workbench.openContainer('Explorer');
    await workbench.chooseInExplorerMenu('harbour-log.txt', 'Train on This File…');
    await workbench.quickInput.getByRole('option').filter({ hasText: 'minGRU 128' }).waitFor();
    await workbench.screenshot('text-models');
    await workbench.page.keyboard.press('Escape');
  });

  it('asks of a table of recordings what to tell of them', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('gestures.csv', 'Train on This CSV…');
    await workbench.quickInput.getByRole('option').filter({ hasText: 'gesture' }).waitFor();
    await workbench.pick('gesture');
    await workbench.quickInput.getByRole('option').filter({ hasText: 'Classify each recording' }).waitFor();
    await workbench.screenshot('classes-goals');
    await workbench.pick('Classify each recording');
    await workbench.quickInput.getByRole('option').filter({ hasText: 'in both directions' }).waitFor();
    await workbench.screenshot('classes-models');
    await workbench.page.keyboard.press('Escape');
  });
});
