#!/usr/bin/env node
// Stands in for the VS Code desktop executable: takes the arguments that @vscode/test-electron gives it, runs the same suite in the VS Code
// server's extension host, passes on what the suite prints, and ends with the suite's exit status.
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { format, parseArgs } from 'node:util';
import { launchChromium } from './chromium.mjs';
import { loadDevelopmentExtension } from './development.mjs';
import { startServer } from './server.mjs';

const limitMs = 20 * 60_000;

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    extensionDevelopmentPath: { type: 'string' },
    extensionTestsPath: { type: 'string' },
    'user-data-dir': { type: 'string' },
    'extensions-dir': { type: 'string' },
  },
});
const [workspace = process.cwd()] = positionals;

/** Begins each line of the suite, among those of the workbench, which are kept for the case that the suite does not end as it should. */
const mark = `${randomUUID()} `;
/** @type {string[]} */
const workbenchLines = [];

const server = await startServer({ env: { UNROLL_LINE_MARK: mark } });
const browser = await launchChromium();
let status = 1;
try {
  const page = await browser.newPage();
  const outcome = new Promise((resolve, reject) => {
    page.exposeFunction('codeAutomationExit', resolve).catch(reject);
    page.on('crash', () => reject(new Error('The page of the VS Code workbench crashed.')));
    setTimeout(() => reject(new Error(`The suite did not end within ${limitMs / 60_000} minutes.`)), limitMs).unref();
  });
  await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _kind, /** @type {unknown[]} */ args) => {
    const line = format(...args);
    if (line.startsWith(mark)) console.log(line.slice(mark.length));
    else workbenchLines.push(line);
  });
  await loadDevelopmentExtension(page, server.address, {
    extension: String(values.extensionDevelopmentPath),
    tests: String(values.extensionTestsPath),
  });
  await page.goto(server.urlOf(workspace));
  status = Number(await outcome);
} catch (error) {
  console.error(error);
} finally {
  await browser.close();
  await server.stop();
}
if (status !== 0) console.error(`The last lines of the workbench:\n${workbenchLines.slice(-12).join('\n')}`);
process.exit(status);
