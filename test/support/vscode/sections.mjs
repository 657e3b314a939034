// Walks through the sections of a panel as a reader does.
import assert from 'node:assert/strict';

const sizes = /** @type {const} */ ([
  [1280, 800],
  [1920, 1080],
]);

/**
 * Goes to each section by its link in windows of two sizes: it comes into view, and nothing of the panel lies beyond its side.
 * @param {import('./workbench.mjs').Workbench} workbench
 * @param {readonly string[]} sections as the links say them
 * @param {string} name begins the names of the pictures
 */
export async function everySection(workbench, sections, name) {
  const panel = workbench.webview();
  for (const [width, height] of sizes) {
    await workbench.setViewport(width, height);
    for (const section of sections) {
      await panel.locator('nav').getByText(section, { exact: true }).click();
      const heading = panel.getByRole('heading', { name: section, exact: true }).first();
      await heading.waitFor();
      const { top, window, beyond } = await heading.evaluate((element) => {
        const { documentElement: page, defaultView } = element.ownerDocument;
        const { top } = element.getBoundingClientRect();
        return { top, window: defaultView?.innerHeight ?? 0, beyond: page.scrollWidth - page.clientWidth };
      });
      assert.ok(top >= 0 && top < window, `${section} is at ${top} of ${window}`);
      assert.equal(beyond, 0, `${section}, ${width} wide`);
      await workbench.screenshot(`${name}-${section.toLowerCase()}-${width}`);
    }
  }
}
