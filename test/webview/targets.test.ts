import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, overflowOf, picture, settled, textOf, usePages, type Wanted } from './pages';

describe('the forecasts of several targets', () => {
  const openPage = usePages();
  let page: Page;

  async function open(more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene: 'targets', ...more });
    await page.waitForSelector('.perSeries tbody tr');
    await settled(page);
  }
  const table = () => page.locator('.perSeries:visible');

  it('lists each in its own units, in their order, and says in what all of them are', async () => {
    await open();
    assert.match(
      await textOf(page.locator('#forecast .meaning').first()),
      /over all 4 targets, RMSE and MAE in deviations/,
    );
    assert.match(await textOf(table().locator('.meaning').first()), /^For 2 of 4 targets the model errs less/);
    const rows = (await table().locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    assert.equal(rows.length, 4);
    assert.match(rows[2] ?? '', /^<i>LULL<\/i> 12 1\.100 132\.0 99\.00 13\.20 linear autoregression 120\.0$/);
    assert.deepEqual(await askedOf(page, 'forecast'), [{ horizonStep: 1, series: null, target: null }]);
    assert.equal(await textOf(page.locator('.drawn')), 'OT');
  });

  it('draws the one that is chosen, in the table or above the chart, by keyboard', async () => {
    await open();
    const link = table().getByRole('link', { name: 'Draw the forecasts of MUFL' });
    await link.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual((await askedOf(page, 'forecast')).at(-1), { horizonStep: 1, series: null, target: 'MUFL' });
    assert.equal(await textOf(page.locator('.drawn')), 'MUFL');
    assert.equal(await link.getAttribute('aria-current'), 'true');
    const chooser = page.getByRole('combobox', { name: 'Target' });
    await chooser.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    assert.deepEqual((await askedOf(page, 'forecast')).at(-1), { horizonStep: 1, series: null, target: 'OT' });
    assert.equal(await link.getAttribute('aria-current'), null);
  });

  it('has no such table and no such choice for one target', async () => {
    page = await openPage({ view: 'run', scene: 'done' });
    await settled(page);
    assert.equal(await table().count(), 0);
    assert.equal(await page.getByRole('combobox', { name: 'Target' }).isVisible(), false);
  });

  for (const { width, theme, translated } of [
    { width: 320, theme: 'light', translated: false },
    { width: 1280, theme: 'dark', translated: true },
    { width: 1280, theme: 'highContrastLight', translated: false },
  ] as const) {
    it(`fits ${width} px (${theme})`, async () => {
      await open({ width, theme, translated });
      assert.equal(await overflowOf(page), 0);
      await picture(page.locator('#forecast'), `targets-${width}-${theme}`);
    });
  }
});
