// npm run test:vsix: packs the extension, and has the suite install the pack in a fresh VS Code and train with it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { buildVsix } from './buildVsix.mjs';
import { runMocha } from './runMocha.mjs';

const root = path.dirname(import.meta.dirname);
process.chdir(root);

const outputFolder = mkdtempSync(path.join(tmpdir(), 'unroll-pack-'));
let passed = false;
try {
  const { file, megabytes } = await buildVsix({ root, outputFolder });
  console.log(`${path.basename(file)} (${megabytes.toFixed(1)} MB)`);
  passed = await runMocha('dist/test/vscode/vsix/**/*.test.js', { UNROLL_VSIX: file });
} finally {
  rmSync(outputFolder, { recursive: true, force: true });
}
process.exit(passed ? 0 : 1);
