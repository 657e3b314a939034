import assert from 'node:assert/strict';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { withModelFile } from '../../../../extension/runtime/inspect/fileBytes';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('inspect: a model file by pieces', () => {
  const folder = temporaryFolder();

  it('gives the bytes that are asked for', () => {
    const file = path.join(folder.path, 'bytes');
    writeFileSync(
      file,
      Uint8Array.from({ length: 100 }, (_, i) => i),
    );
    withModelFile(file, (source) => {
      assert.equal(source.size, 100);
      assert.deepEqual([...source.read(97, 3)], [97, 98, 99]);
      assert.equal(source.read(40, 0).length, 0);
    });
  });

  it('says what is wrong with a file that cannot be read', () => {
    assert.throws(() => withModelFile(path.join(folder.path, 'none'), () => 0), /none cannot be read \(ENOENT\)/);
    mkdirSync(path.join(folder.path, 'folder'));
    assert.throws(() => withModelFile(path.join(folder.path, 'folder'), () => 0), /cannot be read \(EISDIR\)/);
  });

  it('notices a file that becomes shorter', () => {
    const file = path.join(folder.path, 'shrinking');
    writeFileSync(file, new Uint8Array(100));
    assert.throws(
      () =>
        withModelFile(file, (source) => {
          truncateSync(file, 10);
          return source.read(0, 100);
        }),
      /became shorter while it was read/,
    );
  });
});
