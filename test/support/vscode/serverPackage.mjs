// Fetches the VS Code server from npm, once: the package code-server holds VS Code without Electron (its server, its workbench for the
// browser and a real extension host), and the package node-<platform>-<arch> holds the Node.js that this server needs.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { findOnPath, runQuietly } from './commands.mjs';
import { cacheFolder } from './folders.mjs';
import { withLock } from './lock.mjs';

const serverVersion = '4.139.1';
const nodeVersion = '24.21.0';

/** Each needs a compiler here, and the server does not start without it. The server's other native modules it can miss. */
const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty'];

/**
 * @typedef {object} ServerPackage
 * @property {string} node the Node.js executable that runs the server
 * @property {string} main the server's entry
 */

/**
 * The npm package that holds Node.js for a platform.
 * @param {string} [platform]
 * @param {string} [arch]
 */
export function nodePackage(platform = process.platform, arch = process.arch) {
  return `node-${platform === 'win32' ? 'win' : platform}-${arch}`;
}

/**
 * The server, fetched into the cache folder if it is not there yet (about a minute, 400 MB).
 * @param {(line: string) => void} [say] told before a fetch begins
 * @returns {Promise<ServerPackage>}
 */
export async function ensureServer(say = console.log) {
  const home = path.join(cacheFolder(), `server-${serverVersion}-node-${nodeVersion}`);
  // The folder gets this name only when everything is in it, so that its presence is the proof of completeness.
  if (!existsSync(home)) {
    await withLock(path.join(cacheFolder(), 'fetch.lock'), async () => {
      if (existsSync(home)) return;
      requireBuildTools();
      say(
        `Fetching the VS Code server (code-server ${serverVersion}) from npm into ${path.dirname(home)}; once, about a minute.`,
      );
      const partial = `${home}.partial`;
      rmSync(partial, { recursive: true, force: true });
      await fetchInto(partial);
      renameSync(partial, home);
    });
  }
  return contentsOf(home);
}

/** @param {string} home */
function contentsOf(home) {
  const modules = path.join(home, 'node_modules');
  const executable = process.platform === 'win32' ? 'node.exe' : 'node';
  return {
    node: path.join(modules, nodePackage(), 'bin', executable),
    main: path.join(modules, 'code-server', 'lib', 'vscode', 'out', 'server-main.js'),
  };
}

/** @param {string} home */
async function fetchInto(home) {
  mkdirSync(home, { recursive: true });
  writeFileSync(path.join(home, 'package.json'), '{"private":true}\n');
  const { node, main } = contentsOf(home);
  const nodeHome = path.dirname(path.dirname(node));
  const vscode = path.dirname(path.dirname(main));
  const { PATH = '' } = process.env;
  const env = {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${PATH}`,
    // The headers come with that package too: nothing is asked of nodejs.org.
    npm_config_nodedir: nodeHome,
    npm_config_yes: 'true',
  };
  // Scripts are left out because code-server's own would install everything once more; the modules that need theirs are built below.
  const install = ['install', '--ignore-scripts', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  await runQuietly('npm', [...install, `${nodePackage()}@${nodeVersion}`, `code-server@${serverVersion}`], {
    cwd: home,
  });
  await runQuietly('npm', install, { cwd: vscode, env });
  await runQuietly('npm', install, { cwd: path.join(vscode, 'extensions'), env });
  await runQuietly('npm', ['rebuild', '--foreground-scripts', '--loglevel=error', ...nativeModules], {
    cwd: vscode,
    env,
  });
  removeWeight(vscode, nodeHome);
}

/**
 * What neither a test nor a look at the extension needs: chat, sign-in, other systems' binaries, the compiler's leavings.
 * @param {string} vscode
 * @param {string} nodeHome
 */
function removeWeight(vscode, nodeHome) {
  const unneeded = [
    '@github',
    '@microsoft/mxc-sdk',
    '@vscode/windows-process-tree',
    '@vscode/windows-registry',
    '@vscode/sqlite3',
  ];
  const extensions = ['copilot', 'mermaid-markdown-features', 'microsoft-authentication'];
  for (const folder of [
    ...unneeded.map((name) => path.join(vscode, 'node_modules', name)),
    ...extensions.map((name) => path.join(vscode, 'extensions', name)),
    path.join(nodeHome, 'include'),
    path.join(nodeHome, 'share'),
  ]) {
    rmSync(folder, { recursive: true, force: true });
  }
  const searchers = path.join(vscode, 'node_modules', '@vscode', 'ripgrep-universal', 'bin');
  for (const name of existsSync(searchers) ? readdirSync(searchers) : []) {
    if (name !== `${process.platform}-${process.arch}`) rmSync(path.join(searchers, name), { recursive: true });
  }
}

function requireBuildTools() {
  const compiler = process.platform === 'darwin' ? 'c++' : 'g++';
  const missing = ['make', compiler, 'python3'].filter((tool) => !findOnPath(tool));
  if (process.platform !== 'win32' && missing.length > 0) {
    throw new Error(
      `The VS Code server's native modules are compiled on this machine, and ${missing.join(', ')} ${missing.length === 1 ? 'is' : 'are'} missing: install ${missing.length === 1 ? 'it' : 'them'} (Debian: apt-get install make g++ python3) and run this again.`,
    );
  }
}
