import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { EpochMetrics, RunEvent } from '../../extension/protocol/run';
import { epochsOf, runDir } from './fixtures/runs';
import { askedOf, settled, step, surface, textOf, usePages, type Wanted } from './pages';

const metrics = (epoch: number): EpochMetrics => ({ ...(epochsOf(1)[0] as EpochMetrics), epoch, trainLoss: 1 / epoch });
const tell = (page: Page, event: RunEvent) => page.evaluate((told) => window.host.run(told), event);
const readout = (page: Page, section: string) => textOf(page.locator(`#${section} .readout`));

describe('the run panel', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene'], more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene, ...more });
    await page.waitForSelector('main');
  }

  it('says the verdict before anything else', async () => {
    await open('done');
    const [first] = await page.locator('header p:visible').allInnerTexts();
    assert.match(first ?? '', /^The test RMSE of 17\.43 is 10 % below that of linear autoregression \(19\.38\)/);
  });

  it('offers what the state permits and asks the host for it', async () => {
    const offered = async (scene: Wanted['scene']) => {
      await open(scene);
      const names = await page.locator('.actions vscode-button:visible').allInnerTexts();
      await page.locator('.actions vscode-button:visible').first().click();
      const asked = await askedOf(page, 'act');
      return { names, asked };
    };
    assert.deepEqual(await offered('training'), { names: ['Pause', 'Stop'], asked: [{ action: 'pause' }] });
    assert.deepEqual(await offered('paused'), { names: ['Continue', 'Stop'], asked: [{ action: 'continue' }] });
    assert.deepEqual(await offered('preparing'), { names: ['Stop'], asked: [{ action: 'stop' }] });
    assert.deepEqual(await offered('stopped'), {
      names: ['Resume', 'Export…', 'Open Experiment'],
      asked: [{ action: 'resume' }],
    });
    assert.deepEqual(await offered('failed'), { names: ['Open Experiment'], asked: [{ action: 'openExperiment' }] });
    // What a finished model is used for hangs on what it has learnt.
    const uses = { done: ['Predict…', 'Backtest…'], classify: ['Predict…'], language: [] };
    for (const [scene, names] of Object.entries(uses)) {
      assert.deepEqual(await offered(scene as keyof typeof uses), {
        names: ['Export…', ...names, 'Open Experiment'],
        asked: [{ action: 'export' }],
      });
    }
  });

  it('appends epochs to the curve that is there, and opens the run again when it is done', async () => {
    await open('training');
    const drawn = await page.locator('#curves .uplot').first().elementHandle();
    await tell(page, { kind: 'epoch', run: runDir, metrics: metrics(69) });
    await tell(page, { kind: 'epoch', run: '/elsewhere', metrics: metrics(70) });
    await settled(page);
    assert.match(await readout(page, 'curves'), /Last epoch\s+69/);
    assert.equal(await drawn?.evaluate((node) => node.isConnected), true);
    await tell(page, {
      kind: 'progress',
      run: runDir,
      progress: { epoch: 70, epochs: 200, step: 1, steps: 3, secondsLeft: 3725 },
    });
    await settled(page);
    assert.equal(await textOf(page.locator('.said')), 'Epoch 70 of 200 · step 1 of 3 · 1 h 02 min left');
    assert.equal(await page.getByRole('progressbar').getAttribute('aria-valuenow'), '35');
    await tell(page, { kind: 'state', run: runDir, state: { kind: 'paused' } });
    assert.equal((await askedOf(page, 'open')).length, 2);
  });

  it('comes back where it was after a reload', async () => {
    await open('done');
    await page.getByRole('checkbox', { name: 'Log epochs' }).click();
    await page.getByRole('checkbox', { name: 'persistence' }).click();
    await page.locator('#inspector input[type=range]').first().fill('4');
    await surface(page).focus();
    await page.keyboard.press('ArrowRight');
    await settled(page);
    await page.reload();
    await surface(page).waitFor();
    await settled(page);
    assert.equal(await page.getByRole('checkbox', { name: 'Log epochs' }).getAttribute('aria-checked'), 'true');
    assert.equal(await page.getByRole('checkbox', { name: 'persistence' }).getAttribute('aria-checked'), 'false');
    assert.deepEqual(await askedOf(page, 'trace'), [{ window: { part: 'test', index: 4 } }]);
    assert.equal(await step(page), '2');
    const kept = await page.evaluate(() => JSON.parse(sessionStorage.getItem('state') ?? '{}') as { run: string });
    assert.equal(kept.run, runDir);
  });

  it('zooms where one drags and goes back on request', async () => {
    await open('done');
    const over = page.locator('#curves .u-over').first();
    const box = await over.boundingBox();
    assert.ok(box !== null);
    const reset = page.locator('#curves vscode-button.reset');
    assert.equal(await reset.isVisible(), false);
    await page.mouse.move(box.x + 100, box.y + 50);
    await page.mouse.down();
    await page.mouse.move(box.x + 300, box.y + 60, { steps: 4 });
    await page.mouse.up();
    await settled(page);
    assert.equal(await reset.isVisible(), true);
    await reset.click();
    await settled(page);
    assert.equal(await reset.isVisible(), false);
  });

  it('reads values under the cursor of a chart by keyboard', async () => {
    await open('done');
    await page.getByRole('group', { name: /Chart of training/ }).focus();
    await page.keyboard.press('Home');
    assert.match(await readout(page, 'curves'), /^Epoch\s+1\s+training\s+0\.8691/);
    assert.match((await page.locator('#curves [aria-live]').textContent()) ?? '', /^Epoch 1, training 0\.8691, /);
    await page.keyboard.press('ArrowRight');
    assert.match(await readout(page, 'curves'), /^Epoch\s+2/);
    await tell(page, { kind: 'epoch', run: runDir, metrics: metrics(201) });
    await settled(page);
    assert.match(await readout(page, 'curves'), /^Epoch\s+2/, 'a new epoch must not move the cursor');
  });

  it('hands pictures and numbers to the host', async () => {
    await open('done');
    await page.locator('#curves').getByRole('button', { name: 'Save the picture…' }).click();
    await page.locator('#forecast').getByRole('button', { name: 'Save the numbers…' }).click();
    await settled(page);
    const saved = await page.evaluate(() =>
      window.host.asked
        .filter(({ name }) => name === 'savePicture')
        .map(({ params }) => {
          const { name, type, bytes } = params as { name: string; type: string; bytes: Uint8Array };
          return { name, type, start: new TextDecoder('latin1').decode(bytes.slice(0, 80)) };
        })
        .sort((a, b) => a.name.localeCompare(b.name)),
    );
    assert.deepEqual(
      saved.map(({ name, type }) => [name, type]),
      [
        ['airline-passengers-forecast.csv', 'text/csv'],
        ['airline-passengers-loss.png', 'image/png'],
      ],
    );
    assert.match(
      saved[0]?.start ?? '',
      /^time,Passengers,model,persistence,seasonalNaive,drift,linear,low,high\r\n1949-01-0/,
    );
    assert.match(saved[1]?.start ?? '', /^.PNG/);
  });

  it('asks for another step of the horizon', async () => {
    await open('horizon');
    await page.getByRole('combobox', { name: 'Step ahead' }).click();
    await page.getByRole('option', { name: '3 of 3' }).click();
    assert.deepEqual(await askedOf(page, 'forecast'), [
      { horizonStep: 1, series: null, target: null },
      { horizonStep: 3, series: null, target: null },
    ]);
  });

  it('inspects the window whose forecast is clicked', async () => {
    await open('done');
    const over = page.locator('#forecast .u-over');
    await surface(page).waitFor();
    await over.scrollIntoViewIfNeeded();
    await settled(page);
    const box = await over.boundingBox();
    assert.ok(box !== null);
    await page.mouse.click(box.x + box.width - 2, box.y + 20);
    assert.deepEqual((await askedOf(page, 'trace')).at(-1), { window: { part: 'test', index: 11 } });
  });

  it('shows the equations of the box that is chosen by keyboard', async () => {
    await open('horizon');
    const boxes = page.locator('.box');
    assert.equal(await boxes.nth(1).getAttribute('aria-pressed'), 'true');
    await boxes.nth(2).focus();
    await page.keyboard.press('Enter');
    assert.match(
      await textOf(page.locator('.nodeDetail')),
      /^LSTM 8 units · 800 of 1979 parameters[\s\S]*h'\s*=\s*o ⊙ tanh\(c'\)\s*$/,
    );
  });

  it('shows classes by their own metrics, the larger one the better, and no forecast', async () => {
    await open('classify');
    assert.deepEqual(await page.locator('nav a').allInnerTexts(), [
      'Loss',
      'Results',
      'Gradient Through Time',
      'Architecture',
      'Inspector',
    ]);
    const rows = await page.locator('#results .metrics tr').allInnerTexts();
    assert.deepEqual(
      rows.map((row) => row.replace(/\s+/g, ' ').trim()),
      [
        'Accuracy Macro F1 MCC',
        'model best 0.8750 best 0.8612 best 0.8291',
        'most frequent class 0.3000 0.1154 0.0000',
      ],
    );
    assert.match(await readout(page, 'curves'), /validation accuracy\s+0\.8/);
    assert.deepEqual(await askedOf(page, 'forecast'), []);
    assert.match(
      (await page.locator('#inspector .outcome').first().textContent()) ?? '',
      /^For gesture the model answers /,
    );
  });

  it('draws the learning rate where it changes, and says it where it does not', async () => {
    await open('classify');
    assert.equal(await page.locator('#curves .uplot:visible').count(), 3);
    await open('done');
    assert.equal(await page.locator('#curves .uplot:visible').count(), 2);
    assert.match(await readout(page, 'curves'), /learning rate\s+0\.01/);
  });

  it('draws eight layers large enough to be read', async () => {
    await open('language');
    const folded = page.locator('.diagram .box.group');
    assert.match((await folded.getAttribute('aria-label')) ?? '', /^LSTM × 8, 8 boxes/);
    await folded.focus();
    await page.keyboard.press('Enter');
    const boxes = page.locator('.diagram .box.recurrent');
    await boxes.first().waitFor();
    const drawn = await boxes.first().locator('rect.shape').boundingBox();
    assert.ok((drawn?.height ?? 0) >= 0.75 * 64 - 1, `a box is ${drawn?.height} pixels high`);
  });

  it('says why a training diverged and what to change, and keeps what was learnt', async () => {
    await open('diverged');
    assert.match(
      (await page.locator('header .answer').textContent()) ?? '',
      /^Training diverged in step 412 \(epoch 9\).*lower learning rate than 0\.05\.$/,
    );
    assert.deepEqual(await page.locator('.actions vscode-button:visible').allInnerTexts(), [
      'Export…',
      'Open Experiment',
    ]);
  });

  it('brings the section that a command asks for into view', async () => {
    await open('done');
    await surface(page).waitFor();
    await page.evaluate(() => window.host.reveal('inspector'));
    await page.waitForFunction(() => document.activeElement?.id === 'inspector-title');
    // The tabs follow the scrolling, a frame or two later.
    await page.locator('nav a[aria-current]', { hasText: 'Inspector' }).waitFor();
  });

  it('takes another theme without a reload', async () => {
    await open('done', { theme: 'dark' });
    const look = () =>
      page.evaluate(() => {
        const canvas = document.querySelector<HTMLCanvasElement>('#curves canvas');
        return [document.body.style.getPropertyValue('--line-blue'), canvas?.toDataURL().length];
      });
    const before = await look();
    await page.evaluate(() => {
      document.documentElement.style.setProperty('--vscode-charts-blue', '#ff00ff');
      document.body.className = 'vscode-high-contrast';
    });
    await settled(page);
    const after = await look();
    assert.notEqual(after[0], before[0]);
    assert.notEqual(after[1], before[1]);
  });

  for (const width of [320, 1280]) {
    it(`leads to a heading that its links do not cover, ${width} pixels wide`, async () => {
      await open('language', { width });
      await settled(page);
      for (const section of ['Generate', 'Architecture']) {
        await page.locator('nav').getByText(section, { exact: true }).click();
        await settled(page);
        const [links, heading] = await Promise.all([
          page.locator('nav').boundingBox(),
          page.getByRole('heading', { name: section, exact: true }).boundingBox(),
        ]);
        const under = (heading?.y ?? 0) - ((links?.y ?? 0) + (links?.height ?? 0));
        assert.ok(under >= 0 && under < 40, `${section} stands ${under} pixels below the links`);
      }
    });
  }

  it('keeps a section at the top while the page still grows, until its reader moves', async () => {
    await open('done');
    await settled(page);
    const grow = (of: string, height: string) =>
      page.evaluate(
        ([id, to]) => {
          const part = document.querySelector<HTMLElement>(id);
          if (part !== null) part.style.minHeight = to;
        },
        [of, height] as const,
      );
    const top = () =>
      page.evaluate(() => Math.round(document.querySelector('#inspector')?.getBoundingClientRect().top ?? -1));
    // With nothing below it, the last section cannot come to the top yet.
    await page.evaluate(() => document.querySelector('#inspector .content')?.setAttribute('hidden', ''));
    await page.locator('nav').getByText('Inspector', { exact: true }).click();
    await settled(page);
    const before = await top();
    await page.evaluate(() => document.querySelector('#inspector .content')?.removeAttribute('hidden'));
    await settled(page);
    const there = await top();
    assert.ok(there < before && there < 120, `${there} after ${before}`);
    await grow('#forecast', '2400px');
    await settled(page);
    assert.equal(await top(), there);
    await page.mouse.wheel(0, 200);
    await settled(page);
    const moved = await top();
    assert.notEqual(moved, there);
    await grow('#inspector', '9000px');
    await settled(page);
    assert.equal(await top(), moved);
  });

  it('shows the last of very many rows first, and all of them when the zoom is taken back', async () => {
    const reset = () => page.locator('#forecast vscode-button.reset');
    await open('many');
    await settled(page);
    assert.equal(await reset().getAttribute('disabled'), null);
    await reset().click();
    await settled(page);
    assert.notEqual(await reset().getAttribute('disabled'), null);
    await open('done');
    await settled(page);
    assert.notEqual(await reset().getAttribute('disabled'), null);
  });

  it('speaks the language of the editor', async () => {
    await open('done', { language: 'zh-cn', translations: { Loss: '损失', '{0} of {1}': '第 {0} 个，共 {1} 个' } });
    assert.equal(await textOf(page.locator('#curves h2')), '损失');
    assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-cn');
  });

  it('leaves the page to its reader while epochs pour into a curve of 100,000', async () => {
    await open('many');
    await settled(page);
    const free = await page.evaluate(async (row) => {
      const run = '/home/ada/forecasts/.unroll/runs/20261120-101500-airline-passengers';
      const began = performance.now();
      let busy = 0;
      for (let i = 1; performance.now() - began < 4000; i++) {
        window.host.run({ kind: 'epoch', run, metrics: { ...row, epoch: 100_000 + i } });
        const before = performance.now();
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        busy += Math.max(0, performance.now() - before - 34);
      }
      return 1 - busy / (performance.now() - began);
    }, metrics(1));
    await page.waitForTimeout(1500);
    assert.match(await readout(page, 'curves'), /Last epoch\s+100,\d{3}/);
    assert.ok(free > 0.5, `free for ${free} of the time`);
  });
});
