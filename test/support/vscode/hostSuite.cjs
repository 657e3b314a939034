// What VS Code calls inside its extension host: runs every host test that the build has produced, by mocha, and tells the count.
const { readdirSync } = require('node:fs');
const path = require('node:path');
const process = require('node:process');
const { format } = require('node:util');

const root = path.resolve(__dirname, '..', '..', '..');
const folder = path.join(root, 'dist', 'test', 'vscode', 'host');

// In the VS Code server what is printed here arrives among the workbench's own lines, so the caller gives a mark to tell them apart.
// Mocha keeps the console that it finds when it is loaded.
const { UNROLL_LINE_MARK: mark } = process.env;
if (mark) {
  const { log } = console;
  console.log = (...args) => log('%s', mark + format(...args));
  console.error = console.log;
}
const Mocha = require('mocha');
const configuration = require(path.join(root, '.mocharc.json'));

/** Rejects when a test failed or none was found, which VS Code turns into its exit status. */
async function run() {
  const files = readdirSync(folder, { recursive: true })
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
  if (failed > 0 || passed === 0) throw new Error(`${failed} of ${passed + failed} tests failed in the extension host.`);
}

module.exports = { run };
