import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { EpochMetrics } from '../../extension/protocol/run';
import { withLags } from './fixtures/lags';
import { epochsOf, runDir } from './fixtures/runs';
import { overflowOf, settled, shoot, textOf, usePages, type Wanted } from './pages';
import type { ThemeName } from './themes';

const tell = (page: Page, metrics: EpochMetrics) =>
  page.evaluate((told) => window.host.run(told), { kind: 'epoch' as const, run: runDir, metrics });
const readout = (page: Page, view = 0) => textOf(page.locator('.lagView').nth(view).locator('.readout'));
const said = (page: Page) => textOf(page.locator('#lags .answer'));
const epoch = (page: Page) => page.locator('#lags').getByRole('slider', { name: 'Epoch' });

/** The epoch after those of the scene that trains; its gradient grows by a quarter at every step. */
function next(number: number): EpochMetrics {
  const [row] = withLags(epochsOf(1), 23, [{ layer: 0, states: ['h', 'c'], first: 1.25, last: 1.25 }]);
  if (row === undefined) throw new Error('There is no epoch.');
  return { ...row, epoch: number };
}

describe('the gradient through time of a run', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene'], more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene, ...more });
    await page.waitForSelector('main');
    await settled(page);
  }

  it('says for each layer whether it vanishes or explodes', async () => {
    await open('deep');
    assert.equal(
      await said(page),
      'After epoch 68 the gradient vanishes in 2 and explodes in 1 of 8 layers and directions.',
    );
    const views = await page
      .locator('.lagView')
      .evaluateAll((all) => all.map((view) => ['h3', '.reach'].map((part) => view.querySelector(part)?.textContent)));
    assert.deepEqual(views[0]?.[0], 'Layer 1: LSTM');
    assert.match(views[0]?.[1] ?? '', /^Over 23 steps the gradient falls to .* × 10⁻¹³ of what it was: it vanishes\.$/);
    assert.deepEqual(views[1]?.[0], 'Layer 1: LSTM, reading backwards');
    assert.match(views[4]?.[1] ?? '', /^Over 23 steps the gradient becomes [\d.]+ times what it was\.$/);
    assert.match(views[6]?.[1] ?? '', /^Over 23 steps the gradient grows [\d,]+ times: it explodes\.$/);
    assert.equal(await page.locator('.lagView').count(), 8);
  });

  it('follows a run that trains', async () => {
    await open('training');
    assert.equal(await said(page), 'After epoch 68 the gradient neither vanishes nor explodes.');
    const drawn = await page.locator('.lagView .uplot').elementHandle();
    await tell(page, next(69));
    await settled(page);
    assert.equal(await said(page), 'After epoch 69 the gradient explodes.');
    assert.equal(await drawn?.evaluate((node) => node.isConnected), true);
    // An epoch after which nothing was measured changes nothing.
    const { lags, ...plain } = next(70);
    assert.equal(lags?.length, 2);
    await tell(page, plain);
    await settled(page);
    assert.match(await said(page), /^After epoch 69 /);
  });

  it('begins to show it with the first epoch that is measured', async () => {
    await open('preparing');
    assert.equal(
      await textOf(page.locator('#lags .notice')),
      'The gradient through time appears after the first epoch.',
    );
    await tell(page, next(1));
    await page.locator('.lagView .uplot').waitFor();
    assert.match(await said(page), /^After epoch 1 /);
    // Of one epoch there is no earlier one to go back to.
    assert.equal(await epoch(page).isVisible(), false);
    assert.doesNotMatch(await readout(page), /at first/);
  });

  it('goes back to an earlier epoch by keyboard and stays there while the run trains', async () => {
    await open('training');
    await epoch(page).focus();
    await page.keyboard.press('Home');
    await settled(page);
    assert.match(await said(page), /^After epoch 1 the gradient vanishes\.$/);
    assert.equal(await epoch(page).getAttribute('aria-valuetext'), '1');
    await tell(page, next(69));
    await settled(page);
    assert.match(await said(page), /^After epoch 1 /);
    await page.keyboard.press('End');
    await settled(page);
    assert.match(await said(page), /^After epoch 69 /);
  });

  it('reads the norms by keyboard, at the same lag in every layer', async () => {
    await open('deep');
    const chart = page.getByRole('group', { name: /^Chart of the norm of the gradient by steps back, Layer 1: LSTM$/ });
    await chart.focus();
    await page.keyboard.press('Home');
    assert.match(await readout(page), /^Steps back\s+0\s+norm by h\s+0\.\d+\s+norm by c\s+0\.\d+\s+at first\s+0\.\d+$/);
    await page.keyboard.press('ArrowRight');
    assert.match(
      (await page.locator('.lagView [aria-live]').first().textContent()) ?? '',
      /^Steps back 1, norm by h 0\.\d+, /,
    );
    for (const view of [0, 3, 7]) assert.match(await readout(page, view), /^Steps back\s+1\s/);
    await page.keyboard.press('Escape');
    assert.match(await readout(page), /^Steps back\s+23\s/);
  });

  it('goes to the epoch and the lag that the pointer is on in the colours', async () => {
    await open('training');
    const heat = page.locator('.lagView > canvas');
    await heat.scrollIntoViewIfNeeded();
    const box = await heat.boundingBox();
    const over = await page.locator('.lagView .u-over').boundingBox();
    assert.ok(box !== null && over !== null);
    await page.mouse.move(over.x + (over.width * 10) / 23, box.y + box.height / 2);
    assert.match(await readout(page), /^Steps back\s+10\s/);
    await page.mouse.click(over.x + 4, box.y + box.height / 2);
    await settled(page);
    assert.match(await said(page), /^After epoch 3\d /);
  });

  it('gives out its picture and its numbers', async () => {
    await open('done');
    await page.locator('#lags').getByRole('button', { name: 'Save the picture…' }).click();
    await page.locator('#lags').getByRole('button', { name: 'Save the numbers…' }).click();
    await settled(page);
    const saved = await page.evaluate(() =>
      window.host.asked
        .filter(({ name }) => name === 'savePicture')
        .map(({ params }) => {
          const { name, bytes } = params as { name: string; bytes: Uint8Array };
          return [name, new TextDecoder('latin1').decode(bytes.slice(0, 70))] as const;
        })
        .sort(([a], [b]) => a.localeCompare(b)),
    );
    assert.deepEqual(
      saved.map(([name]) => name),
      ['airline-passengers-gradient.csv', 'airline-passengers-gradient.png'],
    );
    assert.match(saved[0]?.[1] ?? '', /^epoch,layer,direction,state,stepsBack,norm\r\n1,1,forward,h,0,0\.\d+\r\n/);
    assert.match(saved[1]?.[1] ?? '', /^.PNG/);
  });

  it('says so where nothing was measured', async () => {
    await open('small');
    assert.match(
      await textOf(page.locator('#lags .notice')),
      /^The gradient through time was not measured in this run\./,
    );
  });

  const looks: readonly (Partial<Wanted> & { readonly name: string })[] = [
    ...(['dark', 'light', 'highContrast', 'highContrastLight'] as readonly ThemeName[]).map((theme) => ({
      name: theme,
      theme,
    })),
    { name: 'narrow', width: 320 },
    { name: 'wide', width: 1920 },
    { name: 'zh-cn', language: 'zh-cn', translated: true },
  ];
  for (const { name, ...more } of looks) {
    it(`shows ${name} without scrolling sideways`, async () => {
      await open('deep', more);
      await shoot(page, `lags-${name}`);
      const wide = await overflowOf(page);
      assert.equal(wide, 0);
    });
  }
});
