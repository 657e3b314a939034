import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { type DataSceneName, dataScenes } from './fixtures/data';
import { askedOf, overflowOf, settled, shoot, textOf, usePages, type Wanted } from './pages';
import { everyTheme } from './themes';

describe('the panel of a data file', () => {
  const openPage = usePages();
  let page: Page;

  async function open(scene: DataSceneName, more: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'data', scene, ...more });
    await page.waitForSelector('main, .notice.whole');
    await settled(page);
  }

  const toggle = (name: string) => page.getByRole('button', { name, exact: true });

  it('says what the file is and what can be learnt from it, every choice with its reason', async () => {
    await open('data');
    assert.equal(await textOf(page.locator('h1')), 'airline-passengers.csv');
    assert.equal(
      await textOf(page.locator('.answer')),
      'Can be trained to forecast the next Passengers from the last 12 rows.',
    );
    assert.equal(await textOf(page.locator('header .said.figures')), '144 rows · 2 columns · 2.13 KB');
    assert.match(
      await textOf(page.locator('#overview')),
      /Training reads 93 \(64\.6 %\) rows, validation 22 \(15\.3 %\), the test 29 \(20\.1 %\)\./,
    );
    const first = await page.locator('#overview tbody tr').nth(2).locator('th, td').allInnerTexts();
    assert.deepEqual(first, ['target', 'Passengers', 'Passengers is the only column of numbers that are measured.']);
    await page.getByRole('button', { name: 'Train on This File…' }).click();
    assert.equal((await askedOf(page, 'train')).length, 1);
  });

  it('shows what the file holds before it is known what can be learnt from it', async () => {
    await open('dataThatWaits');
    assert.match(await textOf(page.locator('.answer[aria-busy=true]')), /Looking for what can be learnt/);
    assert.equal(await page.getByRole('button', { name: 'Train on This File…' }).getAttribute('disabled'), '');
    const overview = await textOf(page.locator('#overview'));
    assert.match(overview, /Passengers holds 1\.210,5, which is a number only with a decimal comma\./);
    assert.match(overview, /12 lines are not UTF-8, the first of them line 3/);
    assert.match(overview, /is shown here once it is found/);
    assert.equal(await page.locator('.columnList > li').count(), 2);
    await toggle('Passengers').press('Enter');
    assert.equal((await page.locator('.plot').count()) > 0, true);
  });

  it('shows the first and the last rows with the numbers that they have in the file', async () => {
    await open('data');
    const places = await page.locator('#preview tbody th').allInnerTexts();
    assert.deepEqual(places, [
      ...Array.from({ length: 20 }, (_, i) => `${i + 1}`),
      ...Array.from({ length: 10 }, (_, i) => `${i + 135}`),
    ]);
    assert.equal(await textOf(page.locator('#preview .between')), '114 more');
  });

  it('opens a column by keyboard, and steps through its plots by arrow keys', async () => {
    await open('data');
    assert.equal(await page.locator('.plot').count(), 0);
    await toggle('Passengers').focus();
    await page.keyboard.press('Enter');
    assert.equal(await toggle('Passengers').getAttribute('aria-expanded'), 'true');
    const plot = page.getByRole('group', { name: 'Passengers over time' });
    await plot.focus();
    await page.keyboard.press('Home');
    assert.match(await textOf(page.locator('.readout').first()), /Jan 1949[\s\S]*value/);
    const spoken = page.locator('.chart [aria-live]').first();
    assert.match((await spoken.textContent()) ?? '', /Jan 1949/);
    assert.match(await textOf(page.locator('.columnDetail:not([hidden])')), /The values repeat every 12 rows\./);
    await page.keyboard.press('Escape');
    await toggle('Passengers').press('Enter');
    assert.equal(await plot.isVisible(), false);
  });

  it('shows columns fifty at a time', async () => {
    await open('dataThatIsWide');
    assert.equal(await page.locator('.columnList > li').count(), 50);
    assert.match(await textOf(page.locator('#columns .tools')), /1 to 50 of 500/);
    await page.getByRole('button', { name: 'Next', exact: true }).click();
    assert.equal(await textOf(page.locator('.columnName').first()), 'sensor 50');
    assert.match(await textOf(page.locator('#preview')), /450 more columns are not shown here\./);
  });

  it('tells classes, lengths and words where the file has them, and leaves the rest out', async () => {
    await open('dataOfTexts');
    assert.match(await textOf(page.locator('#classes')), /Whoever always answers ham is right in 86\.6 %\./);
    assert.match(await textOf(page.locator('#classes')), /Training reads 3352, validation 773, the test 1032: chance/);
    const parts = await page
      .locator('#classes table')
      .nth(1)
      .locator('tbody tr')
      .nth(1)
      .locator('th, td')
      .allInnerTexts();
    assert.deepEqual(parts.slice(0, 4), ['spam', '417', '96', '128']);
    assert.equal(await page.locator('#lengths h3').innerText(), 'message');
    const words = await page.locator('#vocabulary .frequencies').first().locator('tbody th').allInnerTexts();
    assert.deepEqual(words, ['space', 'e', 'o', 't', 'end of line', 'tab', 'U+200B', 'é', '漢']);
    assert.match(await textOf(page.locator('#missing')), /No value is missing\./);
    const other = await openPage({ view: 'data', scene: 'data' });
    await other.waitForSelector('main');
    assert.equal(await other.locator('#classes, #lengths, #vocabulary').count(), 0);
  });

  it('takes names and values for what they are, and says what is odd about a column', async () => {
    await open('dataThatIsOdd');
    assert.equal(await page.locator('img').count(), 0);
    assert.notEqual(await page.title(), 'owned');
    const said = await page.locator('.columnSaid').allInnerTexts();
    assert.match(said[1] ?? '', /always 5/);
    assert.match(said[2] ?? '', /every value is missing/);
    assert.match(said[3] ?? '', /under 0\.1 % missing/);
    const missing = await page.locator('#missing tbody tr').allInnerTexts();
    assert.equal(missing.length, 3);
    assert.match(missing[0] ?? '', /^empty.*100 %.*everywhere/s);
    assert.match(missing[1] ?? '', /2,190,011.*21\.9 %.*about rows 3,050,001 to 7,550,000/s);
    assert.equal(await page.getByRole('button', { name: 'Train on This File…' }).getAttribute('disabled'), '');
  });

  it('says when the file has changed, and reads again when it is told to', async () => {
    await open('data');
    await page.evaluate(() => window.host.change());
    const again = page.getByRole('button', { name: 'Read Again' });
    await again.click();
    await page.waitForSelector('main');
    assert.equal((await askedOf(page, 'open')).length, 2);
    assert.equal(await again.isVisible(), false);
  });

  it('shows one sentence for a file that is none, and tries again', async () => {
    await open('dataThatIsNone');
    assert.match(await textOf(page.getByRole('alert')), /^wrong\.csv is not text/);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await page.waitForSelector('[role=alert]');
    assert.equal((await askedOf(page, 'open')).length, 2);
  });

  it('shows a folder of texts: its files, classes, parts, lengths and words, and what to look at', async () => {
    await open('folderOfTexts');
    assert.equal(await textOf(page.locator('.answer')), 'Can be trained to tell the class of each text.');
    assert.equal(await textOf(page.locator('header .said.figures')), '100,000 files · about 126 MB');
    const overview = await textOf(page.locator('#overview'));
    assert.match(
      overview,
      /Training reads 3230 \(65\.1 %\) texts, validation 740 \(14\.9 %\), the test 993 \(20 %\); each is in one part\./,
    );
    assert.match(overview, /5000 of 100,000 files were looked into, evenly over all of them/);
    const files = page.locator('#files');
    assert.match(await textOf(files), /neg\/1234_1\.txt\s*It holds no text and is left out\.[\s\S]*12 more/);
    assert.match(await textOf(files), /96 repeat an earlier one; 3 have several classes/);
    assert.equal(await page.locator('img').count(), 0);
    assert.equal(await page.locator('#lengths .binFigure').count(), 2);
    assert.match(
      await textOf(page.locator('#vocabulary')),
      /4711 stand once\.[\s\S]*Among the rarest: zzzz, ö, U\+00A0, yr\./,
    );
    assert.equal(await page.locator('#columns, #missing, #sounds, #series').count(), 0);
    await page.getByRole('button', { name: 'Train on This Folder…' }).click();
    assert.equal((await askedOf(page, 'train')).length, 1);
  });

  it('shows a folder of sounds, and pictures of the one that is chosen', async () => {
    await open('folderOfSounds');
    const sounds = page.locator('#sounds');
    assert.match(await textOf(sounds), /All of them hold frequencies up to 4000 Hz\./);
    assert.match(await textOf(sounds), /8000 samples a second, 2 channels, 16 bits\s*3\s*0\.6 %/);
    assert.match(
      await textOf(sounds),
      /0_george_0\.wav: 0\.679 seconds, read as 42 steps of 40 bands up to 4000 Hz, one every 16 ms\./,
    );
    await sounds.getByRole('button', { name: 'Next', exact: true }).click();
    await sounds.getByText('0_jackson_0.wav: ').waitFor();
    assert.deepEqual(await askedOf(page, 'sound'), [
      { name: '0_george_0.wav', highest: 4000 },
      { name: '0_jackson_0.wav', highest: 4000 },
    ]);
    assert.match(await textOf(page.locator('#files')), /3_lucas_0\.wav\s*It is silent\./);
    // The pictures are painted, and said in a table.
    const shades = await page.locator('canvas.energies').evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
      return new Set(Array.from({ length: data.length / 4 }, (_, i) => data.slice(4 * i, 4 * i + 4).join(' '))).size;
    });
    assert.ok(shades > 50, `${shades}`);
    await sounds.locator('details summary').last().click();
    assert.equal(await sounds.getByRole('table', { name: 'The sound over time' }).locator('tbody tr').count(), 20);
  });

  it('draws several series each with its own parts, the longest first', async () => {
    await open('dataOfSeveralSeries');
    const series = page.locator('#series');
    assert.match(await textOf(series), /212 series, of which the 40 longest can be chosen here\./);
    const overview = await textOf(page.locator('#overview'));
    assert.match(
      overview,
      /Training reads 32,110 \(65 %\) rows of 212 series, validation 7402 \(15 %\), the test 9881 \(20 %\)\./,
    );
    assert.match(
      await textOf(series),
      /Training reads 260 \(65 %\) rows, validation 60 \(15 %\), the test 80 \(20 %\)\./,
    );
    await series.getByRole('group', { name: 'sales of shop 12 over time' }).waitFor();
    await series.locator('vscode-dropdown').evaluate((list: HTMLElement & { value: string }) => {
      list.value = '2';
      list.dispatchEvent(new Event('change'));
    });
    await series.getByRole('group', { name: 'sales of shop 20 over time' }).waitFor();
    assert.match(await textOf(series), /Training reads 182 \(65 %\) rows/);
  });

  it('shows the data of an experiment file with what the file says of it', async () => {
    await open('dataOfAnExperiment');
    assert.match(
      await textOf(page.locator('header')),
      /Of data\/airline-passengers\.csv, with the choices of this file\./,
    );
    const given = page.locator('#overview tbody tr', { hasText: 'gaps in time' });
    assert.deepEqual(await given.locator('th, td').allInnerTexts(), [
      'gaps in time',
      'cut',
      'The experiment file says so.',
    ]);
    assert.match(await textOf(page.locator('#series')), /No window reaches over the 2 gaps that are marked\./);
    assert.equal(await page.locator('#series vscode-dropdown').isVisible(), false);
    await page.getByRole('button', { name: 'Train', exact: true }).click();
    assert.equal((await askedOf(page, 'train')).length, 1);
  });

  const looks: readonly (Partial<Wanted> & { readonly scene: DataSceneName; readonly name: string })[] = [
    ...everyTheme.map((theme) => ({ name: `data-${theme}-1280`, scene: 'data' as const, theme })),
    ...[320, 640, 1920].map((width) => ({ name: `data-dark-${width}`, scene: 'data' as const, width })),
    { name: 'data-texts-light', scene: 'dataOfTexts', theme: 'light' },
    ...everyTheme.map((theme) => ({ name: `data-sounds-${theme}`, scene: 'folderOfSounds' as const, theme })),
    ...[320, 1920].flatMap((width) => [
      { name: `data-sounds-${width}`, scene: 'folderOfSounds' as const, width },
      { name: `data-folder-${width}`, scene: 'folderOfTexts' as const, width },
      { name: `data-several-${width}`, scene: 'dataOfSeveralSeries' as const, width },
    ]),
    { name: 'data-several-light', scene: 'dataOfSeveralSeries', theme: 'light' },
    { name: 'data-folder-light', scene: 'folderOfTexts', theme: 'light' },
    { name: 'data-sounds-zh-cn', scene: 'folderOfSounds', language: 'zh-cn', translated: true },
    { name: 'data-texts-320', scene: 'dataOfTexts', width: 320 },
    { name: 'data-waits-320', scene: 'dataThatWaits', width: 320 },
    { name: 'data-odd-320', scene: 'dataThatIsOdd', width: 320 },
    { name: 'data-odd-light', scene: 'dataThatIsOdd', theme: 'light' },
    { name: 'data-zh-cn', scene: 'dataOfTexts', language: 'zh-cn', translated: true },
    // What stands above is shown already.
    ...(Object.keys(dataScenes) as DataSceneName[])
      .filter((scene) => scene !== 'data' && scene !== 'folderOfSounds')
      .map((scene) => ({ name: `scene-${scene}`, scene })),
  ];
  for (const { name, scene, ...more } of looks) {
    it(`${name} shows without an error and without scrolling sideways`, async () => {
      await open(scene, more);
      const toggles = page.locator('.toggle');
      // Open what is there, so that the pictures show the details too.
      for (let i = 0; i < Math.min(5, await toggles.count()); i++) await toggles.nth(i).click();
      await settled(page);
      await shoot(page, name);
      const overflow = await overflowOf(page);
      assert.equal(overflow, 0);
      const faults = await page.evaluate(() => {
        const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
        const drawings = [...document.querySelectorAll('svg, canvas')];
        return {
          twice: ids.filter((id, i) => ids.indexOf(id) !== i),
          bare: drawings.filter((each) => each.closest('[aria-hidden=true], [role=group]') === null).length,
          headless: [...document.querySelectorAll('table')].filter((each) => each.querySelector('th') === null).length,
        };
      });
      assert.deepEqual(faults, { twice: [], bare: 0, headless: 0 });
    });
  }
});
