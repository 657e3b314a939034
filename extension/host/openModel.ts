import * as vscode from 'vscode';
import { isModelNode } from './modelsTree';
import type { Services } from './services';
import { fileFor, isModel, pickModel } from './workspaceFiles';

/** Opens a model file in its editor: the one that the command was called on, else the active one, else what the user picks. */
export async function openModel({ models }: Services, argument?: unknown): Promise<void> {
  // From the tree the focus stays in the tree, so that arrows go on working there.
  if (isModelNode(argument)) return models.open(argument.uri, { preserveFocus: true });
  const file = await fileFor(argument instanceof vscode.Uri ? argument : undefined, isModel, pickModel);
  if (file !== null) await models.open(file);
}
