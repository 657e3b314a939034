// What goes into a VSIX for one platform, laid out in a folder of its own: the checkout itself is never changed.
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where both native dependencies, onnxruntime and DuckDB, exist: the names are Node's, and the marketplace's. */
export const targets = ['linux-x64', 'linux-arm64', 'darwin-arm64', 'win32-x64', 'win32-arm64'];

/**
 * The marketplace's name of a platform.
 * @param {string} platform
 * @param {string} arch
 */
export function targetOf(platform, arch) {
  const target = `${platform}-${arch}`;
  if (targets.includes(target)) return target;
  throw new Error(
    `No VSIX for ${target}: onnxruntime has binaries for ${targets.join(', ')} only. Package on one of these.`,
  );
}

/**
 * The packages that the extension loads at run time, for one platform; everything else is bundled into dist/.
 * @param {string} target
 */
export function runtimePackages(target) {
  return [
    'onnxruntime-node',
    'onnxruntime-common',
    '@duckdb/node-api',
    '@duckdb/node-bindings',
    `@duckdb/node-bindings-${target}`,
    'detect-libc',
  ];
}

/**
 * Whether a file of a runtime package serves this platform. `.vscodeignore` then leaves out what serves none.
 * @param {string} file relative to node_modules, with forward slashes
 * @param {string} target
 */
export function servesTarget(file, target) {
  const binary = /^onnxruntime-node\/bin\/napi-v\d+\/([^/]+)\/([^/]+)\/(.+)$/.exec(file);
  if (!binary) return true;
  const [, platform, arch, name = ''] = binary;
  // The same library lies there under its full version too, which nothing links to; CUDA's are what `unroll setup-cuda` linked here.
  return `${platform}-${arch}` === target && !/^libonnxruntime(\.\d+\.\d+.*\.dylib|_providers_.*)$/.test(name);
}

/**
 * The manifest as users get it: nothing of how the extension is built.
 * @param {Record<string, unknown>} manifest
 */
export function shippedManifest(manifest) {
  const { devDependencies, scripts, private: _private, ...shipped } = manifest;
  return shipped;
}

const ownFiles = ['.vscodeignore', 'README.md', 'CHANGELOG.md', 'LICENSE'];
const optionalFiles = ['package.nls.json', 'package.nls.zh-cn.json', 'l10n', 'media', 'docs/images'];

/**
 * Lays everything but the bundles into `stage`.
 * @param {string} root the checkout
 * @param {string} stage an empty folder
 * @param {string} target
 */
export function layOut(root, stage, target) {
  const missing = ownFiles.filter((name) => !existsSync(path.join(root, name)));
  if (missing.length > 0)
    throw new Error(`A VSIX needs ${missing.join(', ')} in ${root}: write what is missing and package again.`);
  for (const name of [...ownFiles, ...optionalFiles.filter((name) => existsSync(path.join(root, name)))]) {
    cpSync(path.join(root, name), path.join(stage, name), { recursive: true });
  }
  writeManifest(stage, shippedManifest(readManifest(root)));
  const modules = path.join(root, 'node_modules');
  for (const name of runtimePackages(target)) {
    const from = path.join(modules, name);
    const to = path.join(stage, 'node_modules', name);
    if (!existsSync(from))
      throw new Error(`${name} is not in ${modules}: run npm ci on ${target}, then package again.`);
    mkdirSync(path.dirname(to), { recursive: true });
    cpSync(from, to, {
      recursive: true,
      filter: (file) => servesTarget(path.relative(modules, file).split(path.sep).join('/'), target),
    });
    writeManifest(to, cutManifest(readManifest(to), target));
  }
}

/**
 * Names as dependencies only what is packed, because vsce follows them: onnxruntime's installer has some of its own.
 * @param {Record<string, unknown>} manifest
 * @param {string} target
 */
function cutManifest(manifest, target) {
  const packed = runtimePackages(target);
  const keep = (/** @type {unknown} */ names) =>
    Object.fromEntries(Object.entries(names ?? {}).filter(([name]) => packed.includes(name)));
  return {
    ...shippedManifest(manifest),
    dependencies: { ...keep(manifest['dependencies']), ...keep(manifest['optionalDependencies']) },
    optionalDependencies: {},
  };
}

/** @param {string} folder */
function readManifest(folder) {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
}

/**
 * @param {string} folder
 * @param {Record<string, unknown>} manifest
 */
function writeManifest(folder, manifest) {
  writeFileSync(path.join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}
