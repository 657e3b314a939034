import { readTexts, type Texts } from '../../data/sequences/texts';
import { withTable } from '../../data/table/table';
import { isFolder, readFolder } from '../../data/texts/items';
import { linesOf } from '../../data/texts/lines';
import { cut } from '../../data/texts/tokens';
import type { ModelMetadata } from '../export/metadata';
import type { Excerpt } from './newSequences';

/** Longer texts than this are called by their beginning. */
const longestName = 80;

/**
 * The texts of a file as a model reads them: of a table those of the column that the model was trained on, of a .txt file its lines, of a
 * folder what is in it by class. @throws UnrollError `data`.
 */
export async function textExcerpts(file: string, metadata: ModelMetadata): Promise<Excerpt[]> {
  const { task, columns, vocabulary, lookback, text } = metadata;
  const known = vocabulary ?? [];
  const places = new Map(known.map((token, place) => [token, place] as const));
  const { labels, codes } = await textsOf(file, columns[0] ?? '');
  return Array.from(codes, (code): Excerpt => {
    const whole = labels[code] ?? '';
    const all = cut(whole, text?.read ?? 'characters');
    // A translation begins at the beginning; a class is told by the end as well.
    const tokens = task === 'translate' ? all.slice(0, lookback) : all.slice(-lookback);
    const x = new Int32Array(lookback);
    tokens.forEach((token, step) => {
      x[step] = places.get(token) ?? known.length;
    });
    const mask = new Float32Array(lookback).fill(1, 0, tokens.length);
    const series = whole.length > longestName ? `${whole.slice(0, longestName)}…` : whole;
    return { series, row: 0, length: tokens.length, answered: 0, x, mask };
  });
}

async function textsOf(file: string, column: string): Promise<Pick<Texts, 'labels' | 'codes'>> {
  if (await isFolder(file)) return (await readFolder(file)).texts;
  if (/\.txt$/i.test(file)) return linesOf(file);
  return withTable(file, (table) => {
    // A table of one column has no other that could be meant.
    const [only, ...more] = table.columns;
    return readTexts(table, more.length === 0 && only !== undefined ? only.name : column);
  });
}
