import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { truncateSync } from 'node:fs';
import { mostBytes, readCharacters } from '../../../../extension/data/text/characters';
import { UnrollError } from '../../../../extension/protocol/errors';
import { format } from '../../../../extension/protocol/messages';
import { temporaryFolder } from '../../../support/temporaryFolder';

const says = (pattern: RegExp) => (error: unknown) =>
  error instanceof UnrollError && error.code === 'data' && pattern.test(error.message) && !error.message.includes('\n');

describe('characters', () => {
  const folder = temporaryFolder();
  const textOf = async (content: string | Buffer) => {
    const { distinct, numbers } = await readCharacters(folder.write('a.txt', content));
    return Array.from(numbers, (number) => distinct[number]).join('');
  };

  it('are code points of every plane, and lines end as they are written', async () => {
    const file = folder.write('a.txt', 'hé\r\n数😀h');
    const { distinct, numbers, fingerprint } = await readCharacters(file);
    assert.deepEqual(distinct, ['h', 'é', '\r', '\n', '数', '😀']);
    assert.deepEqual(Array.from(numbers), [0, 1, 2, 3, 4, 5, 0]);
    assert.equal(fingerprint, `sha256:${createHash('sha256').update('hé\r\n数😀h').digest('hex')}`);
  });

  it('do not count the byte order mark', async () => {
    assert.equal(await textOf('\uFEFFabc'), 'abc');
  });

  it('are whole where they lie across two chunks', async () => {
    const text = `x${'é😀'.repeat(400_000)}`;
    assert.equal(await textOf(text), text);
  });

  it('of other encodings are read, and that is said', async () => {
    const noted = async (content: Buffer) => {
      const { distinct, numbers, notes } = await readCharacters(folder.write('a.txt', content));
      return [Array.from(numbers, (number) => distinct[number]).join(''), ...notes.map((note) => format(note))];
    };
    const western = (line: number, lines = 1) =>
      `${lines} lines are not UTF-8, the first of them line ${line}, and were read as Windows-1252 (Western European).`;
    assert.deepEqual(await noted(Buffer.from('hé\n')), ['hé\n']);
    assert.deepEqual(await noted(Buffer.from([0x61, 0xe9, 0x62])), ['aéb', western(1)]);
    assert.deepEqual(await noted(Buffer.from([0x61, 0xc3])), ['aÃ', western(1)]);
    const mixed = Buffer.concat([
      Buffer.from('\uFEFFé\n'),
      Buffer.from('é“'.replace('“', '\x93'), 'latin1'),
      Buffer.from('\né'),
    ]);
    assert.deepEqual(await noted(mixed), ['é\né“\né', western(2)]);
    const long = Buffer.concat([Buffer.from('é'.repeat(600_000)), Buffer.from('\n\xe9', 'latin1')]);
    assert.deepEqual(await noted(long), [`${'é'.repeat(600_000)}\né`, western(2)]);
    const wide = 'The file is UTF-16 and was read as that.';
    assert.deepEqual(await noted(Buffer.from('hello', 'utf16le')), ['hello', wide]);
    assert.deepEqual(await noted(Buffer.from('\uFEFFhé数', 'utf16le').swap16()), ['hé数', wide]);
  });

  it('must be text, and something', async () => {
    await assert.rejects(textOf(''), says(/is empty/));
    await assert.rejects(textOf('\uFEFF'), says(/is empty/));
    await assert.rejects(textOf(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13])), says(/not text in UTF-8/));
    await assert.rejects(readCharacters(folder.path), says(/is a folder/));
  });

  it('are refused where they are too many to be held', async () => {
    const file = folder.write('big.txt', 'a');
    truncateSync(file, mostBytes + 1);
    await assert.rejects(readCharacters(file), says(/257 MB of text, and at most 256 MB/));
  });
});
