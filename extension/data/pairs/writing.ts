import { endToken, unknownToken } from '../../core/layers/beamSearch';
import type { TextReading } from '../texts/tokens';

/** Tokens that stand for no word: the one that ends a translation and the one that stands for all others. */
const special = Math.max(endToken, unknownToken) + 1;

/** How many tokens a translation is written in. */
export const writtenTokens = (vocabulary: readonly string[]) => vocabulary.length + special;

/** The number of each token of a vocabulary. */
export const tokenNumbers = (vocabulary: readonly string[]): ReadonlyMap<string, number> =>
  new Map(vocabulary.map((token, place) => [token, place + special] as const));

/** The words of a translation, up to its end. */
export function tokensWritten(numbers: ArrayLike<number>, vocabulary: readonly string[]): string[] {
  const tokens: string[] = [];
  for (let place = 0; place < numbers.length; place++) {
    const number = numbers[place] ?? endToken;
    if (number === endToken) break;
    tokens.push(vocabulary[number - special] ?? '');
  }
  return tokens;
}

/** Tokens as a text: characters as they are, words with spaces between them but for signs that stand close. */
export function textWritten(tokens: readonly string[], read: TextReading): string {
  if (read === 'characters') return tokens.join('');
  return tokens
    .join(' ')
    .replace(/ ([.,…)\]}%])/gu, '$1')
    .replace(/([([{]) /gu, '$1')
    .replace(/(?<=\p{L}) - (?=\p{L})/gu, '-');
}
