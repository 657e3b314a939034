import * as vscode from 'vscode';
import { mostOrigins, usualOrigins } from '../protocol/backtest';
import { t } from './l10n';
import { learnt, runFor } from './runCommands';
import type { Services } from './services';

/** Trains the experiment of a run again from earlier origins, and shows how well each forecasts what followed. */
export async function backtest(services: Services, argument?: unknown): Promise<void> {
  const { engine, panels } = services;
  const run = await runFor(services, argument, learnt('forecast'));
  if (run === null) return;
  const title = t('Backtest');
  const { experiment } = await engine.request('open', { run });
  const asked = await vscode.window.showInputBox({
    title,
    value: String(usualOrigins(experiment.data.split)),
    prompt: t(
      'From how many earlier origins? Each is one test part before the next and is trained anew; what was done before is kept.',
    ),
    validateInput: (text) => (isCount(text) ? null : t('Give a whole number from 1 to {0}.', mostOrigins)),
  });
  if (asked === undefined) return;
  panels.open(run);
  const origins = Number(asked);
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  await vscode.window.withProgress(options, async (progress, token) => {
    const cancelling = new AbortController();
    const listening = engine.onRun((event) => {
      if (event.kind !== 'backtest' || event.run !== run) return;
      const { done, epoch, epochs } = event.progress;
      progress.report({ message: t('{0} of {1} origins, epoch {2} of {3}', done, origins, epoch, epochs) });
    });
    token.onCancellationRequested(() => cancelling.abort());
    try {
      await engine.request('backtest', { run, origins }, cancelling.signal);
    } catch (error) {
      if (!cancelling.signal.aborted) throw error;
    } finally {
      listening.dispose();
    }
  });
}

const isCount = (text: string) => /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= mostOrigins;
