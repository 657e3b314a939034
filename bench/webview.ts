import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Browser, CDPSession, Page } from 'playwright-core';

/** What was measured of one way of moving through a trace. */
interface Row {
  readonly what: 'scrub' | 'play' | 'zoom';
  readonly units: number;
  readonly steps: number;
  readonly signals: number;
  readonly frames: number;
  /** 95 % of the frames were at least this fast, in frames a second. */
  readonly fps95: number;
  /** The frame in the middle, and the slowest, in ms. */
  readonly medianMs: number;
  readonly worstMs: number;
  /** What a frame took of the page's thread, in ms of processor time: the same beside other work. */
  readonly cpuMs: number;
  /** Requests that the page made meanwhile. */
  readonly requests: number;
  /** What the page held after it, in MiB: buffers of numbers, and objects. */
  readonly buffersMiB: number;
  readonly heapMiB: number;
}

const whats = ['scrub', 'play', 'zoom'] as const;
const signals = 6;

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    units: { type: 'string', default: '512' },
    steps: { type: 'string', default: '5000' },
    seconds: { type: 'string', default: '8' },
  },
});
const [units, steps, seconds] = [values.units, values.steps, values.seconds].map(Number) as [number, number, number];
if (![units, steps, seconds].every((value) => value >= 1))
  throw new Error('--units, --steps and --seconds are numbers from 1.');

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.map': 'application/json',
};
const setup = JSON.stringify({ view: 'run', language: 'en', translations: {} });
const html = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Unroll</title>
<link rel="stylesheet" href="/dist/webview/run.css">
<style>:root { --vscode-editor-background: #1f1f1f; --vscode-foreground: #ccc; --vscode-editor-foreground: #ccc;
--vscode-font-family: system-ui, sans-serif; background: #1f1f1f; } body { padding: 0 20px; }</style></head>
<body class="vscode-dark"><script type="application/json" id="setup">${setup}</script>
<script src="/dist/test/webview/page/traceBench.js"></script><script src="/dist/webview/run.js"></script></body></html>`;

async function serve(): Promise<{ readonly server: Server; readonly origin: string }> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const type = types[path.extname(pathname)];
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html');
      response.end(html);
    } else if (type !== undefined && pathname.startsWith('/dist/')) {
      response.setHeader('content-type', type);
      response.end(readFileSync(path.join(process.cwd(), path.normalize(pathname))));
    } else {
      response.statusCode = 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const mebibytes = (bytes: number): number => bytes / 2 ** 20;

/** What the page holds, after what nothing refers to has been collected. */
async function held(session: CDPSession): Promise<Pick<Row, 'buffersMiB' | 'heapMiB'>> {
  await session.send('HeapProfiler.collectGarbage');
  const usage = (await session.send('Runtime.getHeapUsage')) as { usedSize: number; backingStorageSize?: number };
  return { buffersMiB: mebibytes(usage.backingStorageSize ?? Number.NaN), heapMiB: mebibytes(usage.usedSize) };
}

/** Processor time of the page's thread so far, in ms. */
async function busy(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics');
  return 1000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN);
}

async function measure(page: Page, session: CDPSession, what: Row['what']): Promise<Row> {
  const before = await busy(session);
  const { found, requests } = (await page.evaluate(`(async () => {
    const before = bench.traffic.requests;
    const found = await bench.${what}(${seconds});
    return { found, requests: bench.traffic.requests - before };
  })()`)) as { found: number[]; requests: number };
  const cpuMs = ((await busy(session)) - before) / found.length;
  const sorted = found.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return {
    what,
    units,
    steps,
    signals,
    frames: found.length,
    fps95: 1000 / at(0.95),
    medianMs: at(0.5),
    worstMs: at(1),
    cpuMs,
    requests,
    ...(await held(session)),
  };
}

function tell(row: Row): void {
  if (values.json) {
    console.log(JSON.stringify(row));
    return;
  }
  const number = (value: number, width: number, digits = 1) => value.toFixed(digits).padStart(width);
  console.log(
    [
      row.what.padEnd(6),
      String(row.frames).padStart(7),
      number(row.fps95, 9),
      number(row.medianMs, 11),
      number(row.worstMs, 10),
      number(row.cpuMs, 9),
      String(row.requests).padStart(10),
      number(row.buffersMiB, 13),
      number(row.heapMiB, 10),
    ].join(''),
  );
}

async function main(): Promise<void> {
  const note = values.json ? console.error : console.log;
  const { server, origin } = await serve();
  const support = pathToFileURL(path.resolve('test/support/vscode/chromium.mjs')).href;
  const { launchChromium } = (await import(support)) as { launchChromium: () => Promise<Browser> };
  const browser = await launchChromium();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 1000 } });
    page.on('pageerror', (error) => console.error(error.message));
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    await page.goto(`${origin}/?units=${units}&steps=${steps}`);
    await page.waitForSelector('.surface', { timeout: 120_000 });
    await page.evaluate(`document.querySelector('#inspector').scrollIntoView()`);
    await page.waitForTimeout(1500);
    const whole = mebibytes(4 * units * steps * signals);
    note(
      `LSTM of ${units} units, ${steps} steps, ${signals} signals: ${whole.toFixed(0)} MiB that the page does not hold.`,
    );
    if (!values.json)
      note('what    frames  fps, 95%  median, ms  worst, ms  cpu, ms  requests  buffers, MiB  heap, MiB');
    for (const what of whats) tell(await measure(page, session, what));
  } finally {
    await browser.close();
    server.close();
  }
}

void main();
