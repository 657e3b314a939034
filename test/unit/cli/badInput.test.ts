import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { newFolder, removeFolders, writeSeries } from '../runtime/sampleData';
import { unroll } from './runCli';

const rows = (count: number, line: (row: number) => string) =>
  Array.from({ length: count }, (_, row) => line(row)).join('\n');

/** Files that cannot be trained on, and a word that the sentence about each must hold. */
const unusable: Readonly<Record<string, { readonly content: string | Uint8Array; readonly says: RegExp }>> = {
  'empty.csv': { content: '', says: /empty\.csv/ },
  'header.csv': { content: 'a,b\n', says: /header\.csv/ },
  'words.csv': { content: `a,b\n${rows(50, () => 'x,y')}\n`, says: /words\.csv|number/ },
  'missing.csv': { content: `a,b\n${rows(50, (row) => `${row},`)}\n`, says: /\bb\b/ },
  'constant.csv': { content: `a,b\n${rows(80, (row) => `${row},7`)}\n`, says: /\bb\b/ },
  'few.csv': { content: 'a,b\n1,2\n2,3\n3,5\n', says: /few\.csv/ },
  'binary.csv': { content: Uint8Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256), says: /binary\.csv/ },
};

describe('cli: bad input', () => {
  after(removeFolders);

  for (const [name, { content, says }] of Object.entries(unusable)) {
    it(`says in one sentence what is wrong with ${name}`, async () => {
      const root = newFolder();
      writeFileSync(path.join(root, name), content);
      const target = ['missing.csv', 'constant.csv'].includes(name) ? ['--target', 'b'] : [];
      const { status, stdout, stderr } = await unroll(root, ['train', name, ...target]);
      assert.equal(status, 1, stdout);
      assert.equal(stderr.trim().split('\n').length, 1, stderr);
      assert.match(stderr, says);
      assert.match(stderr, /^unroll: .+[.!]$/m);
      assert.doesNotMatch(stderr, /unexpected/);
      assert.deepEqual(readdirSync(root), [name]);
    });
  }

  it('says so of a folder and of a file that is not there', async () => {
    const root = newFolder();
    mkdirSync(path.join(root, 'folder.csv'));
    for (const name of ['folder.csv', 'none.csv']) {
      const { status, stderr, events } = await unroll(root, ['train', name, '--json']);
      assert.equal(status, 1);
      assert.match(stderr, new RegExp(name));
      assert.deepEqual(Object.keys(events[0] ?? {}), ['event', 'code', 'message']);
      assert.equal(events[0]?.['code'], 'data');
    }
    assert.deepEqual(readdirSync(root), ['folder.csv']);
  });

  it('reads UTF-16 or says what to do about it', async () => {
    const root = newFolder();
    const text = `month,value\n${rows(120, (row) => `2000-01-${row},${row % 12}`)}\n`;
    writeFileSync(path.join(root, 'wide.csv'), Buffer.concat([Buffer.of(0xff, 0xfe), Buffer.from(text, 'utf16le')]));
    const { status, stderr } = await unroll(root, ['train', 'wide.csv', '--target', 'value', '--epochs', '1']);
    if (status !== 0) {
      assert.equal(status, 1);
      assert.match(stderr, /wide\.csv/);
      assert.doesNotMatch(stderr, /unexpected/);
    }
  });

  it('says where the run cannot be written, and leaves nothing', async () => {
    const root = newFolder();
    writeSeries(root);
    writeFileSync(path.join(root, 'file'), '');
    const { status, stderr } = await unroll(root, ['train', 'series.csv', '--target', 'value', '--out', 'file/below']);
    assert.equal(status, 1);
    assert.match(stderr, /file.below/);
    assert.equal(stderr.trim().split('\n').length, 1, stderr);
    assert.deepEqual(readdirSync(root).sort(), ['file', 'series.csv']);
  });

  it('says where a file system takes no folders', async () => {
    const root = newFolder();
    writeSeries(root);
    const readOnly = path.join(root, 'readOnly');
    mkdirSync(readOnly, { mode: 0o555 });
    // Root may write anywhere but where the kernel itself says no.
    const out = existsSync('/proc/self') ? '/proc' : readOnly;
    const { status, stderr } = await unroll(root, ['train', 'series.csv', '--target', 'value', '--out', out]);
    assert.equal(status, 1);
    assert.match(stderr, /^unroll: \S*\.unroll (may not|cannot) be written.*\.\n$/);
  });

  it('names a column that is not there', async () => {
    const root = newFolder();
    writeSeries(root);
    const { status, stderr } = await unroll(root, ['train', 'series.csv', '--target', 'valeu']);
    assert.equal(status, 1);
    assert.match(stderr, /valeu/);
  });
});
