import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, settled, textOf, usePages, type Wanted } from '../pages';

const view = (page: Page) => page.locator('.diagram');
const boxOf = (page: Page, key: string) => page.locator(`.box[data-node="${key}"]`);
const keysOf = (page: Page) =>
  page.locator('.box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('data-node')));
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-node') ?? null);
const scaleOf = (page: Page) =>
  page.evaluate(() => {
    const picture = document.querySelector('.diagram svg');
    return Number(picture?.getAttribute('width')) / Number(picture?.getAttribute('viewBox')?.split(' ')[2]);
  });
const scrolled = (page: Page) => view(page).evaluate(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
const search = (page: Page) => page.getByRole('searchbox', { name: 'Search the diagram' });

/** The pictures that a page asked its host to save. */
const saved = (page: Page) =>
  page.evaluate(() =>
    window.host.asked
      .filter(({ name }) => name === 'savePicture')
      .map(({ params }) => {
        const { name, type, bytes } = params as { name: string; type: string; bytes: Uint8Array };
        return { name, type, bytes: [...bytes] };
      }),
  );

describe('the diagram on its page', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: Wanted['scene'], change: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'model', scene, ...change });
    await page.waitForSelector('.box, #architecture .notice:not([hidden]) p');
  }

  it('goes from box to box by arrow keys along the lines, opens and closes by Enter and Escape', async () => {
    await open('modelOfBlocks');
    await view(page).focus();
    await page.keyboard.press('Enter');
    assert.equal(await focused(page), 'tokens');
    for (const key of ['embed', 'norm', 'group blocks']) {
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(page), key);
    }
    assert.equal(await boxOf(page, 'group blocks').getAttribute('aria-expanded'), 'false');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.box[data-node="group block0"]');
    assert.equal(await focused(page), 'group blocks');
    await page.keyboard.press('ArrowDown');
    assert.equal(await focused(page), 'group block0');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.box[data-node="block0.query"]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.box[data-node="block0.query"]', { state: 'detached' });
    assert.equal(await focused(page), 'group block0');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.box[data-node="group block0"]', { state: 'detached' });
    assert.equal(await focused(page), 'group blocks');
    await page.keyboard.press('Escape');
    assert.equal(await view(page).evaluate((each) => each === document.activeElement), true);
  });

  it('says which open boxes the view is in, and leads back to their titles', async () => {
    await open('modelOfBlocks');
    const crumbs = page.getByRole('navigation', { name: 'Where the view is' });
    assert.equal(await crumbs.isVisible(), false);
    await search(page).fill('layer.9/gelu');
    await page.waitForSelector('.box[data-node="block9.gelu"][aria-pressed="true"]');
    assert.equal(await crumbs.textContent(), 'sentiment.onnx › Block × 12 › Block 10');
    await crumbs.getByRole('button', { name: 'Block × 12' }).click();
    assert.equal(await focused(page), 'group blocks');
    const [title, frame] = await Promise.all([boxOf(page, 'group blocks').boundingBox(), view(page).boundingBox()]);
    assert.ok(title !== null && frame !== null && title.y >= frame.y && title.x >= frame.x - 1);
  });

  it('has two stops of Tab however many boxes there are, each with a name', async () => {
    await open('modelOfAChain');
    const stops = await page
      .locator('.diagram, .diagram [tabindex="0"]')
      .evaluateAll((all) => all.map((each) => each.getAttribute('aria-label')));
    assert.equal(stops.length, 2);
    assert.match(stops[0] ?? '', /^Diagram of the model, 2000 boxes\. Arrow keys/);
    assert.equal(stops[1], 'MatMul');
  });

  it('remembers over a reload what is open', async () => {
    await open('modelOfBodies');
    await boxOf(page, 'loop').locator('.handle').click();
    await page.waitForSelector('.box[data-node="if"]');
    await page.reload();
    await page.waitForSelector('.box[data-node="if"]');
    assert.equal(await boxOf(page, 'loop').getAttribute('aria-expanded'), 'true');
  });

  it('finds boxes by operator, name and tensor, opens what they are in, and says how many there are', async () => {
    await open('modelOfBlocks');
    await page.locator('#architecture h2').focus();
    await page.keyboard.press('Control+f');
    await page.keyboard.type('gelu');
    await page.waitForSelector('.box[data-node="block0.gelu"][aria-pressed="true"]');
    const count = page.locator('.search output');
    assert.equal(await count.textContent(), '1 of 12');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.box[data-node="block1.gelu"][aria-pressed="true"]');
    await page.keyboard.press('Shift+Enter');
    await page.keyboard.press('Shift+Enter');
    await page.waitForSelector('.box[data-node="block11.gelu"][aria-pressed="true"]');
    assert.equal(await count.textContent(), '12 of 12');
    const [box, frame] = await Promise.all([boxOf(page, 'block11.gelu').boundingBox(), view(page).boundingBox()]);
    assert.ok(box !== null && frame !== null && box.y > frame.y && box.y + box.height < frame.y + frame.height);
    assert.equal(await search(page).evaluate((each) => each === document.activeElement), true);
    await search(page).fill('no such thing');
    assert.equal(await count.textContent(), 'nothing found');
    await search(page).fill('layer.3/up');
    await page.waitForSelector('.box[data-node="block3.up"][aria-pressed="true"]');
  });

  it('zooms by keys and by the wheel about the pointer, fits, and is moved by the pointer', async () => {
    await open('modelOfAChain');
    assert.equal(await scaleOf(page), 1);
    await view(page).focus();
    await page.keyboard.press('+');
    assert.equal(await scaleOf(page), 1.25);
    await page.keyboard.press('-');
    const frame = await view(page).boundingBox();
    assert.ok(frame !== null);
    const [x, y] = [frame.x + frame.width / 2, frame.y + 300];
    await page.mouse.move(x, y);
    await page.mouse.down();
    await page.mouse.move(x, y - 60);
    await page.mouse.move(x, y - 200);
    await page.mouse.up();
    assert.equal((await scrolled(page))[1], 200);
    const box = await boxOf(page, 'n6').boundingBox();
    assert.ok(box !== null);
    await page.mouse.move(x, box.y + 16);
    const before = await boxOf(page, 'n6').boundingBox();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -40);
    await page.keyboard.up('Control');
    await settled(page);
    assert.ok((await scaleOf(page)) > 1.2);
    const after = await boxOf(page, 'n6').boundingBox();
    const middle = (area: typeof before) => (area === null ? 0 : area.y + area.height / 2);
    assert.ok(Math.abs(middle(before) - middle(after)) < 3, `${middle(before)} and ${middle(after)}`);
    await page.keyboard.press('0');
    assert.ok((await scaleOf(page)) < 0.05);
  });

  for (const scene of ['modelOfAChain', 'modelOfATangle'] as const) {
    it(`keeps of 2,000 boxes those in view, lays them out in time, and answers meanwhile: ${scene}`, async () => {
      await open(scene);
      const shown = await keysOf(page);
      assert.ok(shown.length > 3 && shown.length < 100, `${shown.length} boxes`);
      await view(page).evaluate((each) => each.scrollTo(0, 5000));
      await settled(page);
      const later = await keysOf(page);
      assert.ok(
        later.length > 1 && later.length < 100 && later.every((key) => key === shown[0] || !shown.includes(key)),
      );
      // The page is laid out anew for another width: other tasks have their turn while it is.
      const turns = page.evaluate(
        () =>
          new Promise<number>((resolve) => {
            const diagram = document.querySelector('.diagram');
            let [turns, busy] = [0, false];
            setInterval(() => {
              const now = diagram?.getAttribute('aria-busy') === 'true';
              if (busy && !now) resolve(turns);
              busy = now;
              turns += now ? 1 : 0;
            });
          }),
      );
      await page.setViewportSize({ width: 1100, height: 900 });
      assert.ok((await turns) >= 3, `${await turns} turns`);
    });
  }

  it('says that 10,000 boxes are too many, shows some, and the others when they are searched for', async () => {
    await open('modelOfManyBoxes');
    assert.match(
      await textOf(page.locator('.diagramNotes')),
      /^10,000 boxes are too many for one picture: the 400 around/,
    );
    await search(page).fill('node_7777');
    await page.waitForSelector('.box[data-node="n7777"][aria-pressed="true"]');
    assert.match(await textOf(page.locator('.nodeDetail')), /\/node_7777/);
  });

  it('says what is known of the chosen box, and reads numbers of a weight when it is asked to', async () => {
    await open('modelOfBodies');
    await boxOf(page, 'loop').click();
    const detail = page.locator('.nodeDetail');
    assert.match(
      await textOf(detail),
      /\/decoder\/Loop[\s\S]*Attributes[\s\S]*a graph of 5 nodes[\s\S]*Reads[\s\S]*time, batch, 6[\s\S]*Makes/,
    );
    assert.doesNotMatch(await textOf(detail), /home\/ada/);
    await detail.locator('summary').click();
    assert.match(await textOf(detail), /home\/ada\/export\.py/);
    await boxOf(page, 'rolled').click();
    await page.getByRole('button', { name: 'Unroll' }).click();
    assert.match((await boxOf(page, 'rolled').textContent()) ?? '', /x₁.*h₁.*⋯.*xₙ/);
    assert.match(await textOf(page.locator('.nodeDetail .equations')), /tanh/);
    assert.deepEqual(await askedOf(page, 'initializer'), []);
    await page.getByRole('button', { name: 'Histogram of W' }).click();
    await page.waitForSelector('.histogram .column');
    assert.deepEqual(await askedOf(page, 'initializer'), [{ name: 'W' }]);
    const numbers = page.locator('.histogram dl');
    assert.match(await textOf(numbers), /smallest[\s\S]*largest[\s\S]*mean[\s\S]*zeros/);
    await page.getByRole('button', { name: 'Histogram of W' }).click();
    assert.equal(await numbers.isVisible(), false);
  });

  it('saves the whole diagram, in the colours of the theme, as SVG and as PNG', async () => {
    await open('modelOfBlocks', { theme: 'light', height: 500 });
    await boxOf(page, 'group blocks').click();
    await page.waitForSelector('.box[data-node="group block0"]');
    await page.getByRole('button', { name: 'Save the diagram as SVG…' }).click();
    await page.getByRole('button', { name: 'Save the diagram as PNG…' }).click();
    await page.waitForFunction(() => window.host.asked.filter(({ name }) => name === 'savePicture').length === 2);
    const [drawing, pixels] = await saved(page);
    assert.equal(drawing?.name, 'sentiment-architecture.svg');
    const text = Buffer.from(drawing?.bytes ?? []).toString('utf8');
    assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg"'));
    for (const title of ['tokens', 'Block × 12', 'Block 1', 'Block 12', 'logits'])
      assert.ok(text.includes(`>${title}<`), title);
    assert.doesNotMatch(text, /var\(|class="undefined|NaN/);
    assert.match(text, /fill="rgba\(255, 255, 255, 1\)"/);
    const png = Buffer.from(pixels?.bytes ?? []);
    assert.equal(png.subarray(1, 4).toString('latin1'), 'PNG');
    const [, width = 0, height = 0] = /width="([\d.]+)" height="([\d.]+)"/.exec(text)?.map(Number) ?? [];
    assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [Math.ceil(width * 2), Math.ceil(height * 2)]);
  });

  it('writes names as text and cuts them, whatever they hold', async () => {
    await open('modelOfHostileNames');
    await page.locator('.box.group').click();
    await page.locator('.box.operator').click();
    assert.equal(await page.locator('main img').count(), 0);
    assert.equal(await page.title(), 'sentiment.onnx');
    const longest = await page.locator('#architecture').evaluate((section) => {
      const texts = [...section.querySelectorAll('text, span, h3, dt, dd, li, title')].map(
        ({ textContent }) => textContent?.length ?? 0,
      );
      const said = [...section.querySelectorAll('[aria-label], [title]')].flatMap((each) => [
        each.getAttribute('aria-label')?.length ?? 0,
        each.getAttribute('title')?.length ?? 0,
      ]);
      return Math.max(...texts, ...said);
    });
    assert.ok(longest < 4000, `${longest} letters`);
    await page.getByRole('button', { name: 'Save the diagram as SVG…' }).click();
    await page.waitForFunction(() => window.host.asked.some(({ name }) => name === 'savePicture'));
    const [drawing] = await saved(page);
    assert.doesNotMatch(Buffer.from(drawing?.bytes ?? []).toString('utf8'), /<img/);
  });

  it('shows parts that nothing connects and a circle, and says so where there is nothing', async () => {
    await open('modelOfOddParts');
    assert.equal((await keysOf(page)).length, 10);
    await open('modelOfNothing');
    assert.match(await textOf(page.locator('#architecture .notice')), /no inputs, nodes or outputs/);
  });
});
