// Gives a mocha suite a VS Code of its own: one server, one browser, one window on a copy of the fixture workspace.
import path from 'node:path';
import { launchChromium } from './chromium.mjs';
import { repositoryRoot } from './folders.mjs';
import { copyInto, startServer } from './server.mjs';
import { openWorkbench } from './workbench.mjs';

/**
 * @typedef {object} SuiteOptions
 * @property {import('./server.mjs').ServerOptions} [server] what the server starts with; without a `vsix`, it runs the extension of this checkout
 * @property {string} [workspace] the folder to work on a copy of, relative to the repository's root
 * @property {string} [locale] what the extension is told, such as 'zh-cn'
 */

/**
 * @typedef {object} Vscode
 * @property {import('./workbench.mjs').Workbench} workbench
 * @property {import('./server.mjs').VscodeServer} server
 * @property {import('playwright-core').Browser} browser
 * @property {string} workspace the copy's absolute path
 */

/**
 * To be called inside `describe`. The window stays open from one test to the next; a test that fails leaves a screenshot and prints what was shown.
 * @param {SuiteOptions} [options]
 * @returns {() => Vscode} to be called inside tests and hooks
 */
export function useVscode({ server: serverOptions = {}, workspace = 'test/fixtures/workspace', locale } = {}) {
  /** @type {Vscode | undefined} */
  let running;
  /** @type {(() => Promise<void>)[]} */
  const ends = [];

  before('start VS Code', async function () {
    // The first start on a machine fetches the server and perhaps a browser.
    this.timeout(15 * 60_000);
    const root = repositoryRoot();
    const server = await startServer(serverOptions.vsix ? serverOptions : { extension: root, ...serverOptions });
    ends.push(server.stop);
    const browser = await launchChromium();
    ends.push(() => browser.close());
    const folder = copyInto(server, path.join(root, workspace));
    const workbench = await openWorkbench(browser, server, locale ? { folder, locale } : { folder });
    running = { workbench, server, browser, workspace: folder };
  });

  afterEach('picture of a failure', async function () {
    if (this.currentTest?.state !== 'failed' || !running) return;
    const name = this.currentTest.fullTitle().replace(/[^\p{L}\p{N}]+/gu, '-');
    console.log(`      ${await running.workbench.evidence(`failed-${name}`)}`);
    // Where nobody can open the picture, the words of it have to do.
    for (const text of await running.workbench.shownTexts()) console.log(text.replace(/^/gm, '      | '));
  });

  after('stop VS Code', async () => {
    for (const end of ends.reverse()) await end();
  });

  return () => {
    if (!running) throw new Error('VS Code is there inside tests and hooks only.');
    return running;
  };
}
