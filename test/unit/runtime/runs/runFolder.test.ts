import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { UnrollError } from '../../../../extension/protocol/errors';
import { checkRun, createRunFolder, rootOf, runFiles } from '../../../../extension/runtime/runs/runFolder';
import { newFolder, removeFolders } from '../sampleData';

const created = new Date(2026, 0, 2, 3, 4, 5);
const fill = (dir: string) => writeFileSync(runFiles(dir).experiment, '{}');
const create = (root: string, name: string) => createRunFolder(root, name, created, fill).dir;

describe('runs/runFolder', () => {
  after(removeFolders);

  it('names a folder after its time and its run, and never twice', () => {
    const root = newFolder();
    const first = create(root, 'Año / 1: "x"');
    assert.equal(first, path.join(root, '.unroll', 'runs', '20260102-030405-Año-1-x'));
    assert.equal(create(root, 'Año / 1: "x"'), `${first}-2`);
    assert.equal(rootOf(first), root);
    assert.equal(path.basename(create(root, '../..')), '20260102-030405-run');
  });

  it('leaves nothing where the first files cannot be written', () => {
    const root = newFolder();
    const full = Object.assign(new Error('full'), { code: 'ENOSPC' });
    const start = () =>
      createRunFolder(root, 'a', created, (dir) => {
        fill(dir);
        throw full;
      });
    assert.throws(start, { code: 'storage' });
    assert.deepEqual(readdirSync(root), []);
    const other = create(root, 'b');
    assert.throws(start, { code: 'storage' });
    assert.deepEqual(readdirSync(path.dirname(other)), [path.basename(other)]);
  });

  it('says so where the workspace is no folder that can be written', () => {
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');
    assert.throws(() => create(file, 'a'), { code: 'storage' });
  });

  it('takes only folders of runs', () => {
    const root = newFolder();
    const dir = create(root, 'a');
    assert.equal(checkRun(dir), dir);
    assert.equal(checkRun(`${dir}${path.sep}`), dir);
    const outside = path.join(root, 'runs', 'b');
    mkdirSync(outside, { recursive: true });
    fill(outside);
    const refused = [
      outside,
      root,
      path.join(dir, '..'),
      path.join(dir, 'checkpoint'),
      `${dir}x`,
      path.relative('.', dir),
    ];
    for (const other of refused) {
      assert.throws(
        () => checkRun(other),
        (error) => error instanceof UnrollError && error.code === 'run',
        other,
      );
    }
    assert.ok(existsSync(dir));
  });
});
