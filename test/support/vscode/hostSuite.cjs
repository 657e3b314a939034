// What VS Code calls inside its extension host: runs every host test that the build has produced, by mocha, and tells the count.
const fs = require('node:fs');
const path = require('node:path');
const process = require('node:process');
const util = require('node:util');

const root = path.resolve(__dirname, '..', '..', '..');
const folder = path.join(root, 'dist', 'test', 'vscode', 'host');

// In the VS Code server what is printed here arrives among the workbench's own lines, so the caller gives a mark to tell them apart.
// The extension host lets nobody replace the functions of its console, but it lets us put another console before it.
const { UNROLL_LINE_MARK: mark } = process.env;
if (mark) {
  const { log } = console;
  const marked = { value: (/** @type {unknown[]} */ ...args) => log('%s', mark + util.format(...args)) };
  globalThis.console = Object.create(console, { log: marked, info: marked, warn: marked, error: marked });
}
const Mocha = require('mocha');
const configuration = require(path.join(root, '.mocharc.json'));

/** Rejects when a test failed or none was found, which VS Code turns into its exit status. */
async function run() {
  const files = fs
    .readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.test.js'))
    .sort();
  if (files.length === 0) throw new Error(`No test was found in ${folder}.`);
  const mocha = new Mocha(configuration);
  for (const name of files) mocha.addFile(path.join(folder, name));
  let passed = 0;
  const failed = await new Promise((resolve) => {
    mocha.run(resolve).on('pass', () => {
      passed += 1;
    });
  });
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || passed === 0)
    throw new Error(`${failed} of ${passed + failed} tests failed in the extension host.`);
}

module.exports = { run };
