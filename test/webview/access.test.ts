import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { settled, usePages, type Wanted } from './pages';

/** Names, as a screen reader would say them, of everything that Tab reaches, in order. */
async function tabStops(page: Page, most: number): Promise<string[]> {
  const names: string[] = [];
  await page.locator('body').focus();
  for (let i = 0; i < most; i++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const focused = document.activeElement;
      if (focused === null || focused === document.body) return null;
      return focused.getAttribute('aria-label') ?? focused.textContent?.trim() ?? '';
    });
    if (name === null) break;
    names.push(name);
  }
  return names;
}

describe('the pages without a mouse or without sight', () => {
  const openPage = usePages();

  for (const wanted of [
    { view: 'run', scene: 'horizon' },
    { view: 'run', scene: 'training' },
    { view: 'model', scene: 'model' },
    { view: 'data', scene: 'folderOfSounds' },
    { view: 'data', scene: 'dataOfSeveralSeries' },
    { view: 'inspector', scene: 'horizon', width: 300 },
  ] satisfies Wanted[]) {
    it(`every stop of Tab has a name, in reading order: ${wanted.view}, ${wanted.scene}`, async () => {
      const page = await openPage(wanted);
      await page.waitForSelector('main');
      await settled(page);
      const names = await tabStops(page, 80);
      assert.ok(names.length > 10, `only ${names.length} stops`);
      assert.deepEqual(
        names.filter((name) => name === ''),
        [],
      );
      const tops = await page.evaluate(() =>
        [...document.querySelectorAll('h1, h2')].map((heading) => heading.getBoundingClientRect().top),
      );
      assert.deepEqual(
        tops,
        tops.toSorted((a, b) => a - b),
      );
    });
  }

  it('ids are unique, pictures are named or hidden, and tables have headers', async () => {
    const page = await openPage({ view: 'run', scene: 'done' });
    await page.waitForSelector('.stack canvas');
    const faults = await page.evaluate(() => {
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
      const bare = [...document.querySelectorAll('svg, canvas')].filter(
        (node) => node.closest('[aria-hidden=true], [role=group], [role=slider]') === null,
      );
      const headless = [...document.querySelectorAll('table')].filter((table) => table.querySelector('th') === null);
      return {
        twice: ids.filter((id, i) => ids.indexOf(id) !== i),
        bare: bare.map(({ outerHTML }) => outerHTML.slice(0, 80)),
        headless: headless.length,
      };
    });
    assert.deepEqual(faults, { twice: [], bare: [], headless: 0 });
  });

  it('progress is announced politely and not at every step', async () => {
    const page = await openPage({ view: 'run', scene: 'training' });
    await page.waitForSelector('main');
    const live = page.locator('header [aria-live=polite]');
    const before = await live.textContent();
    assert.match(before ?? '', /^Epoch 69 of 200/);
    await page.evaluate(() =>
      window.host.run({
        kind: 'progress',
        run: '/home/ada/forecasts/.unroll/runs/20261120-101500-airline-passengers',
        progress: { epoch: 90, epochs: 200, step: 1, steps: 3, secondsLeft: 60 },
      }),
    );
    await settled(page);
    assert.match((await page.locator('.said').textContent()) ?? '', /^Epoch 90 of 200/);
    assert.equal(await live.textContent(), before);
  });
});
