import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { ClassFacts, DataFacts } from '../../protocol/facts';
import { message } from '../../protocol/messages';
import { wordsOf } from '../text/words';
import {
  folderColumns,
  noTexts,
  readFolder,
  readTextFile,
  type TextFile,
  textFilesIn,
  textsOfFile,
} from '../texts/items';
import { lengthsOf } from './lengths';
import { factLimits as limits, shortened } from './limits';
import { classesOfItems, Ends, type LookedInto, lookedInto, notesOnLooking, refuseTooLarge } from './lookedInto';
import { OddFiles } from './oddFiles';
import { RepeatFinder } from './repeats';
import { VocabularyCounter } from './vocabulary';

/** The text files of a folder that are looked into. */
export async function lookedTexts(folder: string, signal?: AbortSignal): Promise<LookedInto<TextFile>> {
  return lookedInto(folder, await textFilesIn(folder), limits.folderBytes.texts, signal);
}

/** What a folder of texts by class holds. @throws UnrollError `data` where it holds none. */
export async function textFolderFacts(folder: string, signal?: AbortSignal): Promise<Partial<DataFacts>> {
  const looked = await lookedTexts(folder, signal);
  if (looked.all.length === 0) throw noTexts(folder);
  const [odd, repeats, counter, ends] = [
    new OddFiles(),
    new RepeatFinder(),
    new VocabularyCounter(),
    new Ends<string[]>(),
  ];
  const others: string[] = [];
  const classes: string[] = [];
  const lengths: { characters: number; words: number }[] = [];
  let isWhole = true;
  for (const file of looked.some) {
    signal?.throwIfAborted();
    const content = await refuseTooLarge(path.join(folder, file.name))
      .then(() => readTextFile(folder, file, others))
      .catch((error) => {
        if (!(error instanceof UnrollError)) throw error;
        odd.add(file.name, error.text);
        return null;
      });
    if (content === null) continue;
    const texts = textsOfFile(file, content.replace(/^\uFEFF/, ''));
    if (texts.every((text) => text === '')) odd.add(file.name, message('It holds no text and is left out.'));
    else if (others.at(-1) === file.name)
      odd.add(
        file.name,
        message('It is not text in UTF-8 and was read as UTF-16 or Windows-1252, as its bytes suggest.'),
      );
    for (const text of texts) {
      ends.add([file.name, shortened(file.class), shortened(text)]);
      classes.push(file.class);
      if (text === '') continue;
      repeats.add(text, text, file.class);
      lengths.push({ characters: [...text].length, words: wordsOf(text).filter((word) => word !== '\n').length });
      if (counter.isFull) isWhole = false;
      else counter.add(text);
    }
  }
  return {
    bytes: looked.bytes,
    rows: classes.length,
    preview: { names: ['file', folderColumns.target, folderColumns.text], ...ends.both },
    notes: notesOnLooking(looked),
    classes: namedClasses(looked) ?? classesOfItems(classes, folderColumns.target, 'texts'),
    lengths: [
      ...lengthsOf(
        'texts',
        lengths.map(({ characters }) => characters),
      ),
      ...lengthsOf(
        'words',
        lengths.map(({ words }) => words),
      ),
    ],
    vocabulary: counter.facts(null, isWhole),
    folder: {
      holds: 'texts',
      files: looked.all.length,
      looked: looked.some.length,
      items: classes.length,
      said: false,
      ...odd.facts(),
      ...repeats.facts(),
      sounds: null,
    },
  };
}

/** Where each file is a text, their names tell the classes of all; null where files have to be read for them. */
const namedClasses = ({ all }: Pick<LookedInto<TextFile>, 'all'>): ClassFacts | null =>
  all.some(({ byLines }) => byLines)
    ? null
    : classesOfItems(
        all.map((file) => file.class),
        folderColumns.target,
        'texts',
      );

/** The classes of a folder of texts, as {@link textFolderFacts} has them. */
export async function textClasses(folder: string, signal?: AbortSignal): Promise<ClassFacts | null> {
  const looked = await lookedTexts(folder, signal);
  const named = namedClasses(looked);
  if (named !== null) return named;
  const { labels, codes } = (await readFolder(folder, looked.some.length)).target;
  return classesOfItems(
    Array.from(codes, (code) => labels[code] ?? ''),
    folderColumns.target,
    'texts',
  );
}
