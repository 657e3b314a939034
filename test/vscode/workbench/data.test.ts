import assert from 'node:assert/strict';
import { appendFileSync, copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useVscode } from '../../support/vscode/suite.mjs';

// A folder of few files, there before the window opens: the explorer shows no more than fits.
const workspace = 'test/output/data';
mkdirSync(workspace, { recursive: true });
copyFileSync(
  path.resolve('test/fixtures/workspace/airline-passengers.csv'),
  path.join(workspace, 'airline-passengers.csv'),
);
writeFileSync(
  path.join(workspace, 'broken.csv'),
  Uint8Array.from({ length: 4096 }, (_, i) => (i * 7919) % 256),
);

for (const [name, word] of [
  ['cats', 'purr'],
  ['dogs', 'bark'],
]) {
  mkdirSync(path.join(workspace, 'pets'), { recursive: true });
  writeFileSync(
    path.join(workspace, 'pets', `${name}.txt`),
    Array.from({ length: 40 }, (_, i) => `${word} ${i}`).join('\n'),
  );
}
writeFileSync(
  path.join(workspace, 'monthly.unroll.json'),
  JSON.stringify({ data: { path: 'airline-passengers.csv', split: { validation: 0.1, test: 0.25 } } }),
);

describe('the panel of a data file in restricted mode', () => {
  const vscode = useVscode({ workspace, server: { trust: 'restricted' } });

  it('reads nothing, and says what to do', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('airline-passengers.csv', 'Show Data…');
    await workbench.webview().getByRole('alert').getByText('only in a trusted workspace').waitFor();
    assert.equal(await workbench.webview().locator('table').count(), 0);
  });
});

describe('the panel of a data file in the workbench', () => {
  const vscode = useVscode({ workspace });
  const page = () => vscode().workbench.webview();

  it('opens from the explorer menu and shows what the file holds and what can be learnt', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('airline-passengers.csv', 'Show Data…');
    await page().locator('h1', { hasText: 'airline-passengers.csv' }).waitFor();
    // The facts come first; what is proposed follows when it is found.
    await page().locator('.answer', { hasText: 'forecast the next Passengers' }).waitFor();
    const split = (await page().locator('#overview .said').allTextContents()).join(' ');
    assert.match(split, /Training reads \d+ \(.*validation \d+ \(.*the test \d+ \(/);
    await page().getByRole('button', { name: 'Passengers', exact: true }).click();
    await page().getByText('The values repeat every 12 rows.').waitFor();
    await workbench.screenshot('workbench-data');
  });

  it('says when the file has changed, and reads it again', async () => {
    appendFileSync(path.join(vscode().workspace, 'airline-passengers.csv'), '\r\n"1961-01",450');
    await page().getByRole('button', { name: 'Read Again' }).click();
    await page().locator('.head .said.figures', { hasText: '145 rows' }).waitFor();
  });

  it('asks what is to be trained when its button is pressed', async () => {
    const { workbench } = vscode();
    await page().getByRole('button', { name: 'Train on This File…' }).click();
    await workbench.page
      .getByText('Which column is to be learnt?')
      .or(workbench.page.getByPlaceholder('Which column is to be learnt?'))
      .first()
      .waitFor();
    await workbench.page.keyboard.press('Escape');
  });

  it('shows a folder of texts from its menu, and says when a text of it has changed', async () => {
    const { workbench, workspace: folder } = vscode();
    await workbench.chooseInExplorerMenu('pets', 'Show Data…');
    await page().locator('h1', { hasText: 'pets' }).waitFor();
    await page().locator('.answer', { hasText: 'tell the class of each text' }).waitFor();
    assert.match((await page().locator('.head .said.figures').textContent()) ?? '', /^2 files · 80 texts · /);
    appendFileSync(path.join(folder, 'pets', 'dogs.txt'), '\nwoof');
    await page().getByRole('button', { name: 'Read Again' }).click();
    await page().locator('.head .said.figures', { hasText: '81 texts' }).waitFor();
    await workbench.screenshot('workbench-data-folder');
  });

  it('shows the data of an experiment file with the choices of the file, and those that it has next', async () => {
    const { workbench, workspace: folder } = vscode();
    await workbench.chooseInExplorerMenu('monthly.unroll.json', 'Show Data…');
    await page().locator('h1', { hasText: 'monthly.unroll.json' }).waitFor();
    const split = page().locator('#overview .said', { hasText: 'the test' });
    await split.filter({ hasText: '(24.8 %)' }).waitFor();
    const data = { path: 'airline-passengers.csv', split: { validation: 0.1, test: 0.4 } };
    writeFileSync(path.join(folder, 'monthly.unroll.json'), JSON.stringify({ data }));
    await page().getByRole('button', { name: 'Read Again' }).click();
    await split.filter({ hasText: '(40 %)' }).waitFor();
    await workbench.screenshot('workbench-data-experiment');
  });

  it('says in one sentence what is wrong with a file that is no table', async () => {
    const { workbench } = vscode();
    await workbench.chooseInExplorerMenu('broken.csv', 'Show Data…');
    await page().getByRole('alert').getByText('is not text').waitFor();
  });
});
