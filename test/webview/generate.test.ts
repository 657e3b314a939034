import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, overflowOf, settled, shoot, textOf, usePages, type Wanted } from './pages';
import type { ThemeName } from './themes';

describe('a language model that is let write', () => {
  const openPage = usePages();
  let page: Page;
  const open = async (wanted: Partial<Wanted> = {}) => {
    page = await openPage({ view: 'run', scene: 'language', ...wanted });
    await page.locator('#generate textarea').waitFor();
  };
  const press = async (name: string) => {
    await page.locator('#generate').getByRole('button', { name, exact: true }).click();
    await settled(page);
  };
  const field = (name: string) => page.locator('#generate').getByRole('spinbutton', { name, exact: true });
  const enter = async (name: string, value: string) => {
    await field(name).fill(value);
    await field(name).blur();
  };
  const wishes = () => askedOf(page, 'generate') as Promise<Record<string, unknown>[]>;

  it('is asked for what stands in the fields, and shows what it wrote after its prompt', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('The ship');
    await enter('Temperature', '0.55');
    await enter('Top-k', '12');
    await enter('Top-p', '0.9');
    await enter('Seed', '7');
    await enter('Length', '300');
    await press('Generate');
    const wish = { prompt: 'The ship', temperature: 0.55, topK: 12, topP: 0.9, seed: 7, length: 300 };
    assert.deepEqual(await wishes(), [wish]);
    assert.equal(await textOf(page.locator('.generated .meaning')), 'The ship');
    assert.match(await page.locator('.generated').innerText(), /^The ship and the sea was calm \(7\)/);
  });

  it('writes another text when it is asked again, by the next seed, and the same where the seed is given again', async () => {
    await open();
    await press('Generate');
    await press('Generate');
    assert.equal(await field('Seed').inputValue(), '2');
    await enter('Seed', '1');
    await press('Generate');
    assert.deepEqual(
      (await wishes()).map(({ seed }) => seed),
      [1, 2, 1],
    );
    await enter('Top-k', '0');
    assert.equal((await wishes())[0]?.['topK'], null);
  });

  it('goes on after what it wrote, and gives the whole text away', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Once');
    await press('Generate');
    const first = await page.locator('.generated').textContent();
    await press('Write On');
    assert.equal((await wishes())[1]?.['prompt'], first);
    const whole = (await page.locator('.generated').textContent()) ?? '';
    assert.ok(whole.startsWith(first ?? '?') && whole.length > (first ?? '').length);
    await press('Open as Text');
    assert.deepEqual(await askedOf(page, 'openText'), [{ text: whole }]);
  });

  it('can be stopped, and says what went wrong', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('endless');
    await press('Generate');
    await press('Cancel');
    assert.equal((await askedOf(page, 'cancelled')).length, 1);
    assert.equal(await page.locator('#generate .error').isVisible(), false);
    await page.getByRole('textbox', { name: 'Prompt' }).fill('broken');
    await press('Generate');
    assert.match(await page.locator('#generate .error').innerText(), /model\.onnx is missing/);
  });

  it('keeps what was written over a reload', async () => {
    await open();
    await page.getByRole('textbox', { name: 'Prompt' }).fill('Once');
    await enter('Temperature', '1.2');
    await press('Generate');
    const before = await page.locator('.generated').textContent();
    await page.reload();
    await page.locator('.generated').waitFor();
    assert.equal(await page.locator('.generated').textContent(), before);
    assert.equal(await field('Temperature').inputValue(), '1.2');
    assert.equal(await page.getByRole('textbox', { name: 'Prompt' }).inputValue(), 'Once');
  });

  it('has no place in other tasks', async () => {
    page = await openPage({ view: 'run', scene: 'classify' });
    await page.locator('#results table').first().waitFor();
    assert.equal(await page.locator('#generate').count(), 0);
  });

  for (const [theme, width] of [
    ['dark', 1280],
    ['light', 320],
    ['highContrast', 640],
    ['highContrastLight', 1280],
  ] as readonly (readonly [ThemeName, number])[]) {
    it(`fits into ${width} pixels in ${theme}`, async () => {
      await open({ theme, width });
      await press('Generate');
      assert.equal(await overflowOf(page), 0);
      await shoot(page, `generate-${theme}`);
    });
  }
});
