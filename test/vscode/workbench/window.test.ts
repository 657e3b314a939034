import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { useVscode } from '../../support/vscode/suite.mjs';

describe('the workbench with this extension', () => {
  const vscode = useVscode();

  it('shows the folder and asks nothing', async () => {
    const { workbench } = vscode();
    await workbench.explorerRow('airline-passengers.csv').waitFor();
    assert.equal(await workbench.page.locator('.monaco-dialog-box:visible').count(), 0);
  });

  it('has the extension in its explorer menu for a CSV, and for nothing else', async () => {
    const { workbench } = vscode();
    assert.ok((await workbench.explorerMenuOf('airline-passengers.csv')).includes('Train on This CSV…'));
    assert.ok(!(await workbench.explorerMenuOf('readme.md')).some((label) => label.startsWith('Train')));
  });

  it('shows the views of the extension', async () => {
    const { workbench } = vscode();
    await workbench.openContainer('Unroll');
    await workbench.page.locator('.pane-header', { hasText: 'Runs' }).first().waitFor();
  });

  for (const theme of ['Light Modern', 'Default High Contrast', 'Dark Modern'] as const) {
    it(`wears the theme ${theme}`, async () => {
      const { workbench } = vscode();
      await workbench.setTheme(theme);
      const picture = await workbench.evidence(`window-${theme.toLowerCase().replaceAll(' ', '-')}`);
      assert.ok(statSync(picture).size > 10_000);
    });
  }
});
