import type { Experiment } from '../../protocol/experiment';

/** How a text is cut. */
export type TextReading = NonNullable<Experiment['data']['text']>['read'];

/** A text as what it is read as: its characters (code points), or its words and signs in lower case. */
export function cut(text: string, read: TextReading): readonly string[] {
  if (read === 'characters') return Array.from(text);
  return text.toLowerCase().match(/\p{L}[\p{L}\p{M}'’]*|\p{N}+|[^\s\p{L}\p{N}]/gu) ?? [];
}

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
