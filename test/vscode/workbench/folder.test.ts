import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { useVscode } from '../../support/vscode/suite.mjs';

/** Texts of a class: its words in every order that a small counter gives. */
const texts = (words: readonly string[]) =>
  Array.from({ length: 60 }, (_, i) => `${words[i % words.length]} ${words[(i * 7 + 1) % words.length]} ${i}`).join(
    '\n',
  );

describe('training on a folder of texts in the workbench', () => {
  const vscode = useVscode();
  const panel = () => vscode().workbench.webview();

  it('goes from the folder’s menu to the end with Enter once', async function () {
    this.timeout(240_000);
    const { workbench, workspace } = vscode();
    const folder = path.join(workspace, 'pets');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'cats.txt'), texts(['purr', 'meow', 'whiskers', 'hiss', 'kitten']));
    writeFileSync(path.join(folder, 'dogs.txt'), texts(['bark', 'woof', 'fetch', 'growl', 'puppy']));
    await workbench.runCommand('Refresh Explorer');
    await workbench.chooseInExplorerMenu('pets', 'Train on This Folder…');
    await workbench.acceptDefaults(1);
    await panel().getByText('Done', { exact: true }).first().waitFor({ timeout: 200_000 });
  });

  it('says what was read, and which class was taken for which', async () => {
    assert.match(
      (await panel().locator('.purpose').textContent()) ?? '',
      /tells the class of each text in pets, reading it (word by word|character by character)\.$/,
    );
    const heads = panel().locator('#results .confusion thead th');
    await heads.first().waitFor();
    assert.deepEqual(await heads.allTextContents(), ['cats', 'dogs']);
    await vscode().workbench.screenshot('workbench-folder');
  });
});
