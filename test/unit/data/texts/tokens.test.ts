import assert from 'node:assert/strict';
import { cut, vocabularyOf, vocabularyToRead } from '../../../../extension/data/texts/tokens';

describe('the tokens of a text', () => {
  it('are characters, whatever their number of code units', () =>
    assert.deepEqual(cut('aé😀', 'characters'), ['a', 'é', '😀']));

  it('are words and signs in lower case, in any script', () =>
    assert.deepEqual(cut("Don't PAY £1,000 – да! 你好", 'words'), [
      "don't",
      'pay',
      '£',
      '1',
      ',',
      '000',
      '–',
      'да',
      '!',
      '你好',
    ]));

  it('are none of an empty text', () => assert.deepEqual(cut('  ', 'words'), []));

  it('make a vocabulary of the most frequent', () => {
    const texts = [['b', 'a', 'b'], ['c', 'b', 'a'], ['__proto__']];
    assert.deepEqual(vocabularyOf(texts, 2), ['a', 'b']);
    assert.deepEqual(vocabularyOf(texts, 10), ['__proto__', 'a', 'b', 'c']);
  });

  it('leave a few words that stand once to the unknown one, where all would find room; of characters none', () => {
    const often = Array.from({ length: 30 }, () => ['the', 'cat']);
    const once = Array.from({ length: 20 }, (_, i) => `w${String(i).padStart(2, '0')}`);
    const known = vocabularyToRead([...often, once], 100, 'words');
    // 80 words, of which a twentieth is 4, evenly over those that stand once.
    assert.deepEqual(
      once.filter((word) => !known.includes(word)),
      ['w02', 'w07', 'w12', 'w17'],
    );
    assert.ok(known.includes('the') && known.includes('cat'));
    assert.equal(vocabularyToRead([...often, once], 100, 'characters').length, 22);
    // Where there is no room the rest is unknown anyway.
    assert.deepEqual(vocabularyToRead([...often, once], 2, 'words'), ['cat', 'the']);
  });
});
