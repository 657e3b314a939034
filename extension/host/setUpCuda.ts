import * as vscode from 'vscode';
import { t, translate } from './l10n';
import type { Services } from './services';
import { cudaMirror } from './settings';

/** Fetches onnxruntime's CUDA libraries after asking, since it is a large download, and says whether CUDA then works. */
export async function setUpCuda({ engine }: Services): Promise<void> {
  const download = t('Download');
  const consent = await vscode.window.showInformationMessage(
    t('Download the CUDA libraries of onnxruntime?'),
    {
      modal: true,
      detail: t(
        'They are some hundred MB, come from {0}, are checked, and are kept for this user. They need an NVIDIA GPU with its driver, CUDA 12 and cuDNN 9.',
        cudaMirror() ?? 'nuget.org',
      ),
    },
    download,
  );
  if (consent !== download) return;
  const { problem } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: t('Setting up CUDA'), cancellable: true },
    async (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      const listening = engine.onDownload(({ received, total }) => {
        const megabytes = Math.floor(received / 1e6);
        const message = total === null ? t('{0} MB', megabytes) : t('{0} of {1} MB', megabytes, Math.ceil(total / 1e6));
        const percent = total === null || total === 0 ? 0 : (100 * received) / total;
        progress.report({ message, increment: percent - shown });
        shown = percent;
      });
      try {
        return await engine.request('setUpCuda', { mirror: cudaMirror() }, stop.signal);
      } finally {
        listening.dispose();
      }
    },
  );
  if (problem === null) {
    void vscode.window.showInformationMessage(
      t('CUDA works: models train on it where the device is automatic or CUDA.'),
    );
  } else {
    void vscode.window.showWarningMessage(translate(problem));
  }
}
