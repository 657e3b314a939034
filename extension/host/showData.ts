import type { Services } from './services';
import { fileFor, isData, isExperiment, pickShown } from './workspaceFiles';

/** Show Data…: opens the data panel of a table, a text, a folder of texts or sounds, or what an experiment file learns from. */
export async function showData({ data }: Services, argument?: unknown): Promise<void> {
  const file = await fileFor(argument, (uri) => isData(uri) || isExperiment(uri), pickShown);
  if (file !== null) data.open(file);
}
