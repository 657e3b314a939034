import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type Colour, contrast } from '../../webview/colour';
import { askedOf, overflowOf, shoot, usePages, type Wanted } from './pages';

/** The names of an element's rows, in their order. */
const rowsOf = (page: Page, table: string) => page.locator(`#results ${table} tbody th`).allInnerTexts();

/** A colour as the browser writes it, such as `rgb(12, 34, 56)`. */
function colourOf(text: string): Colour {
  const [red = 0, green = 0, blue = 0] = (text.match(/[\d.]+/g) ?? []).map((part) => Number(part) / 255);
  return [red, green, blue, 1];
}

describe('the results of classes', () => {
  const openPage = usePages();
  let page: Page;
  const open = async (wanted: Omit<Wanted, 'view'>) => {
    page = await openPage({ view: 'run', ...wanted });
    await page.locator('#results table').first().waitFor();
  };

  it('say which class was taken for which, in the order that is asked for', async () => {
    await open({ scene: 'names' });
    const byName = await rowsOf(page, '.confusion');
    assert.equal(byName.length, 18);
    assert.deepEqual(byName, byName.toSorted());
    assert.match(
      await page.locator('#results .confused').innerText(),
      /^Most often confused: Arabic as Chinese \(\d+\)/,
    );
    const first = page.locator('#results .confusion tbody td').nth(1);
    assert.match((await first.getAttribute('title')) ?? '', /^Arabic answered as Chinese: \d+ of \d+$/);
    await page.locator('#results vscode-dropdown').evaluate((list: HTMLElement & { value: string }) => {
      list.value = 'confused';
      list.dispatchEvent(new Event('change'));
    });
    const byErrors = await rowsOf(page, '.confusion');
    assert.deepEqual(byErrors.toSorted(), byName);
    const wrong = async (row: number) => {
      const cells = page.locator('#results .confusion tbody tr').nth(row).locator('td');
      const counts = (await cells.allInnerTexts()).map((text) => (text === '·' ? 0 : Number(text)));
      return counts.reduce((sum, count, column) => sum + (column === row ? 0 : count), 0);
    };
    assert.ok((await wrong(0)) >= (await wrong(1)) && (await wrong(1)) >= (await wrong(17)));
    assert.deepEqual(await rowsOf(page, '.perClass'), byErrors);
  });

  it('of words name the better baseline and mark the word in its sentence', async () => {
    await open({ scene: 'tagged' });
    assert.match(await page.locator('body').innerText(), /tells the tag of every word in harbour-words\.csv/);
    assert.match(await page.locator('#results .metrics').innerText(), /most frequent tag of each word/);
    const [first] = await page.locator('#results .mistakes tbody tr').allInnerTexts();
    assert.match(first ?? '', /8, step 5.+\[<b>Hope<\/b>\] at seven.+B-PORT.+B-SHIP/s);
    await shoot(page, 'tagged');
    await open({ scene: 'tagged', width: 320 });
    assert.equal(await overflowOf(page), 0);
  });

  it('of sounds that are transcribed say what was read and name the sound', async () => {
    await open({ scene: 'spoken' });
    const text = await page.locator('body').innerText();
    assert.match(text, /writes what each sound in recordings says, from 40 bands of frequency every 16 ms/);
    assert.match(text, /most frequent transcript/);
    assert.match(await page.locator('#results .mistakes tbody').innerText(), /day one\/take_12\.wav/);
  });

  it('show a part of many classes until all are asked for', async () => {
    await open({ scene: 'manyClasses' });
    assert.equal((await rowsOf(page, '.confusion')).length, 30);
    await page.getByRole('button', { name: 'Show All Classes' }).click();
    const rows = await rowsOf(page, '.confusion');
    assert.equal(rows.length, 101);
    assert.equal(rows.at(-1), '900 other classes');
    assert.equal(await page.locator('#results .more vscode-button:visible').count(), 0);
  });

  it('shade cells so that their numbers can be read in every theme', async () => {
    for (const theme of ['dark', 'highContrastLight'] as const) {
      await open({ scene: 'classify', theme });
      const cells = await page
        .locator('#results .confusion tbody td:not(.none)')
        .evaluateAll((all) =>
          all.map((cell) => [getComputedStyle(cell).color, getComputedStyle(cell).backgroundColor] as const),
        );
      assert.ok(cells.length > 4);
      const worst = Math.min(...cells.map(([ink, ground]) => contrast(colourOf(ink), colourOf(ground))));
      assert.ok(worst >= 4.5, `${theme}: ${worst}`);
    }
  });

  it('have the numbers of the reliability diagram in a table, and what was read as text', async () => {
    await open({ scene: 'names' });
    assert.equal(await page.locator('#results .reliability svg').getAttribute('aria-hidden'), 'true');
    const bars = await page.locator('#results .reliability svg .share').count();
    assert.equal(await page.locator('#results .bins tbody tr').count(), bars);
    assert.match(await page.locator('#results .sentence').innerText(), /are \d+\.\d percentage points apart/);
    // What a file says is text, whatever it looks like.
    assert.match(await page.locator('#results .mistakes .title').first().innerText(), /^<b>Name<\/b> \d+$/);
  });

  it('lead from a mistake to its sequence in the inspector', async () => {
    await open({ scene: 'names' });
    const link = page.locator('#results .mistakes a').first();
    const sequence = Number(await link.innerText());
    await link.focus();
    await page.keyboard.press('Enter');
    assert.deepEqual((await askedOf(page, 'trace')).at(-1), { window: { part: 'test', index: sequence - 1 } });
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'inspector-title');
  });

  it('say what a span of labels is, and which transcripts are worst', async () => {
    await open({ scene: 'label' });
    assert.match(await page.locator('#results').innerText(), /Span F1 counts runs of equal labels/);
    await open({ scene: 'transcribe' });
    assert.deepEqual(
      (await page.locator('#results .mistakes tbody tr').allInnerTexts()).map((row) => row.split(/\s*\t\s*/)),
      [
        ['8', 'send help', 'seed hel'],
        ['31', 'eos', 'nothing'],
      ],
    );
  });

  it('stay within a narrow window', async () => {
    for (const scene of ['names', 'manyClasses'] as const) {
      await open({ scene, width: 320 });
      const wide = await overflowOf(page);
      assert.ok(wide <= 0, `${scene}: ${wide} px too wide`);
    }
  });
});
