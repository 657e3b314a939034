// Drives one page of the VS Code workbench the way a person does: keyboard, palette, menus, quick picks; and reads what is shown.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { outputFolder, picturesWanted } from './folders.mjs';

/**
 * @typedef {'Dark Modern' | 'Light Modern' | 'Default High Contrast' | 'Default High Contrast Light'} Theme
 */

/** Each theme's name in the list, and its file, which the workbench's root element names in a class. */
const themes = {
  'Dark Modern': { label: 'Dark Modern', file: 'dark_modern' },
  'Light Modern': { label: 'Light Modern', file: 'light_modern' },
  'Default High Contrast': { label: 'Dark High Contrast', file: 'hc_black' },
  'Default High Contrast Light': { label: 'Light High Contrast', file: 'hc_light' },
};

/** Menus and toasts fade in; a screenshot that does not wait shows them half transparent. */
const fadeMs = 400;

/**
 * Opens a folder in the workbench that a server serves.
 * @param {import('playwright-core').Browser} browser
 * @param {import('./server.mjs').VscodeServer} server
 * @param {{ folder: string, locale?: string, width?: number, height?: number }} options `folder` is absolute; `locale` such as 'zh-cn' is
 *   what extensions are told, while the workbench's own words stay English
 * @returns {Promise<Workbench>}
 */
export async function openWorkbench(browser, server, { folder, locale, width = 1400, height = 900 }) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  if (locale) {
    // As text, because the bundler gives functions names by a helper that the page does not have.
    const language = JSON.stringify(locale);
    await page.addInitScript(
      `Object.defineProperty(globalThis, '_VSCODE_NLS_LANGUAGE', { get: () => ${language}, set: () => undefined });`,
    );
  }
  const workbench = new Workbench(page);
  await page.goto(server.urlOf(folder));
  await workbench.ready();
  return workbench;
}

export class Workbench {
  /**
   * @param {import('playwright-core').Page} page
   */
  constructor(page) {
    this.page = page;
  }

