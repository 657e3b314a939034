import type { CheckedDraft } from '../../protocol/experiment';
import { type DataFacts, nothingProposed } from '../../protocol/facts';
import { holdsSounds } from '../items/folderKind';
import { formOf } from '../table/tableForm';
import { lookedSounds, soundFolderFacts } from './soundFolder';
import { lookedTexts, textFolderFacts } from './textFolder';

/**
 * What a folder of texts by class or of sounds holds, as far as some of its files tell, evenly over all of them.
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
    folder: null,
    bytes: 0,
    rows: 0,
    characters: null,
    columnCount: 0,
    columns: [],
    missingBuckets: 0,
    order: { by: 'file' },
    at: [],
    times: null,
    preview: { names: [], head: [], tail: [] },
    notes: [],
    proposal: { kind: 'pending' },
    ...nothingProposed,
    ...own,
  };
}

/** How many files of a folder are looked into. */
export async function mostFilesOf(folder: string, signal?: AbortSignal): Promise<number> {
  const looked = (await holdsSounds(folder)) ? await lookedSounds(folder, signal) : await lookedTexts(folder, signal);
  return looked.some.length;
}
