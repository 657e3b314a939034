import * as vscode from 'vscode';
import type { ProviderWish } from '../protocol/devices';
import type { Draft } from '../protocol/experiment';

const section = () => vscode.workspace.getConfiguration('unroll');

export const resumesAfterReload = (): boolean => section().get<boolean>('resumeAfterReload', true);

export const providerSetting = (): ProviderWish => section().get<ProviderWish>('device.provider', 'auto');

/** Where CUDA's libraries are fetched instead of nuget.org, or null. */
export const cudaMirror = (): string | null => section().get<string>('cuda.mirror', '').trim() || null;

/** Keeps the choice where the user keeps it already: in the workspace, else for every workspace. */
export async function setProvider(provider: ProviderWish): Promise<void> {
  const workspace = section().inspect('device.provider')?.workspaceValue !== undefined;
  const target = workspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await section().update('device.provider', provider, target);
}

/** The draft on the device of the settings, except where the draft itself names one. */
export function onDevice(draft: Draft): Draft {
  const threads = section().get<number | null>('device.threads', null);
  return {
    ...draft,
    device: { provider: providerSetting(), ...(threads === null ? {} : { threads }), ...draft.device },
  };
}
