// A VS Code server with folders of its own, which goes when this process goes and leaves nothing behind.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { runQuietly } from './commands.mjs';
import { ensureServer } from './serverPackage.mjs';

const quietSettings = {
  'workbench.startupEditor': 'none',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'workbench.enableExperiments': false,
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * @typedef {object} ServerOptions
 * @property {string} [extension] an extension's folder, installed as it lies there
 * @property {string} [vsix] a packed extension, installed as a user would install it
 * @property {Record<string, unknown>} [settings] user settings, over the quiet ones
 * @property {'off' | 'restricted'} [trust] whether folders are trusted without asking, or never
 * @property {NodeJS.ProcessEnv} [env] added to the environment that the extension host sees
 */

/**
 * @typedef {object} VscodeServer
 * @property {string} address the workbench's, such as http://127.0.0.1:40123
 * @property {(folder: string) => string} urlOf the address that opens a folder, with the token that the server asks for
 * @property {string} folder a temporary folder that goes when the server stops; put workspaces into it
 * @property {() => string} log what the server has printed
 * @property {Promise<void>} ended settles when the server has ended, whoever ended it
 * @property {() => Promise<void>} stop ends the server and everything that it started
 */

/**
 * Starts a server and waits until its workbench answers.
 * @param {ServerOptions} [options]
 * @returns {Promise<VscodeServer>}
 */
export async function startServer({ extension, vsix, settings = {}, trust = 'off', env = {} } = {}) {
  const { node, main } = await ensureServer();
  const folder = mkdtempSync(path.join(tmpdir(), 'unroll-vscode-'));
  const userData = path.join(folder, 'user-data');
  const extensions = path.join(folder, 'extensions');
  const logFile = path.join(folder, 'server.log');
  mkdirSync(path.join(userData, 'User'), { recursive: true });
  mkdirSync(extensions);
  const allSettings = { ...quietSettings, 'security.workspace.trust.enabled': trust === 'restricted', ...settings };
  writeFileSync(path.join(userData, 'User', 'settings.json'), JSON.stringify(allSettings, null, 2));
  // A junction, because Windows lets everybody make one; elsewhere it is a plain link.
  if (extension) symlinkSync(path.resolve(extension), path.join(extensions, 'under-development'), 'junction');

  const shared = [
    ...[
      '--user-data-dir',
      userData,
      '--extensions-dir',
      extensions,
      '--server-data-dir',
      path.join(folder, 'server-data'),
    ],
    ...['--accept-server-license-terms', '--telemetry-level', 'off'],
  ];
  const environment = serverEnvironment(env);
  try {
    if (vsix)
      await runQuietly(node, [main, ...shared, '--install-extension', path.resolve(vsix)], { env: environment });
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }

  const port = await freePort();
  // Whoever may open the workbench may run programs as this user, so the address alone must not be enough for others on this machine.
  const token = randomBytes(16).toString('hex');
  const tokenFile = path.join(folder, 'token');
  writeFileSync(tokenFile, token, { mode: 0o600 });
  const log = openSync(logFile, 'w');
  const child = spawn(
    node,
    [
      main,
      ...shared,
      ...['--host', '127.0.0.1', '--port', String(port), '--connection-token-file', tokenFile, '--disable-telemetry'],
      ...['--disable-getting-started-override', ...(trust === 'off' ? ['--disable-workspace-trust'] : [])],
    ],
    // A process group of its own, so that what the extension host forks ends with it.
    { env: environment, detached: process.platform !== 'win32', stdio: ['ignore', log, log] },
  );
  let ended = false;
  const end = new Promise((resolve) => child.once('exit', resolve).once('error', resolve)).then(() => {
    ended = true;
  });
  const clean = () => {
    killGroup(child.pid, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', clean);
  endOnSignals();

  const server = {
    address: `http://127.0.0.1:${port}`,
    urlOf: (/** @type {string} */ opened) =>
      `http://127.0.0.1:${port}/?${new URLSearchParams({ tkn: token, folder: opened })}`,
    folder,
    ended: end,
    log: () => readFileSync(logFile, 'utf8'),
    stop: async () => {
      killGroup(child.pid, 'SIGTERM');
      await Promise.race([end, sleep(3000, undefined, { ref: false })]);
      clean();
      process.removeListener('exit', clean);
    },
  };
  for (const started = Date.now(); !(await answers(`${server.address}/version`)); await sleep(50)) {
    if (ended || Date.now() - started > 60_000) {
      const printed = server.log().slice(-3000);
      await server.stop();
      throw new Error(`The VS Code server ${ended ? 'ended' : 'did not answer within a minute'}:\n${printed}`);
    }
  }
  return server;
}

/**
 * A copy of a folder that the server takes away with itself.
 * @param {VscodeServer} server
 * @param {string} source
 */
export function copyInto(server, source) {
  const copy = path.join(server.folder, path.basename(source));
  cpSync(source, copy, { recursive: true });
  return copy;
}

/** @param {string} url */
export async function answers(url) {
  try {
    // A token that is right is answered with a cookie and the same address without it, which a browser follows.
    const { ok, status } = await fetch(url, { signal: AbortSignal.timeout(10_000), redirect: 'manual' });
    return ok || status === 302;
  } catch {
    return false;
  }
}

/**
 * What a VS Code around this process has set would reach the inner one; the marketplace is not asked for anything.
 * @param {NodeJS.ProcessEnv} env
 */
function serverEnvironment(env) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_)/.test(name));
  return { ...Object.fromEntries(inherited), EXTENSIONS_GALLERY: '{"serviceUrl":""}', CS_TELEMETRY_URL: '', ...env };
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}

/**
 * @param {number | undefined} pid
 * @param {NodeJS.Signals} signal
 */
function killGroup(pid, signal) {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch {
    // It has gone already.
  }
}

let watching = false;

/** Without a listener a signal ends this process with no 'exit' event, and the server would stay. */
function endOnSignals() {
  if (watching) return;
  watching = true;
  for (const [signal, code] of /** @type {const} */ ([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ])) {
    process.once(signal, () => process.exit(code));
  }
}