  /** Settles when the explorer shows the folder's files and what the extension contributes has arrived. */
  async ready() {
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: 60_000 });
    await this.container('Unroll').waitFor({ timeout: 60_000 });
  }

  /** Reloads the window, as Developer: Reload Window does. The window comes back with the view that it showed before. */
  async reload() {
    await this.page.reload();
    await this.page.locator('.monaco-workbench .part.editor').waitFor();
    await this.container('Unroll').waitFor();
  }

  async close() {
    await this.page.context().close();
  }

  // Commands and menus

  /**
   * Runs a command from the palette.
   * @param {string} title as the palette shows it, such as 'Unroll: Resume Run'
   */
  async runCommand(title) {
    const option = this.quickInput.getByRole('option').filter({ hasText: title }).first();
    await this.chooseWhenThere(option, async () => {
      await this.page.keyboard.press('F1');
      await this.quickInput.locator('input.input').fill(`>${title}`);
    });
  }

  /**
   * Right-clicks a file in the explorer and chooses an item.
   * @param {string} file its name, as the explorer shows it
   * @param {string} item its label
   */
  async chooseInExplorerMenu(file, item) {
    const entry = this.page.locator('.monaco-menu .action-item').filter({ hasText: item }).first();
    await this.chooseWhenThere(entry, () => this.openExplorerMenu(file));
  }

  /**
   * Clicks an entry of a list that is fixed when it opens: until an extension's contributions have arrived, the list is opened again.
   * @param {import('playwright-core').Locator} entry
   * @param {() => Promise<void>} open
   */
  async chooseWhenThere(entry, open) {
    for (const deadline = Date.now() + 30_000; ; await this.page.keyboard.press('Escape')) {
      await open();
      const last = Date.now() > deadline;
      try {
        await entry.waitFor({ timeout: last ? 5000 : 2000 });
        break;
      } catch (error) {
        if (last) throw error;
      }
    }
    await entry.click();
  }

  /**
   * The labels of a file's context menu; the menu is closed again.
   * @param {string} file
   */
  async explorerMenuOf(file) {
    await this.openExplorerMenu(file);
    const labels = await this.page.locator('.monaco-menu .action-item .action-label:not(.separator)').allInnerTexts();
    await this.page.keyboard.press('Escape');
    return labels.map((label) => label.trim());
  }

  /** @param {string} file */
  async openExplorerMenu(file) {
    // What the pointer rested on shows a hover, which may lie over the row.
    await this.page.mouse.move(0, 0);
    await this.explorerRow(file).click({ button: 'right' });
    await this.page.locator('.monaco-menu .action-item').first().waitFor();
    await this.page.waitForTimeout(fadeMs);
  }

  // Quick picks and inputs

  /** The box at the top: palette, quick pick or input. */
  get quickInput() {
    return this.page.locator('.quick-input-widget:visible');
  }

  /**
   * Accepts the choice already made, once per step, waiting for each step to come.
   * @param {number} steps
   */
  async acceptDefaults(steps) {
    let before = '';
    for (let step = 0; step < steps; step += 1) {
      before = await this.nextQuickStep(before);
      await this.page.keyboard.press('Enter');
    }
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /**
   * What tells one step from the step before it: its title, such as 'Train on data.csv (2/3)'; the step is there when a row of it is active.
   * @param {string} before
   */
  async nextQuickStep(before) {
    const deadline = Date.now() + 30_000;
    for (;;) {
      const rows = this.quickInput.getByRole('option');
      if ((await rows.count()) > 0) {
        const shown =
          (await this.quickInput
            .locator('.quick-input-title')
            .textContent()
            .catch(() => before)) ?? before;
        const ready = (await this.quickInput.locator('.monaco-list-row.focused').count()) > 0;
        if (shown !== before && ready) return shown;
      }
      if (Date.now() > deadline) throw new Error(`The next step of the quick pick did not come after:\n${before}`);
      await this.page.waitForTimeout(50);
    }
  }

  /**
   * Chooses a row of the quick pick that is open.
   * @param {string | RegExp} label
   */
  async pick(label) {
    await this.quickInput.getByRole('option').filter({ hasText: label }).first().click();
  }

  /**
   * Answers an input box.
   * @param {string} text
   */
  async type(text) {
    await this.quickInput.locator('input.input').fill(text);
    await this.page.keyboard.press('Enter');
  }

  // Views

  /** @param {string} file */
  explorerRow(file) {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({ hasText: file }).first();
  }

  /**
   * The icon of a view container in the activity bar.
   * @param {string} title
   */
  container(title) {
    return this.page.locator(`.activitybar .action-item:has([aria-label^="${title}"])`).first();
  }

  /**
   * Opens a view container, if it is not open.
   * @param {string} title
   */
  async openContainer(title) {
    const icon = this.container(title);
    if (!(await icon.evaluate((element) => element.classList.contains('checked')))) await icon.click();
  }

  /**
   * The rows of a tree view, by the view's name; a locator, so that a row can be waited for.
   * @param {string} view
   */
  treeRows(view) {
    return this.page
      .locator('.pane')
      .filter({ has: this.page.locator(`.pane-header[aria-label^="${view}"]`) })
      .getByRole('treeitem');
  }

  /** The toasts that are shown now. */
  get notifications() {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  /** The items of the status bar. */
  get statusBar() {
    return this.page.locator('.statusbar .statusbar-item:visible');
  }

  /**
   * The document inside a webview that is visible now.
   * @param {'editor' | 'view'} [place] an editor tab, or a view of the side bar or panel
   */
  webview(place = 'editor') {
    const inView = '[src*="purpose=webviewView"]';
    return this.page
      .frameLocator(`iframe.webview.ready${place === 'view' ? inView : `:not(${inView})`}:visible`)
      .frameLocator('iframe#active-frame');
  }

  // Looks

  /**
   * A picture of the whole window in `test/output/`, where pictures are wanted.
   * @param {string} name without ending
   */
  async screenshot(name) {
    if (picturesWanted()) await this.evidence(name);
  }

  /**
   * The same whether pictures are wanted or not, for reports of failures.
   * @param {string} name without ending
   */
  async evidence(name) {
    mkdirSync(outputFolder(), { recursive: true });
    await this.page.waitForTimeout(fadeMs);
    const file = path.join(outputFolder(), `${name}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  /** The beginning of what every frame of the window shows as text, for reports of failures. */
  async shownTexts() {
    const texts = this.page.frames().map((frame) =>
      frame
        .locator('body')
        .innerText({ timeout: 2000 })
        .catch((error) => String(error).slice(0, 200)),
    );
    return (await Promise.all(texts))
      .map((text) => text.replace(/\n+/g, '\n').slice(0, 1500))
      .filter((text) => text.trim() !== '');
  }

  /**
   * Changes the colour theme as a person does, and waits until the window wears it. (A settings file written from outside is not always noticed.)
   * @param {Theme} theme
   */
  async setTheme(theme) {
    await this.runCommand('Preferences: Color Theme');
    const { label, file } = themes[theme];
    await this.quickInput.locator('input.input').fill(label);
    await this.quickInput.getByRole('option', { name: label }).first().click();
    await this.page.locator(`.monaco-workbench.vscode-theme-defaults-themes-${file}-json`).waitFor();
    await this.quickInput.waitFor({ state: 'hidden' });
  }

  /**
   * @param {number} width in CSS pixels
   * @param {number} height in CSS pixels
   */
  async setViewport(width, height) {
    await this.page.setViewportSize({ width, height });
  }
}
