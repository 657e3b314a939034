import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import type { DataSceneName } from './fixtures/data';
import type { ModelSceneName } from './fixtures/models';
import type { SceneName } from './fixtures/scenes';
import { type ThemeName, themes } from './themes';

/** A window that a graphics card would still draw. */
const tallest = 8192;
const pictures = path.resolve('test/output/webview');
const nonce = 'dGhlIHRlc3QncyBub25jZQ';
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.map': 'application/json',
};

export interface Wanted {
  readonly view: 'run' | 'model' | 'inspector' | 'data';
  readonly scene: SceneName | ModelSceneName | DataSceneName;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  readonly language?: string;
  readonly translations?: Readonly<Record<string, string>>;
  /** The extension's own translation, which is too long for an address. */
  readonly translated?: boolean;
}

const bundle = (): unknown => JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8'));

/** The page as the host writes it, with the fake host's script before it and the theme's variables on its root. */
function html(wanted: Wanted): string {
  const { bodyClass, variables } = themes[wanted.theme ?? 'dark'];
  const setup = {
    view: wanted.view,
    language: wanted.language ?? 'en',
    translations: wanted.translations ?? (wanted.translated === true ? bundle() : {}),
  };
  const rules = Object.entries(variables).map(([name, value]) => `--vscode-${name}: ${value};`);
  const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; font-src 'self'; img-src data: blob:`;
  const ground = wanted.view === 'inspector' ? 'sideBar' : 'editor';
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<style>:root { ${rules.join(' ')} background: var(--vscode-${ground}-background); } body { padding: 0 20px; }</style>
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>Unroll</title><link rel="stylesheet" href="/dist/webview/${wanted.view}.css"></head>
<body class="${bodyClass}">
<script type="application/json" id="setup" nonce="${nonce}">${JSON.stringify(setup).replaceAll('<', '\\u003c')}</script>
<script nonce="${nonce}" src="/dist/test/webview/page/host.js"></script>
<script nonce="${nonce}" src="/dist/webview/${wanted.view}.js"></script>
</body></html>`;
}

/** Serves the bundled pages and opens them in a browser. */
class Pages {
  private constructor(
    private readonly browser: Browser,
    // The same for all pages, which then compile the scripts once.
    private readonly context: BrowserContext,
    private readonly server: Server,
    private readonly origin: string,
  ) {}

  static async start(): Promise<Pages> {
    const server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://localhost');
      const wanted = url.searchParams.get('page');
      const extension = path.extname(url.pathname);
      if (wanted !== null) {
        response.setHeader('content-type', 'text/html');
        response.end(html(JSON.parse(wanted) as Wanted));
      } else if (url.pathname.startsWith('/dist/') && extension in types) {
        response.setHeader('content-type', types[extension] ?? 'text/plain');
        response.setHeader('cache-control', 'max-age=3600');
        response.end(readFileSync(path.join(process.cwd(), path.normalize(url.pathname))));
      } else {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const support = pathToFileURL(path.resolve('test/support/vscode/chromium.mjs')).href;
    const { launchChromium } = (await import(support)) as { launchChromium: () => Promise<Browser> };
    const { port } = server.address() as AddressInfo;
    const browser = await launchChromium();
    return new Pages(browser, await browser.newContext(), server, `http://127.0.0.1:${port}`);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    this.server.close();
  }

  /** Opens a page; whatever it writes to the console as an error is in `problems`. */
  async open(wanted: Wanted): Promise<{ readonly page: Page; readonly problems: string[] }> {
    const { width = 1280, height = 900 } = wanted;
    const page = await this.context.newPage();
    await page.setViewportSize({ width, height });
    const problems: string[] = [];
    page.on('console', (text) => {
      if (text.type() === 'error' || text.type() === 'warning') problems.push(text.text());
    });
    page.on('pageerror', (error) => problems.push(error.stack ?? error.message));
    const query = new URLSearchParams({ page: JSON.stringify(wanted), scene: wanted.scene, view: wanted.view });
    await page.goto(`${this.origin}/?${query}`);
    return { page, problems };
  }
}

/** Opens the pages of a suite, each closed after the test that opened it, which must have left no error and no violation behind. */
export function usePages(): (wanted: Wanted) => Promise<Page> {
  let pages: Pages;
  const opened: Awaited<ReturnType<Pages['open']>>[] = [];
  before(async () => {
    pages = await Pages.start();
  });
  after(() => pages.stop());
  afterEach(async () => {
    const wrong: unknown[] = [];
    for (const { page, problems } of opened.splice(0)) {
      wrong.push(...problems, ...(await page.evaluate(() => window.host.violations)));
      await page.close();
    }
    assert.deepEqual(wrong, []);
  });
  return async (wanted) => {
    const made = await pages.open(wanted);
    opened.push(made);
    return made.page;
  };
}

/** Waits until a page has come to rest, which its host sees. */
export function settled(page: Page): Promise<void> {
  return page.evaluate(() => window.host.settled());
}

/** How many pixels a page can be scrolled sideways. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Draws a whole page and keeps a picture of it, where pictures are wanted. What is not on screen is not drawn, so the window becomes as high as the page. */
export async function shoot(page: Page, name: string): Promise<void> {
  const { width = 0 } = page.viewportSize() ?? {};
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  await page.setViewportSize({ width, height: Math.min(height, tallest) });
  await settled(page);
  await picture(page, name);
}

/** Keeps a picture of a page or of a part of one in the folder of pictures, where `UNROLL_PICTURES` wants any. */
export async function picture(shown: Page | Locator, name: string): Promise<void> {
  if (!process.env['UNROLL_PICTURES']) return;
  mkdirSync(pictures, { recursive: true });
  const file = { path: path.join(pictures, `${name}.png`) };
  await ('goto' in shown ? shown.screenshot({ ...file, fullPage: true }) : shown.screenshot(file));
}

/** What a page asked its host under one name, in order, once it has come to rest. */
export async function askedOf(page: Page, name: string): Promise<unknown[]> {
  await settled(page);
  return page.evaluate(
    (wanted) => window.host.asked.filter((asked) => asked.name === wanted).map(({ params }) => params),
    name,
  );
}

/** The text that a reader sees in an element, once it is there. */
export async function textOf(locator: Locator): Promise<string> {
  await locator.first().waitFor();
  return (await locator.allInnerTexts())[0] ?? '';
}

/** Where a trace is stepped through, and the step that it is at. */
export const surface = (page: Page): Locator => page.getByRole('slider', { name: 'Time step' });
export const step = (page: Page): Promise<string | null> => surface(page).getAttribute('aria-valuenow');
