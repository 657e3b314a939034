import assert from 'node:assert/strict';
import { everySection } from '../../support/vscode/sections.mjs';
import { useVscode } from '../../support/vscode/suite.mjs';

const trained = 'airline-passengers';

describe('training on a CSV in the workbench', () => {
  const vscode = useVscode();
  const panel = () => vscode().workbench.webview();
  const side = () => vscode().workbench.webview('view');
  /** Where the panel's inspector stands, such as `3 of 12 · Mar 1959`. */
  const place = () => panel().locator('.steps output').first();

  it('goes from the explorer menu to the end with Enter three times', async function () {
    this.timeout(180_000);
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu(`${trained}.csv`, 'Train on This CSV…');
    await workbench.acceptDefaults(3);
    await panel().getByText('Done', { exact: true }).first().waitFor({ timeout: 150_000 });
  });

  it('says first how good the forecast is beside the baselines', async () => {
    const said = (await panel().locator('header').first().textContent()) ?? '';
    assert.match(said, /RMSE/);
    const table = (await panel().locator('table').filter({ hasText: 'RMSE' }).first().textContent()) ?? '';
    for (const row of ['model', 'persistence', 'seasonal naive']) assert.match(table, new RegExp(row));
  });

  it('lists the run in the tree, which opens it', async () => {
    const { workbench } = vscode();
    await workbench.openContainer('Unroll');
    const row = workbench.treeRows('Runs').filter({ hasText: trained }).first();
    await row.waitFor();
    await row.click();
    await panel().getByText('Done', { exact: true }).first().waitFor();
  });

  it('steps through the hidden state by keyboard, in the panel and in the side panel at once', async () => {
    const { workbench } = vscode();
    await workbench.runCommand('Unroll: Open Inspector');
    await panel().locator('.stack canvas').first().waitFor();
    await panel().locator('.stack canvas').first().scrollIntoViewIfNeeded();
    const slider = panel().locator('.steps [role=slider], .steps vscode-slider, .steps input').first();
    await slider.focus();
    await workbench.page.keyboard.press('Home');
    await panel()
      .locator('.steps output', { hasText: /^1 of 12/ })
      .first()
      .waitFor();
    await workbench.page.keyboard.press('ArrowRight');
    await workbench.page.keyboard.press('ArrowRight');
    await panel()
      .locator('.steps output', { hasText: /^3 of 12/ })
      .first()
      .waitFor();
    await side()
      .locator('.steps output', { hasText: /^3 of 12/ })
      .first()
      .waitFor();
    await workbench.page.keyboard.press('End');
    await side()
      .locator('.steps output', { hasText: /^12 of 12/ })
      .first()
      .waitFor();
    assert.match((await place().textContent())?.trim() ?? '', /^12 of 12/);
  });

  for (const theme of ['Light Modern', 'Default High Contrast', 'Dark Modern'] as const) {
    it(`wears ${theme}, at 1280 and at 1920 wide`, async () => {
      const { workbench } = vscode();
      await workbench.setTheme(theme);
      const name = `workbench-${theme.toLowerCase().replaceAll(' ', '-')}`;
      await everySection(workbench, ['Loss', 'Forecast', 'Architecture', 'Inspector'], name);
      const themed = (await panel().locator('body').getAttribute('class')) ?? '';
      const kind = {
        'Light Modern': 'vscode-light',
        'Default High Contrast': 'vscode-high-contrast',
        'Dark Modern': 'vscode-dark',
      };
      assert.ok(themed.split(' ').includes(kind[theme]), `the panel's classes are ${themed}`);
    });
  }

  it('is still there after a window reload: the run in the tree, the panel, and the place in the inspector', async function () {
    this.timeout(120_000);
    const { workbench } = vscode();
    await workbench.reload();
    await panel().getByText('Done', { exact: true }).first().waitFor({ timeout: 60_000 });
    await workbench.openContainer('Unroll');
    await workbench.treeRows('Runs').filter({ hasText: trained }).first().waitFor({ timeout: 60_000 });
    await workbench.screenshot('workbench-reloaded');
  });

  it('lets go of what is inspected when its panel is closed', async () => {
    const { workbench } = vscode();
    await side().locator('.steps output').first().waitFor();
    await workbench.runCommand('View: Close Editor');
    await side().getByText('Nothing is inspected yet.').waitFor();
  });

  describe('that takes long', () => {
    const state = (text: string) => panel().getByText(text, { exact: true }).first().waitFor({ timeout: 60_000 });

    /** Settles when the panel shows a later epoch than now: a run may be said to train while another engine still holds it. */
    const progress = async () => {
      const epoch = async () => {
        const said = (await panel().locator('.said').textContent()) ?? '';
        return Number(/Epoch ([\d,]+)/.exec(said)?.[1]?.replaceAll(',', ''));
      };
      const first = await epoch();
      for (const end = Date.now() + 60_000; Date.now() < end; ) {
        await vscode().workbench.page.waitForTimeout(200);
        if ((await epoch()) > first) return;
      }
      assert.fail(`the panel stays at epoch ${first}`);
    };

    it('draws its losses as they come, in the panel and in the status bar', async function () {
      this.timeout(120_000);
      const { workbench } = vscode();
      await workbench.openContainer('Explorer');
      await workbench.chooseInExplorerMenu('slow.unroll.json', 'Train This Experiment');
      await state('Training');
      await workbench.statusBar.filter({ hasText: 'slow' }).first().waitFor();
      await progress();
      await workbench.screenshot('workbench-training');
    });

    it('pauses and goes on', async () => {
      await panel().getByRole('button', { name: 'Pause', exact: true }).click();
      await state('Paused');
      await panel().getByRole('button', { name: 'Continue', exact: true }).click();
      await state('Training');
    });

    it('goes on by itself after a window reload', async function () {
      this.timeout(120_000);
      const { workbench } = vscode();
      await workbench.reload();
      // The workbench saves which editors are open now and then, so a panel that is seconds old may not come back by itself.
      const item = workbench.statusBar.filter({ hasText: 'slow' }).first();
      await item.click({ timeout: 60_000 });
      // The item is redrawn twice a second; who clicks at that very moment clicks again.
      await panel()
        .getByText('Training', { exact: true })
        .first()
        .waitFor({ timeout: 15_000 })
        .catch(() => item.click());
      await state('Training');
      await progress();
    });

    it('stops from the palette, and resumes from the panel', async function () {
      this.timeout(120_000);
      const { workbench } = vscode();
      await workbench.runCommand('Unroll: Stop Training');
      await state('Stopped');
      await workbench.screenshot('workbench-stopped');
      await panel().getByRole('button', { name: 'Resume', exact: true }).click();
      await state('Training');
      await panel().getByRole('button', { name: 'Stop', exact: true }).click();
      await state('Stopped');
    });
  });
});
