// Finds a Chromium for Playwright: its own, else a download of it, else the system's, else Debian's package.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { findOnPath, isExecutable, runQuietly } from './commands.mjs';
import { cacheFolder, repositoryRoot } from './folders.mjs';
import { withLock } from './lock.mjs';
import { rememberRefusal, wasRefused } from './refusals.mjs';

/** Names under which systems install a browser that Playwright can drive, best first. */
export const systemNames = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge'];

const macApplications = ['Chromium', 'Google Chrome', 'Microsoft Edge'];

/**
 * What finding asks of the machine, so that the order can be tested without one.
 * @typedef {object} ChromiumSources
 * @property {() => string | undefined} downloaded Playwright's own browser, if it is there
 * @property {() => Promise<boolean>} download whether Playwright could download it now
 * @property {() => string | undefined} installed the system's
 * @property {() => Promise<boolean>} install whether the system's package could be installed now
 */

/**
 * @param {ChromiumSources} [sources]
 * @returns {Promise<string>} the executable
 */
export async function findChromium(sources = machine) {
  const found =
    sources.downloaded() ??
    ((await sources.download()) ? sources.downloaded() : undefined) ??
    sources.installed() ??
    ((await sources.install()) ? sources.installed() : undefined);
  if (found === undefined) {
    throw new Error(
      "No Chromium to drive VS Code with: run 'npx playwright-core install chromium', or install your system's chromium package, and run this again.",
    );
  }
  return found;
}

/** @type {ChromiumSources} */
const machine = {
  downloaded: () => (isExecutable(chromium.executablePath()) ? chromium.executablePath() : undefined),

  download: async () => {
    if (wasRefused('chromium')) return false;
    return oneAtATime(async () => {
      const cli = path.join(repositoryRoot(), 'node_modules', 'playwright-core', 'cli.js');
      try {
        await runQuietly(process.execPath, [cli, 'install', 'chromium'], { timeoutMs: 5 * 60_000 });
        return true;
      } catch (error) {
        rememberRefusal('chromium', String(error));
        return false;
      }
    });
  },

  installed: () =>
    systemNames.map((name) => findOnPath(name)).find((file) => file !== undefined) ??
    macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`).find(isExecutable),

  install: async () => {
    if (process.getuid?.() !== 0 || !findOnPath('apt-get')) return false;
    return oneAtATime(async () => {
      console.log("Installing Debian's chromium by apt-get; once, about half a minute.");
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      try {
        await runQuietly('apt-get', ['update', '-qq'], { env });
        await runQuietly(
          'apt-get',
          ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-liberation', 'fonts-wqy-microhei'],
          { env },
        );
        return true;
      } catch (error) {
        console.error(`apt-get could not install chromium. ${error instanceof Error ? error.message : error}`);
        return false;
      }
    });
  },
};

/**
 * @param {() => Promise<boolean>} work
 */
function oneAtATime(work) {
  mkdirSync(cacheFolder(), { recursive: true });
  return withLock(path.join(cacheFolder(), 'chromium.lock'), work);
}

/** A headless browser that reaches this machine and nothing else. */
export async function launchChromium() {
  return chromium.launch({
    executablePath: await findChromium(),
    headless: true,
    args: [
      // Chromium's sandbox refuses root, and needs kernel features that containers lack; it loads our own pages only.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--disable-component-update',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
    ],
  });
}
