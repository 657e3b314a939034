import assert from 'node:assert/strict';
import { readTexts } from '../../../../extension/data/sequences/texts';
import { withTable } from '../../../../extension/data/table/table';
import { UnrollError } from '../../../../extension/protocol/errors';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('texts', () => {
  const folder = temporaryFolder();

  it('are numbered as they appear, whatever kind the column is', async () => {
    const file = folder.write('a.csv', 'n,word,flag\n2,"b, c",true\n10,,false\n2,a,\n1,"b, c",true\n');
    await withTable(file, async (table) => {
      const read = async (name: string) => {
        const { labels, codes } = await readTexts(table, name);
        return [labels, Array.from(codes)];
      };
      assert.deepEqual(await read('n'), [
        ['2', '10', '1'],
        [0, 1, 0, 2],
      ]);
      assert.deepEqual(await read('word'), [
        ['b, c', 'a'],
        [0, -1, 1, 0],
      ]);
      assert.deepEqual(await read('flag'), [
        ['true', 'false'],
        [0, 1, -1, 0],
      ]);
      await assert.rejects(
        readTexts(table, 'wrd'),
        (error) => error instanceof UnrollError && /word/.test(error.message),
      );
    });
  });

  it('are read to the last of many chunks', async () => {
    const file = folder.write('long.csv', `w\n${Array.from({ length: 5000 }, (_, i) => `w${i % 7}\n`).join('')}`);
    const { labels, codes } = await withTable(file, (table) => readTexts(table, 'w'));
    assert.equal(labels.length, 7);
    assert.equal(codes.length, 5000);
    assert.ok(codes.every((code, i) => labels[code] === `w${i % 7}`));
  });
});
