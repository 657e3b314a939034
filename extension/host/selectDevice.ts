import * as vscode from 'vscode';
import { t } from './l10n';
import type { Services } from './services';
import { type Provider, providerSetting, setProvider } from './settings';

/** Shows where the engine can really compute, as it found by trying, and lets the user choose. */
export async function selectDevice({ engine }: Services): Promise<void> {
  const info = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Looking for devices…') },
    () => engine.request('info', {}),
  );
  const current = providerSetting();
  const usable = (provider: Provider) => info.providers.includes(provider);
  const items: (vscode.QuickPickItem & { readonly provider: Provider })[] = [
    {
      label: t('Automatic'),
      detail: t('Takes {0}, the best that works on this machine.', (info.providers[0] ?? 'cpu').toUpperCase()),
      provider: 'auto',
    },
    { label: 'CPU', detail: t('Works everywhere; for small models often the fastest.'), provider: 'cpu' },
    {
      label: 'CUDA',
      detail: usable('cuda')
        ? t('An NVIDIA GPU; it pays for wide models and large batches.')
        : t('Not usable here: it needs an NVIDIA driver, CUDA 12 and cuDNN 9.'),
      provider: 'cuda',
    },
  ];
  const marked = items.map((item) => (item.provider === current ? { ...item, description: t('current') } : item));
  const picked = await vscode.window.showQuickPick(marked, {
    title: t('Where to train'),
    placeHolder: t('onnxruntime {0}', info.onnxruntime),
  });
  if (picked !== undefined) await setProvider(picked.provider);
}
