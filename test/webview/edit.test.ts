import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, overflowOf, settled, shoot, textOf, usePages, type Wanted } from './pages';

describe('the cell, the jumps and the edits of a trace', () => {
  const openPage = usePages();
  let page: Page;

  /** Opens the simulated model, runs it, and opens a block. */
  async function open(block: 'Cell' | 'Edit States', wanted: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'model', scene: 'modelSimulated', ...wanted });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const details = page.locator('.block', { has: page.locator('summary', { hasText: block }) });
    if ((await details.getAttribute('open')) === null) await details.locator('summary').click();
    await page
      .locator(`.${block === 'Cell' ? 'cell' : 'edit'}Block .blockTools input`)
      .first()
      .waitFor();
  }

  const rested = () => settled(page);
  /** Types a unit of the first block that is open. */
  async function unit(number: number): Promise<void> {
    const field = page.getByRole('spinbutton', { name: 'Unit' }).first();
    await field.fill(String(number));
    await field.press('Enter');
    await rested();
  }
  async function chooseLayer(title: string): Promise<void> {
    await page.locator('.blockTools vscode-dropdown').first().click();
    await page.getByRole('option', { name: title }).first().click();
    await rested();
  }
  const row = (name: string) => page.locator('.filledIn tr', { has: page.locator('th', { hasText: name }) });
  const step = () => textOf(page.locator('.steps output'));

  it('draws the cell once and writes each step into it', async () => {
    await open('Cell');
    await unit(3);
    await page.evaluate(() => Object.assign(window, { drawing: document.querySelector('.cellDrawing') }));
    const label = page.locator('.cellLabel', { hasText: "c'" });
    const [before, equation] = [await label.textContent(), await textOf(row("c'"))];
    await page.locator('.surface').focus();
    await page.keyboard.press('ArrowRight');
    await rested();
    assert.equal(await page.evaluate(() => document.querySelector('.cellDrawing') === Object(window).drawing), true);
    assert.notEqual(await label.textContent(), before);
    assert.notEqual(await textOf(row("c'")), equation);
  });

  it('puts the same numbers into the picture, the equations and the table', async () => {
    await open('Cell');
    await unit(2);
    for (let i = 0; i < 5; i++) await page.locator('.surface').press('ArrowRight');
    await rested();
    const cells = await page.locator('.stepTable').first().locator('tbody tr').nth(1).locator('td').allInnerTexts();
    const [i, o, f, g, c, h] = cells.map((text) => Number(text.replace('−', '-')).toFixed(3).replace('-', '−'));
    const drawn = await page.locator('.cellLabel').allTextContents();
    for (const text of [`f\u2002${f}`, `i\u2002${i}`, `g\u2002${g}`, `o\u2002${o}`, `c'\u2002${c}`, `h'\u2002${h}`])
      assert.ok(drawn.includes(text), `${text} is not among ${drawn.join(' | ')}`);
    assert.match(await textOf(row("c'")), new RegExp(`=\\s${f} ⊙ −?\\d\\.\\d+ \\+ ${i} ⊙ \\(?${g}\\)?\\s=\\s${c}$`));
    assert.match(await textOf(page.locator('.cellEnds')), /After step 5[\s\S]*After step 6/);
  });

  it('takes the later step for what came before where a layer reads backwards, and says where nothing came before', async () => {
    await open('Cell');
    await chooseLayer('Layer 2: GRU, reading backwards');
    await page.locator('.surface').press('Home');
    await rested();
    assert.match(await textOf(page.locator('.cellEnds')), /After step 2[\s\S]*After step 1/);
    await page.locator('.surface').press('End');
    await rested();
    assert.match(await textOf(page.locator('.cellEnds')), /At the beginning[\s\S]*After step 24/);
    assert.match(await textOf(row("h'")), /⊙ h/);
  });

  it('says so of a recurrence that is no cell, and shows what it carries and its equations as they are', async () => {
    await open('Cell');
    await chooseLayer('Layer 3: Scan');
    assert.match(await textOf(page.locator('.cell')), /Scan is no cell whose equations are known/);
    assert.equal(await page.locator('.cellDrawing').count(), 0);
    assert.match(await textOf(page.locator('.cell table').first()), /before the step[\s\S]*after the step[\s\S]*s/);
    assert.match(await textOf(page.locator('.cell table').last()), /0\.8 ⊙ s \+ MatMul_7 · x_step/);
  });

  it('follows a pinned unit and stays with it', async () => {
    await open('Cell');
    const surface = page.locator('.surface');
    await surface.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowDown');
    await rested();
    const field = page.getByRole('spinbutton', { name: 'Unit' }).first();
    const chosen = await field.inputValue();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await rested();
    assert.equal(await field.inputValue(), chosen);
    await page.getByRole('checkbox', { name: 'Follow the pointer' }).first().click();
    await rested();
    assert.notEqual(await field.inputValue(), chosen);
  });

  it('takes the unit whose row is clicked, and marks its row', async () => {
    await open('Cell');
    const rows = page.locator('.stepTable').nth(1).locator('tbody tr');
    await rows.nth(3).click();
    await rested();
    assert.equal(await page.getByRole('spinbutton', { name: 'Unit' }).first().inputValue(), '4');
    assert.match(await textOf(row("h'")), /z ⊙ h/, 'the layer of the row');
    assert.equal(await rows.nth(3).getAttribute('aria-current'), 'true');
    assert.equal(await page.locator('.stepTable tr[aria-current]').count(), 1);
  });

  it('remembers which blocks are open', async () => {
    await open('Edit States');
    await page.reload();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.locator('.editBlock[open] .blockTools input').waitFor();
  });

  it('jumps to peaks and saturated gates by key and by button, and says when there is none', async () => {
    await open('Cell');
    await unit(5);
    const surface = page.locator('.surface');
    await surface.focus();
    const said = page.locator('.seekSaid');
    await page.keyboard.press('p');
    await rested();
    const first = await step();
    assert.match(
      await textOf(said),
      new RegExp(`^Step ${Number.parseInt(first, 10)}: Layer 1: LSTM, h of unit 5 has a peak of`),
    );
    await page.keyboard.press('p');
    await rested();
    await page.keyboard.press('Shift+P');
    await rested();
    assert.equal(await step(), first);
    await page.keyboard.press('End');
    await page.keyboard.press('p');
    await rested();
    assert.equal(await textOf(said), 'Layer 1: LSTM, h of unit 5 has no peak after step 24.');
    assert.match(await step(), /^24/);
    await page.getByRole('button', { name: 'Previous step with a saturated gate (Shift+S)' }).click();
    await rested();
    assert.match(
      await textOf(said),
      /^(Step \d+: Layer 1: LSTM, [iof] of unit 5 is saturated at|No saturation before step 24)/,
    );
    assert.equal((await askedOf(page, 'seek')).length, 4 + 3);
    await chooseLayer('Layer 3: Scan');
    await surface.focus();
    await page.keyboard.press('s');
    await rested();
    assert.equal(await textOf(said), 'This layer has no gate that could be saturated.');
  });

  it('leaves letters that are typed into fields alone', async () => {
    await open('Edit States');
    await page.getByRole('spinbutton', { name: 'Value' }).press('p');
    await rested();
    assert.deepEqual(await askedOf(page, 'seek'), []);
  });

  it('sets a state, says first what the model gives now, and shows the set number in the cell', async () => {
    await open('Edit States');
    await unit(5);
    for (let i = 0; i < 7; i++) await page.locator('.surface').press('ArrowRight');
    const value = page.getByRole('spinbutton', { name: 'Value' });
    await value.fill('0.75');
    await value.press('Enter');
    await page.locator('.effect .outcome').waitFor();
    assert.deepEqual(await askedOf(page, 'edit'), [
      {
        trace: 'simulated',
        edits: [{ layer: 0, state: 'h', unit: 4, from: 7, to: 8, value: 0.75 }],
      },
    ]);
    assert.match(
      await textOf(page.locator('.effect')),
      /^output changes most at step \d+: from −?\d[\d.]* to −?\d[\d.]*\./,
    );
    assert.match(await step(), /^8 of 24/, 'the cursor stays');
    assert.match(await textOf(page.locator('.edits li')), /^Layer 1: LSTM, h of unit 5 is set to 0\.75 after step 8\./);
    assert.match(await textOf(row("h'")), /set to 0\.750/);
    assert.match(await textOf(page.locator('.edit .editForm + p')), /h of unit 5 is 0\.75 after step 8\./);
  });

  it('says the change that the output really has', async () => {
    await open('Edit States');
    await unit(2);
    await page.getByRole('button', { name: 'Ablate Unit' }).click();
    await page.locator('.effect .outcome').waitFor();
    const said = await textOf(page.locator('.effect .outcome'));
    const [, at, from, to] = /step (\d+): from (\S+) to (\S+)\.$/.exec(said) ?? [];
    const number = (text = '') => Number(text.replace('−', '-'));
    await page.locator('.surface').press('Home');
    for (let i = 1; i < Number(at); i++) await page.locator('.surface').press('ArrowRight');
    await rested();
    const shown = async () => number(await textOf(page.locator('.stack > .side').last().locator('.value')));
    assert.ok(Math.abs((await shown()) - number(to)) < 1e-3);
    await page.locator('.steps vscode-dropdown').last().click();
    await page.getByRole('option', { name: 'as the model has it' }).click();
    await rested();
    assert.ok(Math.abs((await shown()) - number(from)) < 1e-3);
  });

  it('takes edits back one by one and all at once, by keyboard', async () => {
    await open('Edit States');
    await unit(1);
    await page.getByRole('button', { name: 'Hold After Every Step' }).press('Enter');
    await page.locator('.edits li').first().waitFor();
    await page.getByRole('button', { name: 'Set After This Step' }).press('Enter');
    await page.locator('.edits li').nth(1).waitFor();
    await unit(2);
    await page.getByRole('button', { name: 'Ablate Unit' }).press('Enter');
    await page.locator('.edits li').nth(2).waitFor();
    await page.getByRole('button', { name: /^Undo: .*unit 1 is set to/ }).press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.edits li').length === 2);
    assert.ok(await page.evaluate(() => document.activeElement !== document.body), 'the focus is not lost');
    await page.getByRole('button', { name: 'Undo All' }).press('Enter');
    await page.waitForFunction(() => document.querySelectorAll('.edits li').length === 0);
    const asked = (await askedOf(page, 'edit')) as { readonly edits: readonly unknown[] }[];
    assert.deepEqual(
      asked.map(({ edits }) => edits.length),
      [1, 2, 3, 2, 0],
    );
    assert.equal(await page.locator('.effect .outcome').count(), 0);
  });

  it('says what is wrong with a value, and what the model says', async () => {
    await open('Edit States');
    const value = page.getByRole('spinbutton', { name: 'Value' });
    await value.fill('');
    await page.getByRole('button', { name: 'Set After This Step' }).click();
    assert.match(await textOf(page.locator('.edit p[role="alert"]')), /The value is no number/);
    await value.fill('1e9');
    await page.getByRole('button', { name: 'Hold After Every Step' }).click();
    const alert = page.locator('.edit p[role="alert"]', { hasText: 'The model gives no finite number with that.' });
    await alert.waitFor();
    assert.equal(await page.locator('.edits li').count(), 0);
  });

  it('takes the cell apart in the side panel too, for the unit that is chosen there', async () => {
    page = await openPage({ view: 'inspector', scene: 'modelSimulated', width: 300 });
    const part = page.locator('.cellPart').first();
    await part.locator('summary').click();
    await part.locator('.cellDrawing').waitFor();
    const [, most] = /unit (\d)/.exec(await textOf(part.locator('summary'))) ?? [];
    const strip = page.locator('.strip').nth(5);
    const hidden: number[] = [];
    for (let i = 0; i < 8; i++) {
      await strip.press('ArrowDown');
      const said = (await strip.getAttribute('aria-valuetext')) ?? '';
      hidden.push(Math.abs(Number(said.split(' ').at(-1)?.replace('−', '-'))));
    }
    assert.equal(Number(most), hidden.indexOf(Math.max(...hidden)) + 1, 'the most active one at first');
    assert.match(await textOf(part.locator('summary')), /unit 8/);
    await shoot(page, 'inspector-cell');
    const overflow = await overflowOf(page);
    assert.equal(overflow, 0);
  });

  const looks = [
    ...([640, 1280, 1920] as const).map((width) => ({ theme: 'dark' as const, width })),
    ...(['light', 'highContrast', 'highContrastLight'] as const).map((theme) => ({ theme, width: 1280 })),
  ];
  for (const { theme, width } of looks) {
    it(`shows both in ${theme} at ${width} pixels without scrolling sideways`, async () => {
      await open('Edit States', { theme, width });
      await unit(5);
      for (let i = 0; i < 7; i++) await page.locator('.surface').press('ArrowRight');
      await page.getByRole('button', { name: 'Set After This Step' }).click();
      await page.locator('.effect .outcome').waitFor();
      await shoot(page, `cell-${theme}-${width}`);
      const overflow = await overflowOf(page);
      assert.equal(overflow, 0);
      assert.deepEqual(await page.evaluate('window.host.violations'), []);
    });
  }
});
