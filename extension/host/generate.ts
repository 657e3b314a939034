import * as vscode from 'vscode';
import { t } from './l10n';
import { runFor } from './runCommands';
import type { Services } from './services';

const length = 1000;

/** Lets a language model of a run write on after a prompt, into a document that the user may save. */
export async function generate(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument, (state) => state.kind === 'done' || state.kind === 'stopped');
  if (run === null) return;
  const prompt = await vscode.window.showInputBox({
    title: t('Generate Text'),
    prompt: t('What stands before; the model writes on after it. Leave it empty to begin a line.'),
  });
  if (prompt === undefined) return;
  const chosen = await vscode.window.showQuickPick(
    [
      { label: t('Balanced'), description: t('temperature {0}', 0.8), temperature: 0.8 },
      { label: t('Careful'), description: t('temperature {0}', 0.5), temperature: 0.5 },
      { label: t('Daring'), description: t('temperature {0}', 1.1), temperature: 1.1 },
      { label: t('Always the likeliest'), description: t('temperature {0}', 0), temperature: 0 },
    ],
    { title: t('Generate Text') },
  );
  if (chosen === undefined) return;
  const wish = { prompt, length, temperature: chosen.temperature, topK: null, topP: 0.98, seed: Date.now() % 2 ** 31 };
  const text = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('The model writes…'), cancellable: true },
    async (_, token) => {
      const cancelling = new AbortController();
      token.onCancellationRequested(() => cancelling.abort());
      const answer = services.engine.request('generate', { model: run, wish }, cancelling.signal);
      return (
        await answer.catch((error: unknown) => {
          if (cancelling.signal.aborted) return null;
          throw error;
        })
      )?.text;
    },
  );
  if (text === undefined) return;
  const content = `${prompt}${text}`;
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: 'plaintext', content }));
}
