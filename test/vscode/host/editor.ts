import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Api } from '../../../extension/host/extension';

/** The extension as the editor loaded it. */
export function extension(): vscode.Extension<Api> {
  const found = vscode.extensions.getExtension<Api>('unroll.unroll');
  assert.ok(found, 'the extension is installed');
  return found;
}

/** A file of the workspace that the suite runs in. */
export function workspaceFile(name: string): vscode.Uri {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  assert.ok(folder, 'the suite runs in a folder');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function writeFile(name: string, content: string | Uint8Array): Promise<vscode.Uri> {
  const uri = workspaceFile(name);
  await vscode.workspace.fs.writeFile(uri, typeof content === 'string' ? new TextEncoder().encode(content) : content);
  return uri;
}

export async function readJson(uri: vscode.Uri): Promise<Record<string, unknown>> {
  return JSON.parse(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
}

/** Waits until `look` gives something; what it waits for is named in the failure. */
export async function until<T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
  seconds = 120,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  while (Date.now() < end) {
    const found = await look();
    if (found !== undefined) return found;
    await pause(100);
  }
  throw new Error(`After ${seconds} s there is still no ${what}.`);
}

/** Waits until a run is in one of the states. */
export async function untilState(run: string, ...wanted: readonly string[]): Promise<string> {
  const { exports } = extension();
  return until(`run in state ${wanted.join(' or ')}`, async () => {
    const state = (await exports.runs()).find(({ dir }) => dir === run)?.state;
    return state !== undefined && wanted.includes(state) ? state : undefined;
  });
}

/** An experiment on the airline data: `epochs` decides how long it trains. */
export function writeExperiment(name: string, epochs: number): Promise<vscode.Uri> {
  const experiment = {
    name,
    data: { path: 'airline-passengers.csv' },
    model: { layers: [{ cell: 'lstm', hidden: 8 }] },
    training: { epochs, seed: 1 },
  };
  return writeFile(`${name}.unroll.json`, JSON.stringify(experiment));
}

/** The sentences that the editor shows as errors while `act` runs. */
export async function errorsDuring(act: () => Promise<unknown>): Promise<readonly string[]> {
  const shown: string[] = [];
  const original = Object.getOwnPropertyDescriptor(vscode.window, 'showErrorMessage');
  assert.ok(original);
  const showErrorMessage = (sentence: string) => {
    shown.push(sentence);
    return Promise.resolve(undefined);
  };
  Object.defineProperty(vscode.window, 'showErrorMessage', { ...original, value: showErrorMessage });
  try {
    await act();
  } finally {
    Object.defineProperty(vscode.window, 'showErrorMessage', original);
  }
  return shown;
}
