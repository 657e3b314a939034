import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { runDir } from './fixtures/runs';
import { askedOf, settled, step, surface, textOf, usePages, type Wanted } from './pages';

describe('the inspector of a run', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene'], more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene, ...more });
    await page.waitForSelector('main');
  }

  it('steps by keyboard and tells the host every step', async () => {
    await open('done');
    await surface(page).focus();
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowLeft', 'End', 'ArrowRight', 'Home']) {
      await page.keyboard.press(key);
      await settled(page);
    }
    const steps = (await askedOf(page, 'moveCursor')) as { step: number }[];
    assert.deepEqual(
      steps.map((asked) => asked.step),
      [1, 2, 1, 23, 0],
    );
    assert.equal(await step(page), '1');
    assert.match(
      (await surface(page).getAttribute('aria-valuetext')) ?? '',
      /^Step 1 of 24, Jan 1958, Passengers 232$/,
    );
  });

  it('finds what looks like a span in other windows, and goes there', async () => {
    await open('done');
    await page.locator('.matchBlock summary').click();
    await page.locator('.matchBlock').getByRole('button', { name: 'Find', exact: true }).click();
    const elsewhere = page.locator('.matchBlock .places button, .matchBlock .places vscode-button', {
      hasText: /^Window/,
    });
    const said = await textOf(elsewhere.first());
    const [, index = '', from = ''] = /^Window (\d+), steps (\d+) to \d+, [\d.]+ % of the units$/.exec(said) ?? [];
    await elsewhere.first().click();
    await page.waitForFunction(
      (wanted) =>
        window.host.asked.some(
          ({ name, params }) => name === 'moveCursor' && (params as { step: number }).step === wanted,
        ),
      Number(from) - 1,
    );
    const asked = (await askedOf(page, 'trace')) as { window: { index: number } }[];
    assert.equal(asked.at(-1)?.window.index, Number(index) - 1);
    assert.equal(await step(page), from);
    // What was found stays, to be gone through.
    assert.equal(await textOf(elsewhere.first()), said);
  });

  it('moves the cursor and names the unit where the pointer is', async () => {
    await open('done');
    await surface(page).waitFor();
    await settled(page);
    const heat = page.locator('.stack > canvas').nth(2);
    await heat.scrollIntoViewIfNeeded();
    const box = await heat.boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(box.x + (box.width * 10.5) / 25, box.y + (box.height * 4.5) / 32);
    await settled(page);
    assert.equal(await step(page), '11');
    assert.deepEqual(await page.locator('.stack .which').allInnerTexts(), Array(6).fill('unit 5'));
    const row = page.locator('.stepTable tbody tr').nth(4);
    const shown = Number((await textOf(page.locator('.stack .reading .value').first())).replace('\u2212', '-'));
    const listed = Number((await textOf(row.locator('td').first())).replace('\u2212', '-'));
    assert.ok(Math.abs(shown - listed) < 1e-3, `${shown} beside ${listed}`);
  });

  it('plays with Space, and takes one step instead where motion is unwelcome', async () => {
    await open('done');
    await surface(page).focus();
    await page.keyboard.press('Space');
    await page.waitForFunction(() => Number(document.querySelector('.surface')?.getAttribute('aria-valuenow')) >= 3);
    await page.keyboard.press('Space');
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await page.waitForTimeout(700);
    assert.equal(await step(page), '2');
  });

  it('follows the cursor of the side panel, to another window too', async () => {
    await open('done');
    await surface(page).waitFor();
    const cursor = { kind: 'run' as const, run: runDir, window: { part: 'test' as const, index: 0 }, step: 9 };
    await page.evaluate((told) => window.host.cursor(told), cursor);
    await page.waitForFunction(() => document.querySelector('.surface')?.getAttribute('aria-valuenow') === '10');
    await page.evaluate((told) => window.host.cursor(told), {
      ...cursor,
      window: { part: 'train' as const, index: 2 },
      step: 5,
    });
    await page.waitForFunction(() => document.querySelector('.surface')?.getAttribute('aria-valuenow') === '6');
    assert.deepEqual((await askedOf(page, 'trace')).at(-1), { window: { part: 'train', index: 2 } });
    assert.deepEqual(await askedOf(page, 'moveCursor'), []);
  });

  it('says at each step which character was read, which is answered and which is right', async () => {
    await open('language');
    await surface(page).focus();
    await page.keyboard.press('Home');
    const spoken = async () => (await surface(page).getAttribute('aria-valuetext')) ?? '';
    assert.match(await spoken(), /^Step 1 of 48, t, At this step: h with \d+ %, which is right\.$/);
    await page.keyboard.press('ArrowRight');
    await settled(page);
    assert.match(await spoken(), /^Step 2 of 48, h, At this step: /);
    assert.match(
      (await page.locator('#inspector .outcome').first().textContent()) ?? '',
      / right at \d+ of 48 steps\.$/,
    );
  });

  it('calls what is cut out of a series a window, and what is read whole a sequence', async () => {
    for (const [scene, name] of [
      ['done', 'Window'],
      ['language', 'Window'],
      ['classify', 'Sequence'],
    ] as const) {
      await open(scene);
      await settled(page);
      assert.equal(await page.locator('#inspector').getByRole('slider', { name, exact: true }).count(), 1, scene);
    }
  });
});
