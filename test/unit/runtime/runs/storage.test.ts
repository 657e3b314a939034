import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../../../extension/protocol/errors';
import { removeTemporaries, storageError, writeAtomic } from '../../../../extension/runtime/runs/storage';
import { newFolder, removeFolders } from '../sampleData';

const systemError = (code: string) => Object.assign(new Error(code), { code });

describe('runs/storage', () => {
  after(removeFolders);

  it('replaces a file and leaves no other', () => {
    const folder = newFolder();
    const file = path.join(folder, 'a.txt');
    writeFileSync(file, 'old');
    writeAtomic(file, 'new');
    writeAtomic(path.join(folder, 'b.bin'), [Uint8Array.of(1, 2), Uint8Array.of(3)], true);
    assert.equal(readFileSync(file, 'utf8'), 'new');
    assert.deepEqual([...readFileSync(path.join(folder, 'b.bin'))], [1, 2, 3]);
    assert.deepEqual(readdirSync(folder).sort(), ['a.txt', 'b.bin']);
  });

  it('leaves nothing half-written where the file cannot be replaced', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'taken'));
    mkdirSync(path.join(folder, 'taken', 'inside'));
    assert.throws(() => writeAtomic(path.join(folder, 'taken'), 'x'), { code: 'storage' });
    assert.deepEqual(readdirSync(folder), ['taken']);
  });

  it('says which folder is missing', () => {
    const file = path.join(newFolder(), 'plain');
    writeFileSync(file, '');
    assert.throws(() => writeAtomic(path.join(file, 'x'), 'x'), { code: 'storage', message: /plain\/x|plain\\x/ });
  });

  it('takes away what a killed process left, and nothing else', () => {
    const folder = newFolder();
    for (const name of ['.a.json.12-0.tmp', 'a.json', '.lock', 'b.tmp']) writeFileSync(path.join(folder, name), '');
    removeTemporaries(folder);
    assert.deepEqual(readdirSync(folder).sort(), ['.lock', 'a.json', 'b.tmp']);
    removeTemporaries(path.join(folder, 'none'));
  });

  it('has a sentence for what disks refuse, and leaves other errors alone', () => {
    const sentences = ['ENOSPC', 'EROFS', 'ENOENT', 'EIO'].map((code) => {
      const error = storageError(systemError(code), '/x/y');
      assert.ok(error instanceof UnrollError && error.code === 'storage', code);
      assert.match(error.message, /\/x\/y/);
      return error.message;
    });
    assert.equal(new Set(sentences).size, 4);
    assert.match(sentences[0] ?? '', /disk is full/);
    const own = new UnrollError('data', 'Mine.');
    assert.equal(storageError(own, 'f'), own);
    const plain = new Error('no code');
    assert.equal(storageError(plain, 'f'), plain);
  });
});
