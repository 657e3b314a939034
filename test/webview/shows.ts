import assert from 'node:assert/strict';
import { overflowOf, shoot, usePages, type Wanted } from './pages';

/** A page as it is to be looked at, and what its picture is called. */
export type Look = Wanted & { readonly name: string };

/** Shows each of some pages, which must leave no error behind and be as wide as the window, and keeps pictures of them. */
export function showsEach(title: string, looks: readonly Look[]): void {
  describe(title, () => {
    const openPage = usePages();

    for (const { name, ...look } of looks) {
      it(`${name} shows without an error and without scrolling sideways`, async () => {
        const page = await openPage(look);
        await page.waitForSelector('main, .notice.whole');
        const run = page.getByRole('button', { name: look.language === undefined ? 'Run' : '运行', exact: true });
        if (look.view === 'model' && (await run.count()) > 0 && (await run.isVisible())) await run.click();
        await shoot(page, name);
        assert.equal(await overflowOf(page), 0);
      });
    }
  });
}
