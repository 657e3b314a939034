import assert from 'node:assert/strict';
import { nearestSources } from '../../../../extension/data/pairs/nearest';
import { textWritten, tokenNumbers, tokensWritten, writtenTokens } from '../../../../extension/data/pairs/writing';
import { cut } from '../../../../extension/data/texts/tokens';

describe('translations as texts', () => {
  it('numbers tokens after the end and the unknown, and reads them back up to the end', () => {
    const vocabulary = ['a', 'b'];
    assert.equal(writtenTokens(vocabulary), 4);
    assert.deepEqual(
      [...tokenNumbers(vocabulary)],
      [
        ['a', 2],
        ['b', 3],
      ],
    );
    assert.deepEqual(tokensWritten([3, 2, 0, 2], vocabulary), ['b', 'a']);
  });

  it('stand signs where they belong, so that what is cut again is the same', () => {
    for (const text of ['va-t-il, (vraiment) ?', 'je suis là.', 'j’ai 3 chats !', 'x - 1']) {
      const tokens = cut(text, 'words');
      assert.deepEqual(cut(textWritten(tokens, 'words'), 'words'), tokens);
    }
    assert.equal(textWritten(cut('je suis là.', 'words'), 'words'), 'je suis là.');
    assert.equal(textWritten(['va', '-', 't', '-', 'il', '?'], 'words'), 'va-t-il ?');
    assert.equal(textWritten(['v', 'a', ' '], 'characters'), 'va ');
  });
});

describe('the most similar source', () => {
  it('shares most words; none where nothing is shared', () => {
    const known = [
      ['the', 'cat'],
      ['a', 'red', 'cat'],
      ['the', 'dog'],
    ];
    assert.deepEqual(nearestSources(known, [['a', 'cat'], ['the', 'dog', '.'], ['owl']]), [1, 2, -1]);
  });
});
