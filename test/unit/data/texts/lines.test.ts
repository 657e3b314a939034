import assert from 'node:assert/strict';
import { linesOf } from '../../../../extension/data/texts/lines';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('the lines of a text', () => {
  const folder = temporaryFolder();
  const linesIn = async (content: string | Buffer) => (await linesOf(folder.write('a.txt', content))).labels;

  it('are those that hold something, in any encoding', async () => {
    assert.deepEqual(await linesIn('\uFEFF one\r\n\n  two \r three'), ['one', 'two', 'three']);
    assert.deepEqual(await linesIn(Buffer.from('été\nhiver', 'latin1')), ['été', 'hiver']);
    assert.deepEqual(await linesIn(Buffer.from('\uFEFFété\r\nhiver', 'utf16le')), ['été', 'hiver']);
  });

  it('are at least one', async () => {
    for (const content of ['', ' \n\n', '\uFEFF'])
      await assert.rejects(linesIn(content), { code: 'data', message: /a\.txt is empty; choose a text/ });
  });
});
