import type { Experiment } from '../../protocol/experiment';
import type { Texts } from '../sequences/texts';

/** How a text is cut. */
export type TextReading = NonNullable<Experiment['data']['text']>['read'];

/** A text as what it is read as: its characters (code points), or its words and signs in lower case. */
export function cut(text: string, read: TextReading): readonly string[] {
  if (read === 'characters') return Array.from(text);
  return text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
}

/** Tokens of the longest of some texts, at least one and at most `most`. */
export const longestOf = (texts: readonly (readonly string[])[], most: number): number =>
  Math.min(
    most,
    texts.reduce((longest, { length }) => Math.max(longest, length), 1),
  );

/** The most frequent tokens of some texts, at most so many: by how often they stand, then by code point. */
export function vocabularyOf(texts: Iterable<readonly string[]>, most: number): readonly string[] {
  const counts = new Map<string, number>();
  for (const tokens of texts) for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const byCount = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return byCount
    .slice(0, most)
    .map(([token]) => token)
    .sort((a, b) => (a < b ? -1 : 1));
}

/** So large a share of all tokens at most stands for those that are not known. */
const unknownShare = 0.05;

/**
 * A vocabulary to read with. The token of everything else has to be learnt too, so where all words would find room, some of those that
 * stand once are left to it: as many as make a twentieth of all, evenly over the alphabet. Characters are nearly all known.
 */
export function vocabularyToRead(
  texts: readonly (readonly string[])[],
  most: number,
  read: TextReading,
): readonly string[] {
  const vocabulary = vocabularyOf(texts, most);
  if (read === 'characters') return vocabulary;
  const counts = new Map<string, number>();
  let total = 0;
  for (const tokens of texts) {
    total += tokens.length;
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  }
  return counts.size > vocabulary.length
    ? vocabulary
    : withoutSome(vocabulary, (token) => counts.get(token) === 1, total);
}

/** A vocabulary without some of the tokens that stand once, of `total` tokens: they are what a token of everything else is learnt from. */
export function withoutSome(
  vocabulary: readonly string[],
  standsOnce: (token: string) => boolean,
  total: number,
): readonly string[] {
  const once = vocabulary.filter(standsOnce);
  const left = Math.min(once.length, Math.floor(unknownShare * total));
  const rest = new Set(Array.from({ length: left }, (_, i) => once[Math.floor(((i + 0.5) * once.length) / left)]));
  return vocabulary.filter((token) => !rest.has(token));
}

/** Texts of which those that hold no token, such as nothing but spaces, count as missing. */
export const withTokens = (texts: Texts, tokens: readonly (readonly string[])[]): Texts => ({
  ...texts,
  codes: texts.codes.map((code) => ((tokens[code]?.length ?? 0) > 0 ? code : -1)),
});
