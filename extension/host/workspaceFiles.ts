import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { UnrollError } from '../protocol/errors';
import type { EngineOptions } from './engineProcess';
import { experimentSuffix } from './experimentFile';
import { t } from './l10n';

/** The folder that a file's paths and runs belong to: its workspace folder, else the folder it is in. */
export function rootOf(file: vscode.Uri): string {
  return vscode.workspace.getWorkspaceFolder(file)?.uri.fsPath ?? path.dirname(file.fsPath);
}

export function workspaceRoots(): readonly string[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath);
}

/** Whether a folder has runs; looks at the disk alone. */
export async function hasRuns(root: string): Promise<boolean> {
  const entries = await readdir(path.join(root, '.unroll', 'runs')).catch(() => []);
  return entries.length > 0;
}

/** Models and data come with a workspace: nothing of it is read before the user trusts it. */
export const requireTrust: EngineOptions['permit'] = () => {
  if (vscode.workspace.isTrusted) return;
  throw new UnrollError(
    'usage',
    'Unroll trains and reads models only in a trusted workspace; trust this one with the command "Workspaces: Manage Workspace Trust", then try again.',
  );
};

export const tableEndings = ['csv', 'tsv', 'jsonl', 'ndjson', 'parquet'];
const endsLike = (uri: vscode.Uri, endings: readonly string[]) =>
  endings.includes(path.posix.extname(uri.path).slice(1).toLowerCase());

/** Whether a file's characters are learnt, if it holds no table after all. */
export const isText = (uri: vscode.Uri): boolean => endsLike(uri, ['txt']);
/** What can be trained on, as the menus of the explorer have it. */
export const isData = (uri: vscode.Uri): boolean => endsLike(uri, tableEndings) || isText(uri);
export const isSound = (uri: vscode.Uri): boolean => endsLike(uri, ['wav']);
/** Whether a file is opened by the editor of models. */
export const isModel = (uri: vscode.Uri): boolean => endsLike(uri, ['onnx']);
export const isExperiment = (uri: vscode.Uri): boolean => uri.path.endsWith(experimentSuffix);

/** The file that a command is about: what it was called on, else the file in the active tab, else what the user picks; null for none. */
export async function fileFor(
  argument: unknown,
  wanted: (uri: vscode.Uri) => boolean,
  pick: () => Promise<vscode.Uri | null>,
): Promise<vscode.Uri | null> {
  const given = argument instanceof vscode.Uri ? argument : activeFile();
  const uri = argument instanceof vscode.Uri || (given !== null && wanted(given)) ? given : await pick();
  if (uri !== null && uri.scheme !== 'file') {
    throw new UnrollError('usage', '{0} is not a file on disk; save a copy on disk and open that.', uri.path);
  }
  return uri;
}

function activeFile(): vscode.Uri | null {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  const known =
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputCustom ||
    input instanceof vscode.TabInputNotebook;
  return known ? input.uri : null;
}

/** Asks for one of the workspace's data files, or any other; `first` is the absolute path of the one that is likely wanted. */
export const pickData = (first: string | null = null): Promise<vscode.Uri | null> =>
  pickFile(
    t('Which data?'),
    `**/*.{${[...tableEndings, 'txt'].join(',')}}`,
    { [t('Tables')]: tableEndings, [t('Texts')]: ['txt'] },
    first,
  );

/** Asks for data to be shown: one of the workspace's data files or experiments, any other, or a folder. */
export const pickShown = (): Promise<vscode.Uri | null> =>
  pickFile(
    t('Which data?'),
    `**/*{${[...tableEndings, 'txt'].map((ending) => `.${ending}`).join(',')},${experimentSuffix}}`,
    { [t('Tables')]: tableEndings, [t('Texts')]: ['txt'], [t('Experiments')]: ['json'] },
    null,
    undefined,
    true,
  );

/** Asks for what a model is to answer about: data, a sound, or a folder of them; `first` is the absolute path of what is likely wanted. */
export const pickAsked = (first: string | null): Promise<vscode.Uri | null> =>
  pickFile(
    t('Which data?'),
    `**/*.{${[...tableEndings, 'txt', 'wav'].join(',')}}`,
    { [t('Tables')]: tableEndings, [t('Texts')]: ['txt'], [t('Sounds')]: ['wav'] },
    first,
    undefined,
    true,
  );

/** Asks for a folder of texts or sounds. */
export async function pickFolder(): Promise<vscode.Uri | null> {
  const options = { title: t('Which folder?'), canSelectFiles: false, canSelectFolders: true, openLabel: t('Choose') };
  const [opened] = (await vscode.window.showOpenDialog(options)) ?? [];
  return opened ?? null;
}

export async function isFolder(uri: vscode.Uri): Promise<boolean> {
  const found = await stat(uri.fsPath).catch(() => null);
  return found?.isDirectory() === true;
}

export const pickExperiment = (): Promise<vscode.Uri | null> =>
  pickFile(t('Which experiment?'), `**/*${experimentSuffix}`, { [t('Experiments')]: ['json'] });

/** Asks for one of the workspace's model files, those of runs too, or any other. */
export const pickModel = (): Promise<vscode.Uri | null> =>
  pickFile(t('Which model?'), '**/*.onnx', { [t('Models')]: ['onnx'] }, null, '**/node_modules/**');

async function pickFile(
  title: string,
  pattern: string,
  filters: Record<string, string[]>,
  first: string | null = null,
  leftOut = '**/{node_modules,.unroll}/**',
  folders = false,
): Promise<vscode.Uri | null> {
  const found = await vscode.workspace.findFiles(pattern, leftOut, 1000);
  // Among a workspace's texts few are there to be learnt.
  const rank = (uri: vscode.Uri) => (uri.fsPath === first ? 0 : isSound(uri) ? 3 : isText(uri) ? 2 : 1);
  const items: (vscode.QuickPickItem & { readonly uri: vscode.Uri | 'folder' | null })[] = found
    .sort((a, b) => rank(a) - rank(b) || a.path.localeCompare(b.path))
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), iconPath: vscode.ThemeIcon.File, uri }));
  const likely = first === null || !folders ? null : vscode.Uri.file(first);
  if (likely !== null && (await isFolder(likely))) {
    const label = vscode.workspace.asRelativePath(likely);
    items.unshift({ label, iconPath: vscode.ThemeIcon.Folder, uri: likely });
  }
  if (folders) items.push({ label: t('A folder…'), iconPath: vscode.ThemeIcon.Folder, uri: 'folder' });
  items.push({ label: t('Another file…'), iconPath: new vscode.ThemeIcon('folder-opened'), uri: null });
  const picked = items.length === 1 ? items[0] : await vscode.window.showQuickPick(items, { title });
  if (picked === undefined) return null;
  if (picked.uri === 'folder') return pickFolder();
  if (picked.uri !== null) return picked.uri;
  const [opened] = (await vscode.window.showOpenDialog({ title, filters, openLabel: t('Choose') })) ?? [];
  return opened ?? null;
}
