import type { DataProfile } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { Chooser } from '../choices/chooser';
import { translationDefaults } from '../choices/defaults';
import { itemsData } from '../choices/itemsData';
import { chooseSplit } from '../choices/splitChoice';
import { wholeSplitReasons } from '../sequences/choices';
import type { TextItems } from '../texts/items';
import { cut } from '../texts/tokens';
import { trainingPairs } from './translated';

type DataDraft = CheckedDraft['data'];

/** Which column holds what is read, and which what is written. @throws UnrollError `data` where there are no two of text. */
export function choosePairColumns(
  asked: DataDraft,
  { path, rows, columns }: DataProfile,
  chooser: Chooser,
): { readonly source: string; readonly target: string } {
  const texts = columns.filter(({ kind, missing }) => kind === 'text' && missing < rows).map(({ name }) => name);
  const other = (taken: string | undefined) => {
    const found = texts.find((name) => name !== taken);
    if (found !== undefined) return found;
    throw new UnrollError(
      'data',
      '{0} has no two columns of text, which a pair to translate needs; choose a file with a text and its translation in each row.',
      path,
    );
  };
  const [source = ''] = chooser.take('data.features', asked.features, () => {
    const value = other(asked.target);
    return { value: [value], why: message('{0} is the first column of text.', value) };
  });
  const target = chooser.take('data.target', asked.target, () => {
    const value = other(source);
    return { value, why: message('{0} is the other column of text.', value) };
  });
  return { source, target };
}

/** How many words stand more than once in some texts. */
function wordsTwice(texts: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const text of texts) for (const word of cut(text, 'words')) counts.set(word, (counts.get(word) ?? 0) + 1);
  let often = 0;
  for (const count of counts.values()) if (count > 1) often += 1;
  return Math.max(1, often);
}

/** The choices of pairs: how they are read, how much of each, and what is kept for the test. */
export function choosePairs(asked: DataDraft, items: TextItems, chooser: Chooser): Experiment['data'] {
  const { texts, target } = items;
  const { vocabulary, longest, share, split, many } = translationDefaults;
  const why = message('Pairs are many, so a small part of them tells enough.');
  const isMany = texts.codes.length >= many;
  const fractions = isMany
    ? {
        test: chooser.take('data.split.test', asked.split?.test, () => ({ value: split.test, why })),
        validation: chooser.take('data.split.validation', asked.split?.validation, () => ({
          value: split.validation,
          why,
        })),
      }
    : chooseSplit(asked.split, texts.codes.length, 1, chooser, wholeSplitReasons);
  const { sources, translations } = trainingPairs(items, asked.text?.read ?? 'words', fractions);
  const text = chooser.take('data.text', asked.text ?? undefined, () => {
    const most = Math.min(vocabulary, Math.max(wordsTwice(sources), wordsTwice(translations)));
    return {
      value: { read: 'words' as const, most },
      why: message(
        '{0} words stand more than once in a language; of one that stands once nothing can be learnt.',
        most,
      ),
    };
  });
  const room = (labels: readonly string[]) => {
    const lengths = labels.map((each) => cut(each, text.read).length).sort((a, b) => a - b);
    const nearly = lengths[Math.floor(share * (lengths.length - 1))] ?? 1;
    return Math.max(1, Math.min(longest[text.read], nearly));
  };
  const nearlyAll = message('Nearly all texts are no longer.');
  const lookback = chooser.take('data.lookback', asked.lookback, () => ({ value: room(sources), why: nearlyAll }));
  const horizon = chooser.take('data.horizon', asked.horizon, () => ({ value: room(translations), why: nearlyAll }));
  return itemsData(asked, { target: target.name, features: [texts.name], text, split: fractions, lookback, horizon });
}
