import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ColumnFile, deriveColumns } from '../../../../extension/data/streamed/columnFile';
import { ScratchFile } from '../../../../extension/data/streamed/scratchFile';
import { UnrollError } from '../../../../extension/protocol/errors';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('column file', () => {
  const folder = temporaryFolder();

  it('gives columns back that were written piece by piece, whichever was read before', () => {
    const file = ColumnFile.make(5, {});
    file.write(1, 0, Float64Array.of(10, 11, 12));
    file.write(0, 0, Float64Array.of(0, 1, Number.NaN, 3, 4));
    file.write(1, 3, Float64Array.of(13, 1 / 3));
    const [a, b] = [file.column(0, 'a'), file.column(1, 'b')];
    for (let turn = 0; turn < 2; turn++) {
      assert.deepEqual([a.name, ...a.values], ['a', 0, 1, Number.NaN, 3, 4]);
      assert.deepEqual([b.name, ...b.values], ['b', 10, 11, 12, 13, 1 / 3]);
    }
    file.write(1, 4, Float64Array.of(14));
    assert.equal(b.values[4], 14);
    file.close();
    file.close();
  });

  it('leaves nothing in the folder', () => {
    folder.write('.unroll/note', '');
    const file = ColumnFile.make(3, { root: folder.path });
    file.write(0, 0, Float64Array.of(1, 2, 3));
    assert.deepEqual(readdirSync(path.join(folder.path, '.unroll')), ['note']);
    assert.deepEqual(Array.from(file.values(0)), [1, 2, 3]);
  });

  it('derives the same columns in memory and in a file', () => {
    const columns = [1, 2].map((by) => ({
      name: `x${by}`,
      values: Float64Array.from({ length: 9 }, (_, row) => row * by),
    }));
    const [held, kept] = [8, 7].map((most) =>
      deriveColumns(columns, 4, { held: most }, ({ values }) => values.slice(2, 6)),
    );
    assert.deepEqual(
      kept?.map(({ name, values }) => [name, ...values]),
      held?.map(({ name, values }) => [name, ...values]),
    );
    assert.deepEqual(
      kept?.map(({ name, values }) => [name, ...values]),
      [
        ['x1', 2, 3, 4, 5],
        ['x2', 4, 6, 8, 10],
      ],
    );
  });

  it('says so where bytes are asked for that are not there', () => {
    const file = ScratchFile.make({});
    file.write(Float32Array.of(1, 2), 0);
    assert.throws(
      () => file.read(new Float32Array(3), 0),
      (error) => error instanceof UnrollError && error.code === 'data',
    );
  });
});
