import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { askedOf, settled, shoot, textOf, usePages, type Wanted } from '../pages';

describe('the trajectory, the gradient and the similar places of a trace', () => {
  const openPage = usePages();
  let page: Page;

  async function open(block: string, wanted: Partial<Wanted> = {}): Promise<void> {
    page = await openPage({ view: 'model', scene: 'modelSimulated', ...wanted });
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const details = page.locator('.block', { has: page.locator('summary', { hasText: block }) });
    await details.locator('summary').click();
    await details.locator('.blockTools').first().waitFor();
    await settled(page);
  }
  const place = () => textOf(page.locator('.steps output'));

  it('draws a path that leads to the step that is clicked, and says where it is', async () => {
    await open('State Trajectory');
    const said = page.locator('.trajectory');
    assert.match(await textOf(said), /hold \d+(\.\d+)? % of the variance/);
    const here = () => textOf(page.locator('.trajectory .figures'));
    const before = await here();
    // Every step but the first is nearer to one of these places.
    for (const [x, y] of [
      [30, 30],
      [300, 30],
      [150, 290],
    ] as const) {
      await page.locator('.plane').click({ position: { x, y } });
      await settled(page);
      if ((await here()) !== before) break;
    }
    assert.notEqual(await here(), before);
    const step = /^Step (\d+):/.exec(await here())?.[1];
    assert.equal((await place()).split(' ')[0], step);
    await shoot(page, 'trajectory');
  });

  it('shows the norm of the gradient of a chosen step by lag, and what happens to it on its way back', async () => {
    await open('Gradient Through Time');
    await page.getByRole('spinbutton', { name: 'At step' }).fill('20');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Compute Gradient' }).click();
    await page.locator('.gradientRow').first().waitFor();
    const [asked] = (await askedOf(page, 'gradients')) as { of: object; integrated: number | null }[];
    assert.deepEqual([asked?.of, asked?.integrated], [{ output: 'output', step: 19, unit: 0 }, null]);
    const said = await textOf(page.locator('.gradient [role=status]'));
    assert.match(said, /^The chosen number is −?\d/);
    assert.match(said, /Layer 1: LSTM\. Over 19 steps the gradient (falls to|becomes|grows)/);
    // The second layer reads backwards: what it holds before the chosen step comes after it.
    await page.locator('.surface').press('Home');
    await page.waitForFunction(() =>
      [...(document.querySelectorAll('.gradientRow')[1]?.querySelectorAll('dd') ?? [])].every(
        (norm) => norm.textContent === '0',
      ),
    );
    await shoot(page, 'gradient');
  });

  it('says of a number that nothing reaches that its gradient is 0, and draws nothing', async () => {
    await open('Gradient Through Time');
    await page.locator('.gradient vscode-dropdown').first().press('ArrowDown');
    await page.getByRole('button', { name: 'Compute Gradient' }).click();
    const said = page.locator('.gradient [role=status]');
    await said.filter({ hasText: 'The gradient is 0 everywhere' }).waitFor();
    assert.match(await textOf(said), /^The chosen number is −?\d+\. The gradient is 0 everywhere/);
    assert.equal(await page.locator('.gradientRow').count(), 0);
  });

  it('finds the places where the same units are on, and leads to them', async () => {
    await open('Find Similar Places');
    await page.getByRole('spinbutton', { name: 'From step' }).fill('3');
    await page.keyboard.press('Tab');
    await page.getByRole('spinbutton', { name: 'to step' }).fill('5');
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    const said = page.locator('.match [role=status]');
    await settled(page);
    assert.match(await textOf(said), /throughout steps 3 to 5 and off around them/);
    const [asked] = (await askedOf(page, 'match')) as { span: object; threshold: number | null }[];
    assert.deepEqual([asked?.span, asked?.threshold], [{ from: 2, to: 5 }, null]);
    const places = page.locator('.places vscode-button');
    if ((await places.count()) > 0) {
      const from = /^Steps (\d+) to/.exec(await textOf(places.first()))?.[1];
      await places.first().click();
      await settled(page);
      assert.equal((await place()).split(' ')[0], from);
    }
    await shoot(page, 'match');
  });

  it('stays within a narrow page', async () => {
    await open('Gradient Through Time', { width: 320 });
    await page.getByRole('button', { name: 'Compute Gradient' }).click();
    await page.locator('.gradientRow').first().waitFor();
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true);
    await shoot(page, 'gradient-320');
  });
});
