import path from 'node:path';
import * as vscode from 'vscode';
import type { Task } from '../protocol/experiment';
import type { RunState, RunSummary } from '../protocol/run';
import { t, translate } from './l10n';
import { describeRun, isActive, isResumable, isTraining, type RunEntry } from './runList';
import { RunItem } from './runsTree';
import type { Services } from './services';

type Wanted = (state: RunState, summary: RunSummary) => boolean;

const any: Wanted = () => true;

/**
 * The run that a command is about: the one that it was called on, else the one whose panel is active, else the only one that fits, else
 * what the user picks; null for none.
 */
export async function runFor(
  { runs, panels }: Services,
  argument: unknown,
  wanted: Wanted = any,
): Promise<string | null> {
  if (argument instanceof RunItem) return argument.entry.summary.dir;
  if (typeof argument === 'string') return argument;
  await runs.refresh();
  const fitting = runs.entries.filter(({ summary }) => wanted(summary.state, summary));
  const active = fitting.find(({ summary }) => summary.dir === panels.activeRun);
  if (active !== undefined) return active.summary.dir;
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(t('There is no run that this command could be used on.'));
    return null;
  }
  if (fitting.length === 1 && wanted !== any) return fitting[0]?.summary.dir ?? null;
  const items = fitting.map(pickItem);
  return (await vscode.window.showQuickPick(items, { title: t('Which run?'), matchOnDescription: true }))?.run ?? null;
}

/** Runs that have learnt a task to the end. */
export const learnt =
  (...tasks: readonly Task[]): Wanted =>
  (state, { report }) =>
    state.kind === 'done' && report !== null && tasks.includes(report.task);

const pickItem = (entry: RunEntry) => ({
  label: entry.summary.name,
  description: translate(describeRun(entry)),
  detail: path.basename(entry.summary.dir),
  run: entry.summary.dir,
});

export async function openRun(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument);
  // From the tree the focus stays in the tree, so that arrows and Delete go on working there.
  if (run !== null) services.panels.open(run, { preserveFocus: argument instanceof RunItem });
}

export async function resumeRun(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument, isResumable);
  if (run === null) return;
  await services.engine.request('resume', { run });
  await services.runs.refresh();
  services.panels.open(run);
}

export const stopTraining = (services: Services, argument?: unknown) => control(services, argument, 'stop', isActive);
export const pauseTraining = (services: Services, argument?: unknown) =>
  control(services, argument, 'pause', isTraining);
export const continueTraining = (services: Services, argument?: unknown) =>
  control(services, argument, 'continue', (state) => state.kind === 'paused');

async function control(
  services: Services,
  argument: unknown,
  action: 'stop' | 'pause' | 'continue',
  wanted: Wanted,
): Promise<void> {
  const run = await runFor(services, argument, wanted);
  if (run === null) return;
  await services.engine.request('control', { run, action });
  await services.runs.refresh();
}

/** Shows the side panel, and in it a window of a run: the one looked at, else one of the run that is asked for. */
export async function openInspector(services: Services, argument?: unknown): Promise<void> {
  const { inspection, panels } = services;
  const asked = argument instanceof RunItem ? argument.entry.summary.dir : argument;
  await vscode.commands.executeCommand('unroll.inspector.focus');
  const current = inspection.current?.cursor;
  // What goes through a model file is followed by the side panel as soon as it is shown; there is nothing to choose.
  if (typeof asked !== 'string' && panels.activeRun === null && current?.kind === 'model') return;
  const followed = current?.kind === 'run' ? current.run : undefined;
  const wanted = typeof asked === 'string' ? asked : (panels.activeRun ?? followed);
  if (followed !== undefined && followed === wanted) return;
  const run = await runFor(services, wanted, (state) => !isTraining(state) && state.kind !== 'failed');
  if (run !== null) await inspection.inspect(run, { part: 'test', index: 0 });
}

/** Moves a run to the trash, after asking; a run that trains is stopped first. */
export async function deleteRun(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument ?? services.selectedRun());
  if (run === null) return;
  const { engine, inspection, panels, runs } = services;
  const summary = runs.find(run)?.summary;
  const remove = t('Move to Trash');
  const question = t('Delete the run {0}?', summary?.name ?? path.basename(run));
  const detail = t('Its folder with the model, the metrics and the checkpoint goes to the trash.');
  if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, remove)) !== remove) return;
  if (summary !== undefined && isActive(summary.state)) await engine.request('control', { run, action: 'stop' });
  if (!(await trash(vscode.Uri.file(run)))) return;
  panels.close(run);
  inspection.forget(run);
  await runs.refresh();
}

/** False when the user would rather keep it: not every place that files are in has a trash. */
async function trash(folder: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: true });
    return true;
  } catch {
    const forever = t('Delete Permanently');
    const question = t('The folder cannot be moved to the trash. Delete it permanently?');
    if ((await vscode.window.showWarningMessage(question, { modal: true }, forever)) !== forever) return false;
    await vscode.workspace.fs.delete(folder, { recursive: true, useTrash: false });
    return true;
  }
}

export async function revealRun(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument);
  if (run === null) return;
  const folder = vscode.Uri.file(run);
  const inside = vscode.workspace.getWorkspaceFolder(folder) !== undefined;
  await vscode.commands.executeCommand(inside ? 'revealInExplorer' : 'revealFileInOS', folder);
}

export async function openExperiment(run: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(path.join(run, 'experiment.json')));
}

/** Copies a run's model, metrics or report to where the user wants them. */
const modelName = 'model.onnx';

export async function exportRun(services: Services, argument?: unknown): Promise<void> {
  const run = await runFor(services, argument, (state) => state.kind !== 'preparing' && state.kind !== 'failed');
  if (run === null) return;
  const kinds = [
    {
      label: t('Model (ONNX)'),
      file: modelName,
      detail: t('Runs anywhere onnxruntime does; it holds the scaling.'),
    },
    { label: t('Metrics (CSV)'), file: 'metrics.csv', detail: t('One row an epoch.') },
    { label: t('Report (JSON)'), file: 'report.json', detail: t('Test metrics beside their baselines.') },
  ];
  const present = new Set((await vscode.workspace.fs.readDirectory(vscode.Uri.file(run))).map(([name]) => name));
  // The engine has a model as soon as something was learnt, before its file stands.
  const items = kinds.filter(({ file }) => file === modelName || present.has(file));
  const picked = await vscode.window.showQuickPick(items, { title: t('Export what?') });
  if (picked === undefined) return;
  const extension = path.extname(picked.file);
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(run))?.uri.fsPath ?? path.dirname(run);
  const name = services.runs.find(run)?.summary.name ?? path.basename(run);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.file(
      path.join(
        folder,
        `${name}${picked.file === modelName ? '' : `-${path.basename(picked.file, extension)}`}${extension}`,
      ),
    ),
    filters: { [extension.slice(1).toUpperCase()]: [extension.slice(1)] },
  });
  if (target === undefined) return;
  if (picked.file === modelName) {
    await vscode.workspace.fs.writeFile(target, await services.engine.request('model', { run }));
  } else {
    await vscode.workspace.fs.copy(vscode.Uri.file(path.join(run, picked.file)), target, { overwrite: true });
  }
}
