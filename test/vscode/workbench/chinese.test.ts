import assert from 'node:assert/strict';
import { useVscode } from '../../support/vscode/suite.mjs';

describe('the extension in Chinese', () => {
  const vscode = useVscode({ locale: 'zh-cn' });
  const panel = () => vscode().workbench.webview();

  it('asks, trains and reports in Chinese', async function () {
    this.timeout(180_000);
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('airline-passengers.csv', '用此 CSV 训练…');
    await workbench.acceptDefaults(3);
    await panel().getByText('已完成', { exact: true }).first().waitFor({ timeout: 150_000 });
    const said = (await panel().locator('main').textContent()) ?? '';
    assert.doesNotMatch(said, /The test|Loss|Forecast|Inspector|epoch/);
    await workbench.openContainer('Unroll');
    await workbench.screenshot('workbench-chinese');
  });
});
