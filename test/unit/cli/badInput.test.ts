import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  type Dirent,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { wavOf } from '../../support/wav';
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

  it('reads what people have, says what was read otherwise, and never writes to it', async () => {
    const root = newFolder();
    const put = (name: string, content: string | Buffer) => {
      mkdirSync(path.dirname(path.join(root, 'data', name)), { recursive: true });
      writeFileSync(path.join(root, 'data', name), content);
    };
    const day = (row: number) => new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    const value = (row: number) => `${(10 * Math.sin(row / 3) + (row % 5)).toFixed(2)}`;
    put(
      'mixed.csv',
      Buffer.concat(
        [...rows(120, (row) => `${day(row)},café ${row},${value(row)}`).split('\n')].map((line, row) =>
          Buffer.from(`${line}\n`, row % 2 ? 'latin1' : 'utf8'),
        ),
      ),
    );
    put('commas.csv', `day;v\n${rows(120, (row) => `${day(row)};${value(row).replace('.', ',')}`)}\n`);
    put('twice.csv', `day,v,v\n${rows(120, (row) => `${day(row)},${value(row)},${row % 7}`)}\n`);
    put(
      'long.csv',
      `day,note,v\n${rows(120, (row) => `${day(row)},"a\nb${'x'.repeat(row === 7 ? 1 << 20 : 0)}",${value(row)}`)}\n`,
    );
    put(
      'infinite.csv',
      `day,v\n${rows(120, (row) => `${day(row)},${row === 9 ? 'inf' : row === 8 ? 'nan' : value(row)}`)}\n`,
    );
    put('turned.csv', `day,v\n${rows(120, (row) => `${day(119 - (row === 5 ? 6 : row))},${value(row)}`)}\n`);
    put(
      'latin.txt',
      Buffer.from(
        rows(300, (row) => `été ${row % 7}`),
        'latin1',
      ),
    );
    put('pairs.tsv', `${rows(60, (row) => `The ${row} dogs.\tLes ${row} chiens.`)}\n`);
    for (let take = 0; take < 12; take++) {
      const samples = Array.from({ length: 1600 }, (_, i) => 0.4 * Math.sin(i * (take % 2 ? 0.2 : 0.9) + take));
      const kinds = [{ bits: 8 }, { bits: 24 }, { bits: 32, float: true }, { channels: 2 }];
      const sound = wavOf(samples, kinds[take % 4]);
      put(`sounds/${take % 2 ? 'low' : 'high'}_${take}.wav`, take === 5 ? sound.subarray(0, sound.length - 99) : sound);
      put(`texts/${take % 2 ? 'a' : 'b'}/${take}.txt`, take === 3 ? '' : `words ${take}`);
    }
    symlinkSync('..', path.join(root, 'data', 'texts', 'a', 'up'));
    const state = () =>
      (readdirSync(path.join(root, 'data'), { recursive: true, withFileTypes: true }) as Dirent[])
        .filter((entry) => entry.isFile())
        .map(({ parentPath, name }) => {
          const file = path.join(parentPath, name);
          return [file, statSync(file).mtimeMs, createHash('sha256').update(readFileSync(file)).digest('hex')];
        });
    const before = state();
    const says: Readonly<Record<string, RegExp>> = {
      'mixed.csv': /lines are not UTF-8/,
      'commas.csv': /decimal comma/,
      'twice.csv': /are renamed: \{1\}/,
      'long.csv': /Trained on/,
      'infinite.csv': /are infinite and count as missing/,
      'turned.csv': /not in the order of time/,
      'latin.txt': /lines are not UTF-8/,
      'pairs.tsv': /holds values and no names/,
      sounds: /end before they say that they do/,
      texts: /rows without a text or a class/,
    };
    for (const [name, note] of Object.entries(says)) {
      const { status, stderr } = await unroll(root, ['train', `data/${name}`, '--epochs', '1', '--out', `out/${name}`]);
      assert.equal(status, 0, `${name}: ${stderr}`);
      const [run = ''] = readdirSync(path.join(root, 'out', name, '.unroll', 'runs'));
      const told = readFileSync(path.join(root, 'out', name, '.unroll', 'runs', run, 'experiment.json'), 'utf8');
      assert.match(told, note, name);
    }
    assert.deepEqual(state(), before);
    assert.deepEqual(readdirSync(root).sort(), ['data', 'out']);
  }).timeout(180_000);
});
