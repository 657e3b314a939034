import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { readTexts, type Texts } from '../sequences/texts';
import { type Table, withTable } from '../table/table';
import type { TextReading } from '../texts/tokens';

/** Words of which each has a tag, in order. */
export interface Sentence {
  /** What the file calls it; null where it is a row. */
  readonly name: string | null;
  readonly words: readonly string[];
  /** One a word; null where it is not known. */
  readonly tags: readonly (string | null)[];
}

/** Sentences of a file, in its order. */
export interface Tagged {
  readonly file: string;
  readonly fingerprint: string;
  readonly sentences: readonly Sentence[];
  /** What was left out, in words. */
  readonly notes: readonly Message[];
}

/** A sentence as its words stand in it: between spaces, or each a character. */
export const givenWords = (text: string, read: TextReading): readonly string[] =>
  read === 'characters' ? Array.from(text) : text.split(/\s+/u).filter((word) => word !== '');

/**
 * Reads sentences whose words have tags: a word a row where `series` tells the sentences apart, else a sentence a row with as many tags
 * between spaces as it has words.
 * @throws UnrollError `data` where words and tags do not go together, or there are none.
 */
export async function readTagged(table: Table, data: TaggedColumns): Promise<Tagged> {
  const words = await readTexts(table, data.features[0] ?? '');
  const tags = await readTexts(table, data.target);
  const series = data.series === null ? null : await readTexts(table, data.series);
  const notes: Message[] = [...table.notes];
  const sentences =
    series === null
      ? sentencesOfRows(table.file, words, tags, data.text?.read ?? 'words', notes)
      : sentencesOfSeries(words, tags, series, notes);
  if (sentences.length === 0) {
    throw new UnrollError(
      'data',
      '{0} has no row with both {1} and {2}; choose other columns.',
      table.file,
      words.name,
      tags.name,
    );
  }
  return { file: table.file, fingerprint: table.scan.fingerprint, sentences, notes };
}

/** The sentences of an experiment. @throws UnrollError `data`. */
export const loadTagged = (root: string, { data }: Experiment): Promise<Tagged> =>
  withTable(path.resolve(root, data.path), (table) => readTagged(table, data), data);

export type TaggedColumns = Pick<Experiment['data'], 'features' | 'target' | 'series' | 'text'>;

const labelOf = ({ labels, codes }: Texts, row: number): string | null => labels[codes[row] ?? -1] ?? null;

function sentencesOfRows(file: string, words: Texts, tags: Texts, read: TextReading, notes: Message[]): Sentence[] {
  const sentences: Sentence[] = [];
  for (let row = 0; row < words.codes.length; row++) {
    const [said, given] = [labelOf(words, row), labelOf(tags, row)];
    if (said === null || given === null) continue;
    const own = givenWords(said, read);
    const tagged = givenWords(given, 'words');
    if (own.length !== tagged.length) {
      throw new UnrollError(
        'data',
        'Row {0} of {1} has {2} words in {3} and {4} tags in {5}; give each word one tag, with spaces between them.',
        row + 1,
        file,
        own.length,
        words.name,
        tagged.length,
        tags.name,
      );
    }
    if (own.length > 0) sentences.push({ name: null, words: own, tags: tagged });
  }
  const left = words.codes.length - sentences.length;
  if (left > 0) notes.push(message('{0} rows without words or tags were left out.', left));
  if (sentences.length > 1 && sentences.every((each) => each.words.length === 1)) {
    throw new UnrollError(
      'data',
      'Every row of {0} has one word in {1}, so it cannot be told where a sentence ends; name the column that tells sentences apart as data.series.',
      file,
      words.name,
    );
  }
  return sentences;
}

function sentencesOfSeries(words: Texts, tags: Texts, series: Texts, notes: Message[]): readonly Sentence[] {
  const { sentences, left } = gather(words, tags, series);
  if (left > 0) notes.push(message('{0} rows without {1} or {2} were left out.', left, words.name, series.name));
  const known = sentences.filter((each) => each.tags.some((tag) => tag !== null));
  const open = known.reduce((sum, each) => sum + each.tags.filter((tag) => tag === null).length, 0);
  if (open > 0)
    notes.push(
      message('{0} words have no value of {1}; they are read, and nothing is learnt of them.', open, tags.name),
    );
  if (known.length < sentences.length) {
    const unknown = sentences.length - known.length;
    notes.push(message('{0} sequences without a value of {1} were left out.', unknown, tags.name));
  }
  return known;
}

/** Rows of one sentence together, the sentences in the order of their first rows; `left` rows have no word or no sentence. */
function gather(
  words: Texts,
  tags: Texts,
  series: Texts,
): { readonly sentences: readonly Sentence[]; readonly left: number } {
  const sentences = new Map<number, { name: string; words: string[]; tags: (string | null)[] }>();
  let left = 0;
  for (let row = 0; row < words.codes.length; row++) {
    const [word, code] = [labelOf(words, row), series.codes[row] ?? -1];
    if (word === null || code < 0) {
      left++;
      continue;
    }
    const own = sentences.get(code) ?? { name: series.labels[code] ?? '', words: [], tags: [] };
    sentences.set(code, own);
    own.words.push(word);
    own.tags.push(labelOf(tags, row));
  }
  return { sentences: [...sentences.values()], left };
}

/** The sentences of a table whose tags are not known. @throws UnrollError `data` where a column is not there. */
export async function readSentences(
  table: Table,
  column: string,
  series: string | null,
  read: TextReading,
): Promise<readonly Pick<Sentence, 'name' | 'words'>[]> {
  const words = await readTexts(table, column);
  const notKnown = { name: '', labels: [], codes: new Int32Array(words.codes.length).fill(-1) };
  if (series !== null) return gather(words, notKnown, await readTexts(table, series)).sentences;
  const rows = Array.from(words.codes, (_, row) => givenWords(labelOf(words, row) ?? '', read));
  return rows.filter((own) => own.length > 0).map((own) => ({ name: null, words: own }));
}
