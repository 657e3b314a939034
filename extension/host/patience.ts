import * as vscode from 'vscode';

/** What takes longer than this can be given up by a button; what is quicker is not worth a notification. */
const soonMs = 3000;

/**
 * Waits for an answer with a spinner in the status bar, and where it takes long with a notification that gives it up.
 * @throws UnrollError `cancelled` where somebody did.
 */
export async function patiently<T>(title: string, ask: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const giveUp = new AbortController();
  const answer = ask(giveUp.signal);
  const settled = answer.then(
    () => {},
    () => {},
  );
  const timer = setTimeout(() => {
    void vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title, cancellable: true },
      (_, token) => {
        token.onCancellationRequested(() => giveUp.abort());
        return settled;
      },
    );
  }, soonMs);
  try {
    return await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => answer);
  } finally {
    clearTimeout(timer);
  }
}
