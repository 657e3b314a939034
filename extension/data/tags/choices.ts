import type { DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { tagDefaults } from '../choices/defaults';
import { itemsData } from '../choices/itemsData';
import { chooseSplit } from '../choices/splitChoice';
import { wholeSplitReasons } from '../sequences/choices';
import { query } from '../table/database';
import type { Table } from '../table/table';
import { givenWords, type Tagged, type TaggedColumns } from './sentences';

type DataDraft = CheckedDraft['data'];

/** Which columns hold the words, their tags and the name of their sentence, and how a table is known to have them. */
export interface TagColumns {
  readonly words: string;
  readonly tags: string;
  readonly series: string | null;
}

const wordNames = /^(word|words|token|tokens|form)$/i;
const sentenceNames = /^(words|tokens|sentence|text)$/i;
const tagNames = /^(tag|tags|pos|upos|xpos|ner|iob|bio|entity|entities|label|labels)([_ -]?tags?)?$/i;
const seriesNames = /^(sent|sentence|sequence|seq|utterance|message|document|doc|line)([ _#-]*(id|no|nr|number))?#?$/i;

/**
 * The columns of words and tags of a table; null where it has none. A word a row is known by the names of three columns; a sentence a row
 * by two columns that have equally many words in every row that is looked at.
 */
export async function findTags(table: Table, { columns, rows }: DataProfile): Promise<TagColumns | null> {
  const open = columns.filter(({ missing }) => missing < rows);
  const named = (pattern: RegExp) => open.find(({ name }) => pattern.test(name.trim()))?.name;
  const texts = open.filter(({ kind }) => kind === 'text').map(({ name }) => name);
  const [words, tags, series] = [named(wordNames), named(tagNames), named(seriesNames)];
  const isOneColumn = (a: string | undefined, b: string | undefined) => a === undefined || b === undefined || a === b;
  if (words !== undefined && tags !== undefined && series !== undefined && texts.includes(tags)) {
    if (!isOneColumn(words, series) && !isOneColumn(words, tags)) return { words, tags, series };
  }
  const told = texts.find((name) => sentenceNames.test(name.trim()));
  const pairs = texts.flatMap((sentence) => texts.map((own) => [sentence, own] as const));
  const likely = pairs.filter(
    ([sentence, own]) => sentence !== own && (told ?? sentence) === sentence && tagNames.test(own.trim()),
  );
  for (const [sentence, own] of likely) {
    if (await haveEquallyMany(table, sentence, own)) return { words: sentence, tags: own, series: null };
  }
  return null;
}

async function haveEquallyMany(table: Table, words: string, tags: string): Promise<boolean> {
  const raw = (name: string) => table.columns.find((column) => column.name === name)?.raw ?? 'NULL';
  const answers = await query(
    table.connection,
    `SELECT CAST(${raw(words)} AS VARCHAR) AS words, CAST(${raw(tags)} AS VARCHAR) AS tags FROM ${table.source} LIMIT ${tagDefaults.rowsLookedAt}`,
  );
  const counts = answers.flatMap((answer) => {
    const { words: said, tags: given } = answer;
    if (typeof said !== 'string' || typeof given !== 'string') return [];
    return [[givenWords(said, 'words').length, givenWords(given, 'words').length] as const];
  });
  return counts.length > 0 && counts.every(([a, b]) => a === b) && counts.some(([a]) => a > 1);
}

/** Takes what is asked for, else what was found. @throws UnrollError `data` where a column is neither named nor found. */
export function chooseTagColumns(
  asked: DataDraft,
  { path }: DataProfile,
  found: TagColumns | null,
  chooser: Chooser,
): TaggedColumns {
  const needed = (name: string | undefined): string => {
    if (name !== undefined) return name;
    throw new UnrollError(
      'data',
      'It cannot be told which columns of {0} hold words and tags; name them as data.features and data.target, and as data.series the one that tells sentences apart where a row is a word.',
      path,
    );
  };
  const features = chooser.take('data.features', asked.features, () => {
    const value = needed(found?.words);
    return { value: [value], why: message('{0} holds the words.', value) };
  });
  const target = chooser.take('data.target', asked.target, () => {
    const value = needed(found?.tags);
    return { value, why: message('{0} holds a tag for each word.', value) };
  });
  const series = chooser.take<string | null>('data.series', asked.series, () => {
    const value = found?.series ?? null;
    return {
      value,
      why:
        value === null
          ? message('Each row is a sentence.')
          : message('Rows with the same {0} are the words of one sentence.', value),
    };
  });
  const text = chooser.take<Experiment['data']['text']>('data.text', asked.text ?? undefined, () => ({
    value: { read: 'words', most: tagDefaults.vocabulary },
    why: message('Each word is read as it stands.'),
  }));
  return { features, target, series, text };
}

/** The choices of sentences with tags once they are read. */
export function chooseTags(
  asked: DataDraft,
  columns: TaggedColumns,
  { sentences }: Tagged,
  chooser: Chooser,
): Experiment['data'] {
  const split = chooseSplit(asked.split, sentences.length, 1, chooser, wholeSplitReasons);
  const lookback = chooser.take('data.lookback', asked.lookback, () => {
    const most = sentences.reduce((longest, { words }) => Math.max(longest, words.length), 1);
    return most <= tagDefaults.longest
      ? { value: most, why: message('The longest sentence has {0} words.', most) }
      : {
          value: tagDefaults.longest,
          why: message('Longer sentences are read in pieces of {0} words.', tagDefaults.longest),
        };
  });
  return itemsData(asked, { ...columns, split, lookback });
}
