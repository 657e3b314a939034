import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, settled, textOf, usePages, type Wanted } from '../pages';

type TileAsked = { readonly wish: { readonly signal: { readonly signal: number }; readonly order: string } };

describe('the pictures of a trace', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene'], more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'run', scene, ...more });
    await page.waitForSelector('.surface');
    await page.evaluate(() => document.querySelector('#inspector .stack')?.scrollIntoView());
    await settled(page);
  }
  const surface = () => page.getByRole('slider', { name: 'Time step' });
  const press = async (...keys: readonly string[]) => {
    for (const key of keys) await page.keyboard.press(key);
    await settled(page);
  };
  const pins = () => page.locator('.pins:visible li');
  /** Where the picture of the signal of this name is. */
  const boxOf = (name: string) =>
    page.evaluate((wanted) => {
      const labels = [...document.querySelectorAll('.stack > .signal')];
      const label = labels.find((each) => each.querySelector('strong')?.textContent === wanted);
      const { left, top, width, height } = label?.nextElementSibling?.getBoundingClientRect() ?? new DOMRect();
      return { left, top, width, height };
    }, name);
  /** Whether there is a zoom to take back. */
  const resetZoom = () => page.locator('#inspector vscode-button.reset').isVisible();

  it('pin the unit that is clicked, as a line with its value, and take the pin away by keyboard', async () => {
    await open('done');
    const { left, top, width, height } = await boxOf('c');
    for (const unit of [4, 9]) await page.mouse.click(left + width * 0.3, top + (height * (unit + 0.5)) / 32);
    await settled(page);
    assert.deepEqual(await pins().locator('.name').allInnerTexts(), ['unit 5', 'unit 10']);
    const row = page.locator('.stepTable tbody tr').nth(4);
    const number = async (text: Promise<string>) => Number((await text).replace('\u2212', '-'));
    const shown = await number(textOf(pins().first().locator('.figures')));
    const listed = await number(row.locator('td').nth(1).innerText());
    assert.ok(Math.abs(shown - listed) < 1e-3, `${shown} beside ${listed}`);
    await page.getByRole('button', { name: 'Unpin unit 5' }).focus();
    await press('Enter');
    assert.deepEqual(await pins().locator('.name').allInnerTexts(), ['unit 10']);
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('aria-label')), 'Unpin unit 10');
    await press('Enter');
    assert.equal(await pins().count(), 0);
  });

  it('are reached by keys: a unit below, another signal, a pin, at most eight of them', async () => {
    await open('done');
    await surface().focus();
    await press('ArrowDown', 'ArrowDown', 'ArrowDown');
    assert.match((await surface().getAttribute('aria-valuetext')) ?? '', /h unit 3 [−\d.]+$/);
    await press('Shift+ArrowDown', 'Enter');
    assert.match((await surface().getAttribute('aria-valuetext')) ?? '', /c unit 3 [−\d.]+$/);
    for (let i = 0; i < 9; i++) await press('ArrowDown', 'Enter');
    assert.equal(await pins().count(), 8);
    assert.equal(await page.getByRole('list', { name: 'Pinned units of c' }).count(), 1);
    assert.equal(await surface().getAttribute('aria-valuenow'), '1', 'choosing units does not step');
  });

  it('are ordered together, and name the true unit under the pointer', async () => {
    await open('done', { height: 1800 });
    await page.getByRole('combobox', { name: 'Order of units' }).click();
    await page.getByRole('option', { name: 'by value' }).click();
    await settled(page);
    const asked = (await askedOf(page, 'tile')) as TileAsked[];
    const ordered = asked.filter(({ wish }) => wish.order === 'value').map(({ wish }) => wish.signal.signal);
    assert.deepEqual([...new Set(ordered)].sort(), [0, 1, 2, 3, 4, 5]);
    const { left, top, width, height } = await boxOf('c');
    await page.mouse.move(left + width * 0.3, top + height / 64);
    await settled(page);
    const names = await page.locator('.stack .which').allInnerTexts();
    assert.equal(new Set(names).size, 1, 'all signals of the layer say the same unit');
    const unit = Number(/^unit (\d+)$/.exec(names[0] ?? '')?.[1]);
    const shown = await textOf(page.locator('.stack .reading .value').nth(1));
    const listed = await page
      .locator('.stepTable tbody tr')
      .nth(unit - 1)
      .locator('td')
      .nth(1)
      .innerText();
    const number = (text: string) => Number(text.replace('\u2212', '-'));
    assert.ok(Math.abs(number(shown) - number(listed)) < 1e-3, `${shown} beside ${listed}`);
  });

  it('zoom and move along by wheel and keys, and leave the page its own scrolling', async () => {
    await open('wide');
    assert.equal(await resetZoom(), false);
    const { left, top, width } = await boxOf('h');
    await page.mouse.move(left + width / 2, top + 40);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -600);
    await page.keyboard.up('Control');
    await settled(page);
    assert.equal(await resetZoom(), true);
    const steps = async () => {
      const seen: (string | null)[] = [];
      for (const share of [0.02, 0.98]) {
        await page.mouse.move(left + width * share, top + 40);
        await settled(page);
        seen.push(await surface().getAttribute('aria-valuenow'));
      }
      return seen.map(Number);
    };
    const before = await steps();
    await surface().focus();
    await press('Shift+ArrowRight');
    const after = await steps();
    const span = (before[1] ?? 0) - (before[0] ?? 0);
    assert.ok(Math.abs((after[0] ?? 0) - (before[0] ?? 0) - span / 4) < span / 20, `${before} then ${after}`);
    await press('0');
    assert.equal(await resetZoom(), false);
    const scrolled = await page.evaluate(() => window.scrollY);
    await page.mouse.wheel(0, 200);
    await settled(page);
    assert.notEqual(await page.evaluate(() => window.scrollY), scrolled);
  });

  it('grow tall on request, where single units can be scrolled to', async () => {
    await open('wide');
    await page.getByRole('button', { name: 'Show h larger' }).click();
    await settled(page);
    const { left, top, width, height } = await boxOf('h');
    assert.equal(height, 384);
    for (let i = 0; i < 3; i++) await page.getByRole('button', { name: 'Fewer units, larger' }).first().click();
    await settled(page);
    const unitAt = async (share: number) => {
      await page.mouse.move(left + width / 2, top + height * share);
      await settled(page);
      return Number((await textOf(page.locator('.stack .which').first())).replace(/\D/g, ''));
    };
    const [first, last] = [await unitAt(0.001), await unitAt(0.999)];
    assert.equal(last - first + 1, 125);
    await page.mouse.wheel(0, 200);
    await settled(page);
    assert.ok((await unitAt(0.001)) > first);
    await page.getByRole('button', { name: 'Show h small again' }).click();
    await settled(page);
    assert.equal((await boxOf('h')).height, 200);
  });

  it('are not painted again by a step, nor asked for while they are off screen', async () => {
    await open('wide', { height: 500 });
    // Tiles that arrive are painted: wait for the last.
    await page.waitForTimeout(3000);
    const signals = new Set(((await askedOf(page, 'tile')) as TileAsked[]).map(({ wish }) => wish.signal.signal));
    assert.ok(signals.has(0) && !signals.has(5), `asked for ${[...signals]}`);
    const count = await page.evaluate(async () => {
      let painted = 0;
      const paint = CanvasRenderingContext2D.prototype.drawImage;
      CanvasRenderingContext2D.prototype.drawImage = function (...args: unknown[]) {
        painted += 1;
        return Reflect.apply(paint, this, args);
      };
      const target = document.querySelector('.surface');
      const bubbling = { bubbles: true, cancelable: true };
      for (let i = 0; i < 20; i++) {
        target?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', ...bubbling }));
        await new Promise((done) => requestAnimationFrame(done));
      }
      await new Promise((done) => setTimeout(done, 300));
      const byStepping = painted;
      target?.dispatchEvent(new KeyboardEvent('keydown', { key: '+', ...bubbling }));
      await new Promise((done) => setTimeout(done, 300));
      return { byStepping, byZooming: painted - byStepping };
    });
    assert.equal(await surface().getAttribute('aria-valuenow'), '21');
    assert.equal(count.byStepping, 0);
    assert.ok(count.byZooming > 0, 'the count counts');
  });

  it('colour what is read by the chosen unit, and say by which', async () => {
    await open('language');
    const colours = () =>
      page.evaluate(() => {
        const text = document.querySelector<HTMLCanvasElement>('.stack > canvas:nth-of-type(2)');
        if (text === null) return 0;
        const copy = new OffscreenCanvas(text.width, 1).getContext('2d', { willReadFrequently: true });
        copy?.drawImage(text, 0, -2);
        const { data } = copy?.getImageData(0, 0, text.width, 1) ?? { data: [] };
        const seen = new Set<number>();
        for (let i = 0; i < data.length; i += 4)
          if (data[i + 3] === 255) seen.add((data[i] ?? 0) * 65536 + (data[i + 1] ?? 0) * 256 + (data[i + 2] ?? 0));
        return seen.size;
      });
    const plain = await colours();
    await surface().focus();
    await press('ArrowDown', 'ArrowDown');
    await settled(page);
    assert.equal(await textOf(page.locator('.coloured').first()), 'coloured by h, unit 2');
    assert.ok((await colours()) > plain + 10, `${await colours()} colours after ${plain}`);
  });

  it('list the five likeliest answers of the step', async () => {
    await open('language');
    const list = page.getByRole('list', { name: 'Likeliest answers' });
    const shares = async () =>
      (await list.locator('li').allInnerTexts()).map((text) => Number(/(\d+) %/.exec(text)?.[1]));
    const first = await shares();
    assert.equal(first.length, 5);
    assert.deepEqual(
      first,
      first.toSorted((a, b) => b - a),
    );
    await surface().focus();
    await press('End');
    assert.notDeepEqual(await shares(), first);
  });

  it('list the largest of an output, and say that they are taken as logits', async () => {
    page = await openPage({ view: 'model', scene: 'model' });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForSelector('.topList');
    const list = page.getByRole('list', { name: 'Largest of y' });
    assert.equal(await list.locator('li').count(), 5);
    assert.match(await textOf(page.locator('.topList .meaning')), /taken as logits; beside them stands their softmax/);
  });
});
