import assert from 'node:assert/strict';
import { isBuiltin } from 'node:module';
import path from 'node:path';
import { type Source, sourcesUnder } from '../support/sources';

interface Import {
  /** The file that imports. */
  readonly from: string;
  /** The path of a file of ours without its ending, or a package's name as it is written. */
  readonly to: string;
  /** Only for its types: gone at run time. */
  readonly typeOnly: boolean;
}

const statements =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^;'"]*?\sfrom\s+)?['"]([^'"]+)['"]|\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g;

function importsOf({ path: from, text }: Source): readonly Import[] {
  return [...text.matchAll(statements)].map(([, type, statement, call]) => {
    const written = statement ?? call ?? '';
    const to = written.startsWith('.') ? path.posix.join(path.posix.dirname(from), written) : written;
    return { from, to, typeOnly: type !== undefined };
  });
}

const sources = [...sourcesUnder('extension', /\.ts$/), ...sourcesUnder('webview', /\.ts$/)];
const imports = sources.flatMap(importsOf);
const generated = /_pb\.ts$/;

/** Asserts that no import is one that `forbidden` says; a failure names them all. */
function assertNone(forbidden: (each: Import) => boolean) {
  assert.deepEqual(
    imports.filter(forbidden).map(({ from, to }) => `${from} imports ${to}`),
    [],
  );
}

const within = (folder: string, file: string) => file === folder || file.startsWith(`${folder}/`);
const isPackage = (to: string, name: string) => to === name || to.startsWith(`${name}/`);
const ours = (to: string) => within('extension', to) || within('webview', to);

/** Whom each part may import, besides itself; what is not named here it does not know. */
const known: Readonly<Record<string, readonly string[]>> = {
  'extension/protocol': [],
  'extension/core': ['extension/protocol'],
  'extension/data': ['extension/core', 'extension/protocol'],
  'extension/runtime': ['extension/data', 'extension/core', 'extension/protocol'],
  'extension/cli': ['extension/runtime', 'extension/data', 'extension/core', 'extension/protocol'],
  'extension/host': ['extension/protocol'],
  webview: ['extension/protocol'],
};

describe('the architecture', () => {
  it('is read from imports in each form that there is', () => {
    const text = `import a from './a';\nimport type { B } from '../b';\nimport {\n  c,\n} from 'c';\nimport './d.css';\nexport * from './e';\nawait import('f'); require('g');`;
    assert.deepEqual(
      importsOf({ path: 'extension/core/x.ts', text }).map(({ to, typeOnly }) => [to, typeOnly]),
      [
        ['extension/core/a', false],
        ['extension/b', true],
        ['c', false],
        ['extension/core/d.css', false],
        ['extension/core/e', false],
        ['f', false],
        ['g', false],
      ],
    );
    assert.ok(imports.length > 100, 'the sources import');
  });

  it('has no part that the table of parts does not name', () => {
    const nameless = sources.filter(({ path: file }) => !Object.keys(known).some((part) => within(part, file)));
    assert.deepEqual(
      nameless.map(({ path: file }) => file),
      [],
    );
  });

  for (const [part, others] of Object.entries(known)) {
    it(`lets ${part} import ${others.length === 0 ? 'itself' : others.join(', ')} alone of ours`, () => {
      assertNone(
        ({ from, to }) => within(part, from) && ours(to) && ![part, ...others].some((each) => within(each, to)),
      );
    });
  }

  it('has a core without I/O, onnxruntime and asynchrony', () => {
    assertNone(({ from, to }) => within('extension/core', from) && isBuiltin(to));
    const waiting = /\basync\b|\bawait\b|\bPromise\b|\bsetTimeout\b|\bfetch\(/;
    const code = (text: string) => text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*/g, '');
    const core = sources.filter(({ path: file }) => within('extension/core', file) && !generated.test(file));
    assert.deepEqual(
      core.filter(({ text }) => waiting.test(code(text))).map(({ path: file }) => file),
      [],
    );
  });

  it('has a protocol that needs neither Node nor a browser', () => {
    assertNone(({ from, to }) => within('extension/protocol', from) && isBuiltin(to));
  });

  it('shows vscode to the host alone', () => {
    assertNone(({ from, to }) => isPackage(to, 'vscode') && !within('extension/host', from));
  });

  it('shows onnxruntime to the runtime alone', () => {
    assertNone(({ from, to }) => isPackage(to, 'onnxruntime-node') && !within('extension/runtime', from));
  });

  it('shows DuckDB to the data alone', () => {
    assertNone(({ from, to }) => isPackage(to, '@duckdb/node-api') && !within('extension/data', from));
  });

  it('has a host of vscode and Node alone, light to activate', () => {
    // What the protocol brings along at run time counts as the host's: zod is much to load for a type.
    const packages = ({ to, typeOnly }: Import) => !typeOnly && !ours(to) && to !== 'vscode' && !isBuiltin(to);
    const heavy = new Set(imports.filter(packages).map(({ from }) => from.replace(/\.ts$/, '')));
    assertNone(
      (each) => within('extension/host', each.from) && !each.typeOnly && (packages(each) || heavy.has(each.to)),
    );
  });

  it('has a webview without Node, and the toolkit behind one module', () => {
    assertNone(({ from, to }) => within('webview', from) && (isBuiltin(to) || isPackage(to, 'vscode')));
    assertNone(
      ({ from, to }) => isPackage(to, '@vscode/webview-ui-toolkit') && !/^webview\/controls(\/|\.ts$)/.test(from),
    );
  });

  it('has files of one idea: none longer than 400 lines, none named for being useful', () => {
    const lines = (text: string) => text.trimEnd().split('\n').length;
    const long = sources.filter(({ path: file, text }) => !generated.test(file) && lines(text) > 400);
    assert.deepEqual(
      long.map(({ path: file, text }) => `${file}: ${lines(text)} lines`),
      [],
    );
    const vague = /^(utils?|helpers?|misc|common|index)\.ts$/;
    assert.deepEqual(
      sources.map(({ path: file }) => file).filter((file) => vague.test(path.posix.basename(file))),
      [],
    );
  });

  it('names files in camelCase', () => {
    const odd = sources.filter(({ path: file }) => {
      const name = path.posix.basename(file).replace(/(_pb|\.d)?\.ts$/, '');
      return !/^[a-z][a-zA-Z0-9]*$/.test(name);
    });
    assert.deepEqual(
      odd.map(({ path: file }) => file),
      [],
    );
  });
});
