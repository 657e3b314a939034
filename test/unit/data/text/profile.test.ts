import assert from 'node:assert/strict';
import { profileTable } from '../../../../extension/data/table/profile';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('the profile of a text', () => {
  const folder = temporaryFolder();

  it('is one column of characters', async () => {
    const { rows, columns, fingerprint } = await profileTable(
      folder.write('a.txt', 'Words, words, words.\nMore: words\n'),
    );
    assert.equal(rows, 33);
    assert.deepEqual(columns, [{ name: 'character', kind: 'text', missing: 0, min: null, max: null }]);
    assert.match(fingerprint, /^sha256:[0-9a-f]{64}$/);
  });

  it('is that of a table where the text is one', async () => {
    const { rows, columns } = await profileTable(folder.write('b.txt', 'a\tb\n1\t2\n3\t4\n'));
    assert.deepEqual([rows, columns.map(({ name }) => name)], [2, ['a', 'b']]);
  });
});
