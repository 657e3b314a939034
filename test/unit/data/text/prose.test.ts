import assert from 'node:assert/strict';
import { isProse } from '../../../../extension/data/text/prose';
import { temporaryFolder } from '../../../support/temporaryFolder';

describe('prose', () => {
  const folder = temporaryFolder();
  const about = (name: string, content: string | Buffer) => isProse(folder.write(name, content));

  it('is a text of words, whatever their commas', async () => {
    assert.equal(await about('a.txt', 'First Citizen:\nBefore we proceed, hear me.\n\nAll:\nSpeak, speak.\n'), true);
    assert.equal(await about('a.md', '# Title\n\n- one, two\n- three, 4\n'), true);
    assert.equal(await about('a.TXT', 'one line without an end'), true);
    assert.equal(await about('a.txt', Buffer.from('\uFEFFBefore we proceed,\nhear me.\n', 'utf16le')), true);
  });

  it('is no table of numbers', async () => {
    assert.equal(await about('a.txt', 'month\tvalue\n2020-01\t1.5\n2020-02\t-2e3\n'), false);
    assert.equal(await about('a.txt', '1\n2\n3\n'), false);
    assert.equal(await about('a.txt', 'a;b\nx;1,5\ny;2,5\n'), false);
    assert.equal(await about('a.txt', Buffer.from('\uFEFFa\tb\n1\t2\n', 'utf16le')), false);
  });

  it('is not looked for in files of other names', async () => {
    assert.equal(await about('a.csv', 'Speak, speak.\n'), false);
    assert.equal(await isProse('/nowhere/a.csv'), false);
  });
});
