import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type Source, sourcesUnder } from '../support/sources';

const literal = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/.source;
const template = `(${literal})`;
/** The calls whose first string, or second after an error's code, is a sentence for a person. */
const calls = [
  new RegExp(`(?<![\\w.$])t\\(\\s*${template}`, 'g'),
  new RegExp(`(?<![\\w.$])message\\(\\s*${template}`, 'g'),
  new RegExp(`new UnrollError\\(\\s*(?:${literal}|[\\w.]+),\\s*${template}`, 'g'),
];

/** The text that a string literal stands for. */
function unquoted(quoted: string): string {
  const body = quoted.slice(1, -1);
  if (quoted.startsWith('"')) return JSON.parse(quoted.replace(/\\'/g, "'"));
  return JSON.parse(`"${body.replace(/\\'/g, "'").replace(/(?<!\\)"/g, '\\"')}"`);
}

function sentencesOf({ text }: Source): readonly string[] {
  return calls.flatMap((call) => [...text.matchAll(call)].map((match) => unquoted(match[1] ?? '')));
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'));
const table = (file: string) => readJson(file) as Readonly<Record<string, string>>;
const placeholders = (text: string) => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort().join(' ');
const sorted = (keys: Iterable<string>) => [...new Set(keys)].sort();

/** Asserts that a translation has the same keys, and in each sentence the same places for arguments. */
function assertTranslates(translation: Readonly<Record<string, string>>, original: Readonly<Record<string, string>>) {
  const missing = sorted(Object.keys(original).filter((key) => !Object.hasOwn(translation, key)));
  const stale = sorted(Object.keys(translation).filter((key) => !Object.hasOwn(original, key)));
  assert.deepEqual({ missing, stale }, { missing: [], stale: [] });
  for (const [key, text] of Object.entries(translation)) {
    assert.equal(placeholders(text), placeholders(original[key] ?? ''), key);
    assert.notEqual(text.trim(), '', key);
  }
}

describe('every sentence for people', () => {
  it('is found in each form that the sources write it in', () => {
    const text = `
      t('one'); at('no'); x.t('no'); message(
        'two {0}', 1);
      throw new UnrollError(
        'data',
        'it\\'s "three" {0}',
        x);
      new UnrollError(failure.code, "it's four", y);
      t("line\\nfive");
    `;
    const found = sentencesOf({ path: '', text });
    assert.deepEqual(sorted(found), sorted(['one', 'two {0}', 'it\'s "three" {0}', "it's four", 'line\nfive']));
  });

  it('is in the Chinese bundle, and nothing else is', () => {
    const sources = [...sourcesUnder('extension', /\.ts$/), ...sourcesUnder('webview', /\.ts$/)];
    const sentences = sources.flatMap(sentencesOf);
    assert.ok(sentences.length > 50, 'the sources hold sentences');
    const original = Object.fromEntries(sentences.map((sentence) => [sentence, sentence]));
    assertTranslates(table('l10n/bundle.l10n.zh-cn.json'), original);
  });

  it('of package.json is in package.nls.json and its Chinese twin', () => {
    const english = table('package.nls.json');
    const used = readFileSync('package.json', 'utf8').match(/"%[^%"]+%"/g) ?? [];
    assert.deepEqual(sorted(Object.keys(english)), sorted(used.map((key) => key.slice(2, -2))));
    assertTranslates(table('package.nls.zh-cn.json'), english);
  });

  it('that a file holds is there in both languages', () => {
    for (const language of ['package.nls.json', 'package.nls.zh-cn.json']) {
      const files = Object.entries(table(language)).filter(([key]) => key.endsWith('.media'));
      assert.ok(files.length > 0);
      for (const [, file] of files) assert.notEqual(readFileSync(file, 'utf8').trim(), '', file);
    }
  });

  it('of package.json is never written out in it', () => {
    const { contributes } = readJson('package.json') as { readonly contributes: unknown };
    const literals: string[] = [];
    const visit = (value: unknown, key: string) => {
      if (typeof value === 'string') {
        const shown = /^(title|name|contents|description|markdownDescription|contextualTitle)$/.test(key);
        if (shown && !/^%.*%$/.test(value) && value !== 'Unroll') literals.push(`${key}: ${value}`);
      } else if (typeof value === 'object' && value !== null) {
        for (const [inner, each] of Object.entries(value)) visit(each, Array.isArray(value) ? key : inner);
      }
    };
    visit(contributes, 'contributes');
    assert.deepEqual(literals, []);
  });
});
