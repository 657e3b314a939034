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
  const isDone = await vscode.window.withProgress(options, async (progress, token) => {
    const cancelling = new AbortController();
    const listening = engine.onRun((event) => {
      if (event.kind !== 'backtest' || event.run !== run) return;
      const { done, epoch, epochs } = event.progress;
      progress.report({ message: t('{0} of {1} origins, epoch {2} of {3}', done, origins, epoch, epochs) });
    });
    token.onCancellationRequested(() => cancelling.abort());
    try {
      await engine.request('backtest', { run, origins }, cancelling.signal);
      return true;
    } catch (error) {
      if (!cancelling.signal.aborted) throw error;
      return false;
    } finally {
      listening.dispose();
    }
  });
  const { name } = experiment;
  const show = t('Show');
  const told = isDone
    ? vscode.window.showInformationMessage(t('The backtest of {0} is done.', name), show)
    : vscode.window.showInformationMessage(
        t('The backtest of {0} was stopped. Start it again to go on: what it has done is kept.', name),
      );
  // Whoever waits for the command need not wait until the message is answered.
  void told.then((picked) => {
    if (picked === show) panels.open(run, { section: 'forecast' });
  });
}

const isCount = (text: string) => /^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= mostOrigins;
