import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { modelFile } from './fixtures/models';
import { askedOf, settled, textOf, usePages, type Wanted } from './pages';

const place = (page: Page) => textOf(page.locator('.steps output'));
const run = (page: Page) => page.getByRole('button', { name: 'Run', exact: true });
const wish = { kind: 'noise', seed: 1, steps: 20, batch: 1, row: 0, standardised: false, text: '' };

describe('the editor of a model file', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene']): Promise<void> {
    page = await openPage({ view: 'model', scene });
    await page.waitForSelector('main, [role=alert]');
  }

  it('says what the file is: who wrote it, its layers, its inputs and outputs', async () => {
    await open('model');
    assert.equal(await textOf(page.locator('h1')), 'sentiment.onnx');
    assert.match(
      await textOf(page.locator('.said')),
      /^written by pytorch 2\.13\.0 · operator set 18 · [\d,]+ parameters$/,
    );
    const cells = await page.locator('#layers tbody tr').first().locator('th, td').allInnerTexts();
    assert.deepEqual(cells, [
      '/encoder/lstm_0/LSTM',
      'LSTM',
      'one operator',
      'both directions',
      '32',
      '6',
      'i o f c',
      '4992',
    ]);
    const ports = await page.locator('#ports tbody tr').allInnerTexts();
    assert.deepEqual(
      ports.map((row) => row.replace(/\s+/g, ' ').trim()),
      [
        'input x float32 [time, batch, 6]',
        'input h0 float32 [1, batch, 32]',
        'output y float32 [time, batch, 32]',
        'output logits float32 [batch, 3]',
      ],
    );
  });

  it('says what a model of ours was trained for, and asks only for what the file leaves free', async () => {
    await open('modelOfOurs');
    assert.equal(
      await textOf(page.locator('.answer')),
      'Trained to forecast the next 3 values of Passengers from the last 24 rows. It reads Passengers, Holiday.',
    );
    assert.equal(await page.getByRole('spinbutton', { name: 'Steps' }).isVisible(), false);
    assert.equal(await page.getByRole('spinbutton', { name: 'Batch' }).isVisible(), true);
  });

  it('lets a run be cancelled, and runs again only when it is told to', async () => {
    await open('modelThatNeverEnds');
    await run(page).click();
    const notice = page.locator('#inspector .notice[role=status]').first();
    assert.match(await textOf(notice), /^Running the model…/);
    await notice.getByRole('button', { name: 'Cancel' }).press('Enter');
    await notice.waitFor({ state: 'hidden' });
    await page.waitForFunction(() => window.host.asked.some(({ name }) => name === 'cancelled'));
    assert.ok(await page.getByText('Choose what the model reads').isVisible());
    assert.equal(await page.locator('#inspector .error').first().isVisible(), false);
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Run');
    await page.getByRole('spinbutton', { name: 'Steps' }).fill('30');
    await page.keyboard.press('Tab');
    assert.equal((await askedOf(page, 'trace')).length, 1);
    await run(page).click();
    await notice.waitFor({ state: 'visible' });
    await page.waitForFunction(() => window.host.asked.filter(({ name }) => name === 'trace').length === 2);
  });

  it('shows the equations of the box that is chosen by keyboard', async () => {
    await open('model');
    await page.locator('.box.dense').focus();
    await page.keyboard.press('Enter');
    assert.equal(await page.locator('.nodeDetail .equations').count(), 0);
    await page.locator('.box.recurrent').first().focus();
    await page.keyboard.press('Enter');
    assert.match(await textOf(page.locator('.nodeDetail .equations')), /tanh/);
  });

  it('runs nothing before it is asked to, then steps by keyboard', async () => {
    await open('model');
    assert.deepEqual(await askedOf(page, 'trace'), []);
    await run(page).click();
    await page.waitForSelector('.stack canvas');
    assert.deepEqual(await askedOf(page, 'trace'), [{ wish }]);
    assert.equal(await place(page), '1 of 20');
    await page.locator('.surface').focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('End');
    await settled(page);
    assert.equal(await place(page), '20 of 20');
    assert.deepEqual((await askedOf(page, 'moveCursor')).at(-1), { step: 19 });
    const headings = await page.locator('.heading h3').allInnerTexts();
    assert.deepEqual(
      headings.map((text) => text.replace(/\s+/g, ' ')),
      ['Layer 1: LSTM 32 units', 'Layer 2: LSTM 16 units', 'Outputs'],
    );
    assert.match(
      await textOf(page.locator('.outcome').first()),
      /noise for 20 steps\. logits: 0\.412, −1\.25, 2\.08\./,
    );
  });

  it('runs again with another input once it has run', async () => {
    await open('model');
    await page.getByRole('spinbutton', { name: 'Steps' }).fill('7');
    await page.keyboard.press('Tab');
    assert.deepEqual(await askedOf(page, 'trace'), []);
    await run(page).click();
    await page.waitForSelector('.stack canvas');
    assert.match(await place(page), / of 7$/);
    await page.getByRole('combobox', { name: 'Input' }).click();
    await page.getByRole('option', { name: 'an impulse' }).click();
    await settled(page);
    assert.deepEqual(
      (await askedOf(page, 'trace')).map((asked) => (asked as { wish: typeof wish }).wish),
      [
        { ...wish, steps: 7 },
        { ...wish, steps: 7, kind: 'impulse' },
      ],
    );
    assert.equal(await page.getByRole('spinbutton', { name: 'Seed' }).isVisible(), false);
  });

  it('reads inputs from a file that the host lets the user choose', async () => {
    await open('model');
    await page.getByRole('combobox', { name: 'Input' }).click();
    await page.getByRole('option', { name: 'a JSON file' }).click();
    await page.waitForSelector('.stack canvas');
    assert.deepEqual(await askedOf(page, 'chooseInputs'), [{ kind: 'file' }]);
    assert.match(await textOf(page.locator('.outcome').first()), /^The model reads inputs\.json, which has 20 steps/);
  });

  it('reads rows of a table from the row that was asked for, and says which columns', async () => {
    await open('model');
    await page.getByRole('combobox', { name: 'Input' }).click();
    await page.getByRole('option', { name: 'rows of a table' }).click();
    await page.waitForSelector('.stack canvas');
    assert.deepEqual(await askedOf(page, 'chooseInputs'), [{ kind: 'rows' }]);
    assert.match(await textOf(page.locator('.outcome').first()), /^The model reads 20 rows of sales\.csv: x\./);
    assert.equal(await textOf(page.locator('.fileName')), 'sales.csv');
    await page.getByRole('spinbutton', { name: 'First row' }).fill('8');
    await page.keyboard.press('Tab');
    await settled(page);
    const last = (await askedOf(page, 'trace')).at(-1) as { wish: typeof wish };
    assert.deepEqual(last.wish, { ...wish, kind: 'rows', row: 7 });
  });

  it('waits for a text before it can be run, and for the vocabulary where the file has none', async () => {
    await open('modelOfText');
    await page.getByRole('combobox', { name: 'Input' }).click();
    assert.equal(await page.getByRole('option', { name: 'rows of a table' }).count(), 0);
    await page.getByRole('option', { name: 'a text' }).click();
    await page.getByRole('textbox', { name: 'Text' }).waitFor();
    const disabled = () => run(page).evaluate((control) => (control as HTMLButtonElement).disabled);
    assert.equal(await disabled(), true);
    await page.getByRole('textbox', { name: 'Text' }).fill('hello');
    await page.keyboard.press('Tab');
    await settled(page);
    assert.equal(await disabled(), true);
    await page.getByRole('button', { name: 'Choose Vocabulary…' }).click();
    await page.waitForSelector('.stack canvas');
    const last = (await askedOf(page, 'trace')).at(-1) as { wish: typeof wish };
    assert.deepEqual(last.wish, { ...wish, kind: 'text', text: 'hello' });
  });

  it('lists what was found, faults first, and says how a repaired copy compares', async () => {
    await open('modelWithFindings');
    const items = page.locator('.findings li');
    await items.first().waitFor();
    assert.equal(await items.count(), 3);
    assert.deepEqual(await items.evaluateAll((all) => all.map(({ className }) => className)), [
      'fault',
      'fault',
      'wish',
    ]);
    await items.first().getByRole('button', { name: 'Repair a Copy…' }).click();
    const said = page.locator('#findings [role=status]');
    await said.waitFor();
    assert.match(await textOf(said), /^sentiment-repaired\.onnx is written\..* at most 1\.2/);
    assert.deepEqual(await askedOf(page, 'repair'), [{ codes: ['layout'] }]);
  });

  it('follows the side panel', async () => {
    await open('model');
    await run(page).click();
    await page.waitForSelector('.stack canvas');
    await page.evaluate((model) => window.host.cursor({ kind: 'model', model, step: 11 }), modelFile);
    await settled(page);
    assert.equal(await place(page), '12 of 20');
    assert.deepEqual(await askedOf(page, 'moveCursor'), []);
  });

  it('reads the file again when it changes, and runs it again if it had run', async () => {
    await open('model');
    await page.evaluate(() => window.host.change());
    assert.deepEqual([(await askedOf(page, 'open')).length, (await askedOf(page, 'trace')).length], [2, 0]);
    await run(page).click();
    await page.waitForSelector('.stack canvas');
    await page.evaluate(() => window.host.change());
    assert.deepEqual([(await askedOf(page, 'open')).length, (await askedOf(page, 'trace')).length], [3, 2]);
  });

  it('shows what it ran last when the page comes back, and runs it again only where the file has changed', async () => {
    await open('modelThatRan');
    await page.waitForSelector('.stack canvas');
    assert.match(await place(page), / of 9$/);
    assert.deepEqual(await askedOf(page, 'trace'), []);
    assert.equal(await page.getByRole('spinbutton', { name: 'Steps' }).inputValue(), '9');
    await settled(page);
    const input = page.locator('#inspector vscode-dropdown').first();
    assert.equal(
      await input.evaluate((list: HTMLElement & { displayValue: string }) => list.displayValue),
      'an impulse',
    );
    await open('modelThatChanged');
    await page.waitForSelector('.stack canvas');
    assert.deepEqual(await askedOf(page, 'trace'), [{ wish: { ...wish, kind: 'impulse', steps: 9, batch: 2 } }]);
  });

  it('says in one sentence that a file is no model, and tries again', async () => {
    await open('modelThatIsNone');
    assert.match(await textOf(page.locator('[role=alert]')), /This is not an ONNX model, or it is damaged/);
    assert.doesNotMatch(await textOf(page.locator('body')), /\bat \w+ \(/);
    await page.getByRole('button', { name: 'Try Again' }).click();
    assert.equal((await askedOf(page, 'open')).length, 2);
  });

  it('says why a model does not run, and leaves the choice of another input', async () => {
    await open('modelThatFails');
    await run(page).click();
    assert.match(await textOf(page.locator('#inspector p[role=alert]')), /onnxruntime cannot run this model/);
    assert.equal(await run(page).isVisible(), true);
  });

  it('says where there is nothing to step through', async () => {
    await open('modelWithoutLayers');
    assert.match(await textOf(page.locator('#inspector')), /nothing to step through/);
    assert.equal(await run(page).isVisible(), false);
  });

  it('writes names as text, whatever they hold', async () => {
    await open('modelOfHostileNames');
    assert.equal(await page.locator('main img').count(), 0);
    assert.match(await textOf(page.locator('#layers th.name')), /^<img src=x/);
    assert.equal(await page.title(), 'sentiment.onnx');
  });
});
