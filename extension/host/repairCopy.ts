import path from 'node:path';
import * as vscode from 'vscode';
import type { FindingCode, Repair } from '../protocol/doctor';
import { UnrollError } from '../protocol/errors';
import type { Engine } from './engineProcess';
import { t } from './l10n';

/** Asks where a repaired copy of a model goes, has it written and offers to open it. Null where the user changed their mind. */
export async function repairCopy(
  engine: Engine,
  model: vscode.Uri,
  codes: readonly FindingCode[],
): Promise<(Repair & { readonly name: string }) | null> {
  const stem = path.basename(model.fsPath, '.onnx');
  const target = await vscode.window.showSaveDialog({
    title: t('Repaired copy of {0}', path.basename(model.fsPath)),
    defaultUri: vscode.Uri.joinPath(model, '..', `${stem}-repaired.onnx`),
    filters: { ONNX: ['onnx'] },
  });
  if (target === undefined) return null;
  if (target.fsPath === model.fsPath) {
    throw new UnrollError('usage', 'A repaired copy never takes the place of the model; give it another name.');
  }
  // The dialog has asked whether a file of that name may go.
  await vscode.workspace.fs.delete(target).then(undefined, () => undefined);
  const repair = await engine.request('repair', { model: model.fsPath, out: target.fsPath, codes });
  const open = t('Open');
  const name = path.basename(target.fsPath);
  vscode.window.showInformationMessage(t('{0} is written.', name), open).then((chosen) => {
    if (chosen === open) vscode.commands.executeCommand('vscode.open', target);
  });
  return { ...repair, name };
}
