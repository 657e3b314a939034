import type { Services } from './services';
import { fileFor, isData, pickData } from './workspaceFiles';

/** Show Data…: opens the data panel of a table or a text. */
export async function showData({ data }: Services, argument?: unknown): Promise<void> {
  const file = await fileFor(argument, isData, pickData);
  if (file !== null) data.open(file);
}
