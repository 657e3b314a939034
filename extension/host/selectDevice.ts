import * as vscode from 'vscode';
import type { DeviceState, ProviderWish } from '../protocol/devices';
import { t, translate } from './l10n';
import type { Services } from './services';
import { providerSetting, setProvider } from './settings';

/** Shows where the engine can really compute, as it found by trying, and lets the user choose. */
export async function selectDevice({ engine }: Services): Promise<void> {
  const { onnxruntime, states } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Looking for devices…') },
    async () => {
      const info = await engine.request('info', {});
      return { onnxruntime: info.onnxruntime, states: await engine.request('devices', {}) };
    },
  );
  const current = providerSetting();
  const cuda = states.some(({ provider, problem }) => provider === 'cuda' && problem === null);
  const items: (vscode.QuickPickItem & {
    readonly provider: ProviderWish;
    readonly problem: DeviceState['problem'];
  })[] = [
    {
      label: t('Automatic'),
      detail: t('Takes {0}, the best that works on this machine.', cuda ? 'CUDA' : 'CPU'),
      provider: 'auto',
      problem: null,
    },
    ...states.map(({ provider, problem }) => ({
      label: titles[provider],
      detail: problem === null ? promiseOf(provider) : translate(problem),
      provider,
      problem,
      ...(problem !== null && { iconPath: new vscode.ThemeIcon('circle-slash') }),
    })),
  ];
  const marked = items.map((item) => (item.provider === current ? { ...item, description: t('current') } : item));
  const picked = await vscode.window.showQuickPick(marked, {
    title: t('Where to train'),
    placeHolder: t('onnxruntime {0}', onnxruntime),
  });
  if (picked === undefined) return;
  if (picked.problem === null) await setProvider(picked.provider);
  else void vscode.window.showWarningMessage(translate(picked.problem));
}

const titles: Readonly<Record<DeviceState['provider'], string>> = {
  cpu: 'CPU',
  cuda: 'CUDA',
  tensorrt: 'TensorRT',
  webgpu: 'WebGPU',
  dml: 'DirectML',
  coreml: 'Core ML',
};

function promiseOf(provider: DeviceState['provider']): string {
  if (provider === 'cpu') return t('Works everywhere; for small models often the fastest.');
  if (provider === 'cuda') return t('An NVIDIA GPU; it pays for wide models and large batches.');
  return t('Ran a training step here. What it cannot compute runs on the CPU.');
}
