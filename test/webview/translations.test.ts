import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { picture, usePages } from './pages';

describe('the results of translations', () => {
  const openPage = usePages();
  let page: Page;
  beforeEach(async () => {
    page = await openPage({ view: 'run', scene: 'translate' });
    await page.locator('#results .translations').waitFor();
  });

  it('stand beside their baselines and what is right, as they were written', async () => {
    assert.match(await page.locator('#results .metrics').innerText(), /translation of the most similar source/);
    const first = page.locator('#results .translations details').first();
    assert.match(await first.locator('summary').innerText(), /as old as <b>mary<\/b>.*elle n’est pas aussi vieille/s);
    assert.match(await first.locator('p').innerText(), /Right: Elle n’est pas aussi vieille que Mary\. \(.*41\.2 %\)/);
  });

  it('say where the decoder looked for each word, and open by the keyboard', async () => {
    const table = page.locator('#results .attention');
    assert.equal(await table.locator('tbody tr').count(), 8);
    assert.equal(await table.locator('tbody tr').nth(4).locator('td').nth(4).innerText(), '72');
    assert.equal(
      await table.locator('tbody tr').nth(4).locator('td').nth(4).getAttribute('title'),
      'vieille from old: 72.0 %',
    );
    const last = page.locator('#results .translations details').last();
    assert.match(await last.locator('summary').innerText(), /nothing/);
    await last.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.match(await last.locator('p').innerText(), /Right: Va !/);
    await picture(page.locator('#results'), 'translations');
  });
});
