// Builds the VSIX of this platform from a production build, in a temporary folder.
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createVSIX } from '@vscode/vsce';
import { runQuietly } from '../test/support/vscode/commands.mjs';
import { layOut, targetOf } from './vsixContent.mjs';

const limitInMb = 60;

/**
 * @typedef {object} VsixOptions
 * @property {string} root the checkout
 * @property {string} outputFolder
 * @property {(folder: string) => Promise<unknown>} [bundle] writes the bundles into a folder; the checkout's own build unless told
 */

/**
 * @param {VsixOptions} options
 * @returns {Promise<{ file: string, megabytes: number }>}
 */
export async function buildVsix({ root, outputFolder, bundle = (folder) => bundleProduct(root, folder) }) {
  const target = targetOf(process.platform, process.arch);
  const { name, version } = createRequire(import.meta.url)(path.join(root, 'package.json'));
  const file = path.join(outputFolder, `${name}-${target}-${version}.vsix`);
  const stage = mkdtempSync(path.join(tmpdir(), 'unroll-vsix-'));
  try {
    layOut(root, stage, target);
    mkdirSync(path.join(stage, 'dist'));
    await bundle(path.join(stage, 'dist'));
    mkdirSync(outputFolder, { recursive: true });
    rmSync(file, { force: true });
    // Links stay relative: their pictures are packed.
    await createVSIX({
      cwd: stage,
      target,
      packagePath: file,
      rewriteRelativeLinks: false,
      allowMissingRepository: true,
    });
  } finally {
    rmSync(stage, { recursive: true, force: true, maxRetries: 5 });
  }
  const megabytes = statSync(file).size / 1e6;
  if (megabytes > limitInMb) {
    throw new Error(
      `${file} has ${megabytes.toFixed(1)} MB, and ${limitInMb} MB is the limit: see what .vscodeignore lets in.`,
    );
  }
  return { file, megabytes };
}

/**
 * @param {string} root
 * @param {string} folder
 */
function bundleProduct(root, folder) {
  return runQuietly(process.execPath, ['esbuild.mjs', '--production', `--outdir=${folder}`], { cwd: root });
}
