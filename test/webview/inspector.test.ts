import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { runDir } from './fixtures/runs';
import { askedOf, settled, textOf, usePages, type Wanted } from './pages';

const place = (page: Page) => textOf(page.locator('.steps output'));

describe('the side-panel inspector', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene']): Promise<void> {
    page = await openPage({ view: 'inspector', scene, width: 300 });
  }

  it('says what is inspected and steps through it by keyboard and by buttons', async () => {
    await open('done');
    await page.waitForSelector('main');
    assert.equal(await textOf(page.locator('h1')), 'airline-passengers');
    assert.equal(await place(page), '4 of 24 · Nov 1958');
    await page.locator('.strip').first().focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    await page.getByRole('button', { name: 'Last step (End)' }).click();
    assert.deepEqual(await askedOf(page, 'moveCursor'), [{ step: 4 }, { step: 23 }]);
    assert.match(await place(page), /^24 of 24/);
  });

  it('gives each unit its value to keyboard and screen reader, the same unit in every signal', async () => {
    await open('done');
    const strips = page.locator('.strip');
    await strips.nth(1).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match((await strips.nth(0).getAttribute('aria-valuetext')) ?? '', /^unit 2 /);
    const said = (await strips.nth(2).getAttribute('aria-valuetext')) ?? '';
    const inEquation = await textOf(page.locator('.equations tr').first().locator('.figures'));
    assert.equal(said, `unit 2 ${inEquation}`);
    await page.keyboard.press('Escape');
    assert.match((await strips.nth(0).getAttribute('aria-valuetext')) ?? '', /^mean /);
  });

  it('follows the panel to another step and to another window', async () => {
    await open('done');
    await page.waitForSelector('main');
    await page.evaluate(
      (run) => window.host.cursor({ kind: 'run', run, window: { part: 'test', index: 7 }, step: 11 }),
      runDir,
    );
    await settled(page);
    assert.match(await place(page), /^12 of 24/);
    await page.evaluate(() => window.host.inspect({ part: 'train', index: 0 }));
    await settled(page);
    assert.match(await textOf(page.locator('main')), /Training part, 1 of 12/);
    assert.deepEqual(await askedOf(page, 'moveCursor'), []);
  });

  it('keeps words apart and the one that is read in view, and characters together', async () => {
    await open('tagged');
    const read = page.locator('.read');
    await read.waitFor();
    const words = (await read.locator('span').first().textContent()) ?? '';
    assert.match(words, /^\S+( \S+)* $/);
    const [box, mark] = await Promise.all([read.boundingBox(), read.locator('mark').boundingBox()]);
    assert.ok(box !== null && mark !== null);
    const middle = mark.x + mark.width / 2 - (box.x + box.width / 2);
    assert.ok(Math.abs(middle) < 3, `${middle} pixels from the middle`);
    await open('language');
    const text = page.locator('.read');
    await text.waitFor();
    assert.doesNotMatch((await text.textContent()) ?? '', /\S \S/);
  });

  it('opens the run panel', async () => {
    await open('done');
    await page.getByRole('button', { name: 'Open in the Run Panel' }).click();
    assert.deepEqual(await askedOf(page, 'openPanel'), [{}]);
  });

  it('shows one step of a model file: what it reads, its layers, and what comes out', async () => {
    await open('model');
    await page.waitForSelector('main');
    assert.equal(await textOf(page.locator('h1')), 'sentiment.onnx');
    const said = await textOf(page.locator('main'));
    assert.match(said, /noise[\s\S]*Layer 1: LSTM[\s\S]*Layer 2: LSTM[\s\S]*Outputs/);
    assert.doesNotMatch(said, /Forecast|window/);
    await page.getByRole('button', { name: 'Open the Model' }).click();
    assert.deepEqual(await askedOf(page, 'openPanel'), [{}]);
  });

  it('says how to get something to inspect', async () => {
    await open('empty');
    await page.waitForSelector('.notice');
    assert.match(
      await textOf(page.locator('body')),
      /Nothing is inspected yet\.[\s\S]*Open a finished run from the Runs view, or an \.onnx file/,
    );
  });
});
