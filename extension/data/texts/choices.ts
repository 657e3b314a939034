import type { DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { textDefaults } from '../choices/defaults';
import { guessClasses } from '../choices/guess';
import { itemsData } from '../choices/itemsData';
import { chooseSplit } from '../choices/splitChoice';
import { wholeSplitReasons } from '../sequences/choices';
import { mostClasses } from '../sequences/classes';
import { readTexts } from '../sequences/texts';
import type { Table } from '../table/table';
import { partsOfTexts } from './classified';
import type { TextItems } from './items';
import { cut, withTokens } from './tokens';

type DataDraft = CheckedDraft['data'];

/**
 * Whether a table is one of texts with classes: what is asked for says so, or no column holds numbers and one of text tells few things
 * apart and another many.
 */
export function isOfTexts(asked: DataDraft, { columns, rows }: DataProfile): boolean {
  if (asked.text !== undefined && asked.text !== null) return true;
  const kindOf = (name: string) => columns.find((column) => column.name === name && column.missing < rows)?.kind;
  if (asked.features !== undefined) return asked.features.length === 1 && kindOf(asked.features[0] ?? '') === 'text';
  if ((asked.series ?? null) !== null) return false;
  const texts = columns.filter(({ kind }) => kind === 'text');
  return columns.every(({ kind }) => kind !== 'number') && texts.length >= 2;
}

/** Which column holds the texts and which their classes; null where nothing is asked for and no column looks like either. */
export async function chooseTextColumns(
  asked: DataDraft,
  table: Table,
  profile: DataProfile,
  chooser: Chooser,
): Promise<{ readonly text: string; readonly target: string } | null> {
  const names = profile.columns
    .filter(({ kind, missing }) => kind === 'text' && missing < profile.rows)
    .map(({ name }) => name);
  const variety = new Map<string, number>();
  for (const name of names) variety.set(name, (await readTexts(table, name)).labels.length);
  const count = (name: string) => variety.get(name) ?? 0;
  const given = asked.features?.[0];
  const [fewest] = names.filter((name) => name !== given).sort((a, b) => count(a) - count(b));
  const mostOfThese = Math.min(mostClasses, profile.rows / 2);
  const isPlausible = fewest !== undefined && count(fewest) <= mostOfThese;
  if (asked.target === undefined && given === undefined && !isPlausible) return null;
  const target = chooser.take('data.target', asked.target, () =>
    isPlausible
      ? {
          value: fewest,
          why: message('{0} holds the fewest different texts, {1}, as classes do.', fewest, count(fewest)),
        }
      : guessClasses(profile, [given ?? null]),
  );
  const features = chooser.take('data.features', asked.features, () => {
    const [most] = names.filter((name) => name !== target).sort((a, b) => count(b) - count(a));
    if (most === undefined) {
      throw new UnrollError(
        'data',
        '{0} has no column of text beside {1}; choose a file with one.',
        profile.path,
        target,
      );
    }
    return { value: [most], why: message('{0} is the column of text that differs most from row to row.', most) };
  });
  return { text: features[0] ?? '', target };
}

/** The choices of texts with classes: how they are read, how much of each, and what is kept for the test. */
export function chooseTextItems(asked: DataDraft, items: TextItems, chooser: Chooser): Experiment['data'] {
  const { target } = items;
  const { fewestWords, vocabulary, longest, share } = textDefaults;
  const split = chooseSplit(asked.split, items.texts.codes.length, 1, chooser, wholeSplitReasons);
  const texts = trainingTexts(items, split);
  const words = texts.map((text) => cut(text, 'words').length).sort((a, b) => a - b);
  const usual = words[Math.floor(words.length / 2)] ?? 0;
  const text = chooser.take('data.text', asked.text ?? undefined, () =>
    usual >= fewestWords
      ? {
          value: { read: 'words' as const, most: vocabulary },
          why: message('A text has {0} words as a rule, which say more than its characters.', usual),
        }
      : {
          value: { read: 'characters' as const, most: vocabulary },
          why: message('Texts are so short that their characters say most.'),
        },
  );
  const lookback = chooser.take('data.lookback', asked.lookback, () => {
    const lengths = texts.map((each) => cut(each, text.read).length).sort((a, b) => a - b);
    const most = lengths.at(-1) ?? 1;
    const nearly = lengths[Math.floor(share * (lengths.length - 1))] ?? 1;
    if (most <= longest[text.read])
      return { value: Math.max(1, most), why: message('The longest text to train on has {0} tokens.', most) };
    const value = Math.max(1, Math.min(longest[text.read], nearly));
    return { value, why: message('Most texts are no longer; of longer ones the last {0} tokens are read.', value) };
  });
  return itemsData(asked, { target: target.name, features: [items.texts.name], text, split, lookback });
}

/** The different texts of the training part, which is all that choices may look at. */
function trainingTexts({ texts, target }: TextItems, split: Experiment['data']['split']): readonly string[] {
  const read = withTokens(
    texts,
    texts.labels.map((text) => cut(text, 'words')),
  );
  const { train } = partsOfTexts(read, target, split);
  return [...new Set(Array.from(train, (item) => texts.codes[item] ?? -1))].map((code) => texts.labels[code] ?? '');
}
