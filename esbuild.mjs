// Bundles the product into dist/, or where --outdir=FOLDER says. With --tests also the suites, into dist/test/; with --bench the benches; --watch keeps at it.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import * as esbuild from 'esbuild';

const flags = new Set(process.argv.slice(2));
const production = flags.has('--production');
const outdir = [...flags].find((flag) => flag.startsWith('--outdir='))?.slice('--outdir='.length) ?? 'dist';

const shared = {
  bundle: true,
  sourcemap: production ? false : 'linked',
  minify: production,
  keepNames: true,
  logLevel: 'warning',
};
const forNode = { ...shared, platform: 'node', format: 'cjs', target: 'node20' };
// Pages are read anew each time they open: what is tested is as small as what is shipped.
const forWebview = { ...shared, platform: 'browser', format: 'iife', target: 'chrome120', minify: true };

const builds = [
  {
    ...forNode,
    outdir,
    // Native modules and what the editor provides; everything else is bundled.
    external: ['vscode', 'onnxruntime-node', '@duckdb/node-api'],
    // jsonc-parser's other form asks for its parts at run time, when they are not there any more.
    mainFields: ['module', 'main'],
    entryPoints: {
      extension: 'extension/host/extension.ts',
      engine: 'extension/runtime/engine/main.ts',
      trainingWorker: 'extension/runtime/training/worker.ts',
      providerProbe: 'extension/runtime/device/probe.ts',
      inspectorProcess: 'extension/runtime/inspect/process/main.ts',
      memoryWatch: 'extension/runtime/inspect/process/memoryWatch.ts',
      cli: 'extension/cli/main.ts',
    },
  },
  {
    ...forWebview,
    outdir: path.join(outdir, 'webview'),
    entryPoints: {
      run: 'webview/run/main.ts',
      model: 'webview/model/main.ts',
      inspector: 'webview/inspector/main.ts',
      data: 'webview/data/main.ts',
    },
  },
];
if (flags.has('--tests')) {
  const tests = { ...forNode, external: ['vscode'], packages: 'external', outbase: 'test', outdir: 'dist/test' };
  builds.push({ ...tests, entryPoints: filesUnder('test', /\.(test|command)\.ts$/) });
  builds.push({
    ...forWebview,
    outdir: 'dist/test/webview/page',
    entryPoints: filesUnder('test/webview/page', /\.ts$/),
  });
}
if (flags.has('--bench')) {
  builds.push({ ...forNode, packages: 'external', outdir: 'dist/bench', entryPoints: filesUnder('bench', /\.ts$/) });
}

/** Files below `folder`, but for installed packages, whose path matches, sorted: entry points are found, never listed. */
function filesUnder(folder, pattern) {
  return readdirSync(folder, { recursive: true })
    .map((name) => path.posix.join(folder, String(name).split(path.sep).join('/')))
    .filter((name) => pattern.test(name) && !name.includes('/node_modules/'))
    .sort();
}

/** Writes the experiment's JSON schema from its one definition. */
async function writeSchema() {
  const { outputFiles } = await esbuild.build({
    ...forNode,
    sourcemap: false,
    write: false,
    entryPoints: ['extension/protocol/experiment.ts'],
  });
  const module = { exports: {} };
  new Function('module', 'exports', 'require', outputFiles[0].text)(module, module.exports, undefined);
  writeFileSync(
    path.join(outdir, 'experiment.schema.json'),
    `${JSON.stringify(module.exports.draftJsonSchema(), null, 2)}\n`,
  );
}

if (flags.has('--watch')) {
  for (const build of builds) await (await esbuild.context(build)).watch();
} else {
  await Promise.all(builds.map((build) => esbuild.build(build)));
}
await writeSchema();
