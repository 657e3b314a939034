import * as vscode from 'vscode';
import { learnt, runFor } from './runCommands';
import type { Services } from './services';

/** Shows where a run's language model is let write: in its panel. */
export async function generate(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument, learnt('language'));
  if (run !== null) services.panels.open(run, { section: 'generate' });
}

/** Opens a text as a document that the user may save. */
export async function openText(content: string): Promise<void> {
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}
