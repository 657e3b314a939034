import { tiledPieces } from '../../data/sequences/pieces';
import { withTable } from '../../data/table/table';
import { givenWords, readSentences } from '../../data/tags/sentences';
import { linesOf } from '../../data/texts/lines';
import type { ModelMetadata } from '../export/metadata';
import type { Excerpt } from './newSequences';

/** A stretch of a sentence as a model reads it. */
export interface SentenceExcerpt extends Excerpt {
  /** The real steps as the file has them. */
  readonly words: readonly string[];
}

/**
 * The sentences of a file as a model that tags words reads them: of a table those of the columns that it was trained on, of a .txt file its
 * lines. A sentence that is longer than the model reads comes in pieces. @throws UnrollError `data`.
 */
export async function sentenceExcerpts(file: string, metadata: ModelMetadata): Promise<SentenceExcerpt[]> {
  const { vocabulary, lookback } = metadata;
  const known = vocabulary ?? [];
  const places = new Map(known.map((word, place) => [word, place] as const));
  return (await sentencesOf(file, metadata)).flatMap(({ name, words }, sentence) => {
    const series = name ?? `${sentence + 1}`;
    const range = { start: 0, end: words.length };
    const { first, length, counted } = tiledPieces(range, Math.min(words.length, lookback));
    return Array.from(first, (row, i): SentenceExcerpt => {
      const own = words.slice(row, row + (length[i] ?? 0));
      const x = new Int32Array(lookback);
      for (const [step, word] of own.entries()) x[step] = places.get(word) ?? known.length;
      const mask = new Float32Array(lookback).fill(1, 0, own.length);
      return { series, row, length: own.length, answered: counted[i] ?? 0, x, mask, words: own };
    });
  });
}

async function sentencesOf(
  file: string,
  { columns, series, text, numbers }: ModelMetadata,
): Promise<readonly { readonly name: string | null; readonly words: readonly string[] }[]> {
  const read = text?.read ?? 'words';
  if (!/\.txt$/i.test(file)) {
    return withTable(file, (table) => readSentences(table, columns[0] ?? '', series, read), { numbers });
  }
  const { labels } = await linesOf(file);
  return labels.map((line) => ({ name: null, words: givenWords(line, read) }));
}
