import path from 'node:path';
import * as vscode from 'vscode';
import type { SavedPicture } from '../protocol/panels';
import { t } from './l10n';

const extensions = { 'image/png': 'png', 'image/svg+xml': 'svg', 'text/csv': 'csv' } as const;

/** Asks where a picture that a page made goes, and writes it there. @param beside a file in whose workspace folder, or else folder, the choice begins. */
export async function savePicture(beside: string, { name, type, bytes }: SavedPicture): Promise<Record<never, never>> {
  const extension = extensions[type];
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(beside))?.uri.fsPath ?? path.dirname(beside);
  // The page names the picture; a name is no path.
  const file = `${path.basename(name, `.${extension}`).replace(/[\\/:*?"<>|]/g, '-')}.${extension}`;
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(path.join(folder, file)),
    filters: { [extension.toUpperCase()]: [extension] },
    title: t('Save {0}', name),
  });
  if (target !== undefined) await vscode.workspace.fs.writeFile(target, bytes);
  return {};
}
