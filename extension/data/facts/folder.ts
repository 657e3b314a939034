import type { CheckedDraft } from '../../protocol/experiment';
import { bareFacts, type ClassFacts, type DataFacts } from '../../protocol/facts';
import { holdsSounds } from '../items/folderKind';
import { wavsIn } from '../sounds/items';
import { formOf } from '../table/tableForm';
import { lookedSounds, soundClasses, soundFolderFacts } from './soundFolder';
import { lookedTexts, textClasses, textFolderFacts } from './textFolder';

/**
 * What a folder of texts by class or of sounds holds, as far as some of its files tell, evenly over all of them.
 * @throws UnrollError `data` where it holds neither.
 */
export async function folderFacts(
  folder: string,
  data: Partial<CheckedDraft['data']>,
  signal?: AbortSignal,
): Promise<DataFacts> {
  const own = (await holdsSounds(folder))
    ? await soundFolderFacts(folder, formOf(data), signal)
    : await textFolderFacts(folder, signal);
  return {
    path: folder,
    ...bareFacts,
    ...own,
  };
}

/** The classes of a folder's items, as {@link folderFacts} has them. */
export async function folderClasses(folder: string, signal?: AbortSignal): Promise<ClassFacts | null> {
  return (await holdsSounds(folder)) ? soundClasses(await wavsIn(folder)) : textClasses(folder, signal);
}

/** How many files of a folder are looked into. */
export async function mostFilesOf(folder: string, signal?: AbortSignal): Promise<number> {
  const looked = (await holdsSounds(folder)) ? await lookedSounds(folder, signal) : await lookedTexts(folder, signal);
  return looked.some.length;
}
