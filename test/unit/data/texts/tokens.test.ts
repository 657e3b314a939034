import assert from 'node:assert/strict';
import { cut, vocabularyOf } from '../../../../extension/data/texts/tokens';

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
});
