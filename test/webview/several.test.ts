import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, overflowOf, picture, settled, textOf, usePages, type Wanted } from './pages';

describe('the forecasts of several series', () => {
  const openPage = usePages();
  let page: Page;

  async function open(more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene: 'several', ...more });
    await page.waitForSelector('.perSeries tbody tr');
    await settled(page);
  }
  const table = () => page.locator('.perSeries').filter({ hasText: 'Each series' });
  const names = () => table().locator('tbody th').allInnerTexts();

  it('lists the worst first and draws the worst', async () => {
    await open();
    assert.match(await textOf(table().locator('.meaning').first()), /^In 25 of 43 series the model errs less/);
    const rows = await table().locator('tbody tr').allInnerTexts();
    assert.equal(rows.length, 12);
    assert.match(
      rows[1]?.replace(/\s+/g, ' ') ?? '',
      /^<b>bold<\/b> 12 1\.377 5\.507 4\.130 16\.52 linear autoregression 4\.000$/,
    );
    assert.deepEqual(await askedOf(page, 'forecast'), [{ horizonStep: 1, series: (await names())[0], target: null }]);
    assert.equal(await textOf(page.locator('.drawn')), (await names())[0]);
  });

  it('shows what earlier origins came to, their mean and their spread', async () => {
    await open();
    const backtest = page.locator('.backtest');
    assert.match(await textOf(backtest.locator('.meaning')), /better than every baseline from 3 of 4 origins/);
    const rows = (await backtest.locator('tbody tr').allInnerTexts()).map((row) => row.replace(/\s+/g, ' ').trim());
    // Such as (17.428 + 17 + 18 + 31.5) / 4, and the root of the sum of squares about that over 3.
    assert.deepEqual(rows, [
      'this run best 17.43 48.66 41.85 47.91 19.38',
      '1, from Jan 1, 1955 best 17.00 44.00 39.00 43.00 21.00',
      '2, from Jan 1, 1952 best 18.00 44.00 40.00 43.00 24.00',
      '3, from Jan 1, 1949 31.50 44.00 41.00 43.00 best 27.00',
      'Mean best 20.98 45.17 40.46 44.23 22.84',
      'Standard deviation 7.02 2.33 1.23 2.46 3.37',
    ]);
  });

  it('turns its pages and draws the series that is chosen, by keyboard', async () => {
    await open();
    const next = table().getByRole('button', { name: 'Next' });
    for (let turned = 0; turned < 3; turned++) {
      await next.focus();
      await page.keyboard.press('Enter');
    }
    assert.equal(await textOf(table().locator('.pages .figures')), 'Series 37 to 43 of 43');
    assert.deepEqual((await names()).slice(-2), ['shop 42', 'shop 43']);
    const link = table().getByRole('link', { name: 'Draw the forecasts of shop 42' });
    await link.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual((await askedOf(page, 'forecast')).at(-1), { horizonStep: 1, series: 'shop 42', target: null });
    assert.equal(await textOf(page.locator('.drawn')), 'shop 42');
    assert.equal(await link.getAttribute('aria-current'), 'true');
  });

  it('inspects the window of the series that is drawn', async () => {
    await open();
    await table().getByRole('link', { name: 'Draw the forecasts of shop 3', exact: true }).click();
    await settled(page);
    const over = page.locator('#forecast .u-over');
    await over.scrollIntoViewIfNeeded();
    await settled(page);
    const box = await over.boundingBox();
    assert.ok(box !== null);
    await page.mouse.click(box.x + box.width - 2, box.y + 20);
    assert.deepEqual((await askedOf(page, 'trace')).at(-1), { window: { part: 'test', index: 2 * 12 + 11 } });
  });

  it('offers every series of a run that was stopped, whose table is not made yet', async () => {
    await open();
    const series = () => page.locator('#forecast').getByRole('combobox', { name: 'Series' });
    assert.equal(await series().isVisible(), false);
    page = await openPage({ view: 'run', scene: 'severalStopped', width: 320 });
    await page.waitForSelector('#forecast .u-over');
    await settled(page);
    assert.equal(await table().first().isVisible(), false);
    assert.equal(await page.locator('#forecast vscode-dropdown').first().locator('vscode-option').count(), 43);
    // The first has a name that does not fit.
    assert.equal(await overflowOf(page), 0);
    await picture(page.locator('#forecast'), 'several-stopped-first-320');
    await series().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await settled(page);
    assert.deepEqual((await askedOf(page, 'forecast')).at(-1), { horizonStep: 1, series: 'shop 3', target: null });
    assert.equal(await textOf(page.locator('.drawn')), 'shop 3');
    assert.equal(await overflowOf(page), 0);
    await picture(page.locator('#forecast'), 'several-stopped-320');
  });

  for (const { width, theme, translated } of [
    { width: 320, theme: 'light', translated: false },
    { width: 1200, theme: 'dark', translated: true },
    { width: 900, theme: 'light', translated: false },
  ] as const) {
    it(`fits ${width} px (${theme})`, async () => {
      await open({ width, theme, translated });
      assert.equal(await overflowOf(page), 0);
      await picture(page.locator('#forecast'), `several-${width}-${theme}`);
    });
  }
});
