import * as vscode from 'vscode';
import { type ErrorCode, toFailure, UnrollError } from '../protocol/errors';
import { backtest } from './backtest';
import { ContextKeys } from './contextKeys';
import { DataPanels } from './dataPanels';
import { EngineProcess } from './engineProcess';
import { generate } from './generate';
import { Inspection } from './inspection';
import { InspectorView } from './inspectorView';
import { sentenceOf, t } from './l10n';
import { ModelEditors } from './modelEditors';
import { ModelsTree } from './modelsTree';
import { openModel } from './openModel';
import { predict } from './predict';
import { forkEngine } from './processPort';
import { resumeAfterReload } from './resume';
import * as runCommands from './runCommands';
import { RunList } from './runList';
import { RunPanels } from './runPanels';
import { RunsTree } from './runsTree';
import { selectDevice } from './selectDevice';
import type { Services } from './services';
import { resumesAfterReload } from './settings';
import { setUpCuda } from './setUpCuda';
import { showData } from './showData';
import { StatusBar } from './statusBar';
import { newExperimentFile, trainExperiment, trainOnFile, trainOnFolder, trainWithDefaults } from './trainOnFile';
import { hasRuns, requireTrust, workspaceRoots } from './workspaceFiles';

type Command = (services: Services, argument?: unknown) => unknown;

/** Every command of package.json, by its name there without `unroll.`. */
const commands: Readonly<Record<string, Command>> = {
  trainOnFile,
  trainOnCsv: trainOnFile,
  trainOnFolder,
  trainWithDefaults,
  trainExperiment,
  newExperimentFile,
  showData,
  generate,
  predict,
  backtest,
  selectDevice,
  setUpCuda,
  openModel,
  openRun: runCommands.openRun,
  openInspector: runCommands.openInspector,
  resumeRun: runCommands.resumeRun,
  stopTraining: runCommands.stopTraining,
  pauseTraining: runCommands.pauseTraining,
  continueTraining: runCommands.continueTraining,
  export: runCommands.exportRun,
  deleteRun: runCommands.deleteRun,
  revealRun: runCommands.revealRun,
  refreshRuns: ({ runs }) => runs.refresh(),
  showEngineLog: ({ log }) => log.show(),
};

/** What other extensions, and the tests, get of this one. */
export interface Api {
  /** Process id of the engine, or undefined while none runs. */
  readonly enginePid: () => number | undefined;
  /** The runs of the workspace, read anew. */
  readonly runs: () => Promise<readonly { readonly dir: string; readonly state: string }[]>;
}

export function activate(context: vscode.ExtensionContext): Api {
  const own = <T extends vscode.Disposable>(disposable: T): T => {
    context.subscriptions.push(disposable);
    return disposable;
  };
  const log = own(vscode.window.createOutputChannel('Unroll', { log: true }));
  const script = vscode.Uri.joinPath(context.extensionUri, 'dist', 'engine.js').fsPath;
  const engine = own(
    new EngineProcess({
      fork: () => forkEngine(script, (line) => log.info(line)),
      log: (level, text) => log[level === 'warning' ? 'warn' : level](text),
      permit: requireTrust,
    }),
  );
  const runs = own(new RunList({ engine, roots: workspaceRoots, hasRuns }));
  const inspection = own(new Inspection(engine));
  const panels = own(
    new RunPanels(context.extensionUri, engine, runs, inspection, {
      stop: (run) => runCommands.stopTraining(services, run),
      pause: (run) => runCommands.pauseTraining(services, run),
      continue: (run) => runCommands.continueTraining(services, run),
      resume: (run) => runCommands.resumeRun(services, run),
      export: (run) => runCommands.exportRun(services, run),
      predict: (run) => predict(services, run),
      backtest: (run) => backtest(services, run),
      openExperiment: runCommands.openExperiment,
    }),
  );
  const models = own(new ModelEditors({ extension: context.extensionUri, engine, inspection }));
  const data = own(
    new DataPanels({ extension: context.extensionUri, engine, train: (file) => trainOnFile(services, file) }),
  );
  const tree = own(new RunsTree(runs));
  const services: Services = {
    extension: context.extensionUri,
    log,
    engine,
    runs,
    inspection,
    panels,
    models,
    data,
    selectedRun: () => tree.selected,
  };
  own(new ModelsTree(engine));
  own(new InspectorView(context.extensionUri, engine, inspection, { panels, models }));
  own(new StatusBar(runs));
  const keys = own(new ContextKeys(runs));
  own(engine.onRun((event) => runs.hear(event)));
  own(engine.onCrash(({ why }) => void afterCrash(services, why)));
  for (const [name, run] of Object.entries(commands)) {
    own(vscode.commands.registerCommand(`unroll.${name}`, (argument?: unknown) => perform(services, run, argument)));
  }
  follow(services, keys, own);
  if (vscode.workspace.isTrusted && resumesAfterReload()) {
    void resumeAfterReload({ runs, engine, log: (text) => log.warn(text) });
  }
  return {
    enginePid: () => engine.pid,
    runs: async () => {
      await runs.refresh();
      return runs.entries.map(({ summary }) => ({ dir: summary.dir, state: summary.state.kind }));
    },
  };
}

/** Runs a command; what goes wrong is told in one sentence, and the stack goes to the log. */
async function perform(services: Services, run: Command, argument: unknown): Promise<unknown> {
  try {
    return await run(services, argument);
  } catch (error) {
    if (!(error instanceof UnrollError && error.code === 'cancelled')) report(services, error);
    return undefined;
  }
}

/** What the sentence alone tells how to put right: the log says nothing more. */
const theirs: ReadonlySet<ErrorCode> = new Set(['usage', 'data', 'experiment']);

function report({ log }: Services, error: unknown): void {
  const failure = toFailure(error);
  log.error(failure.stack ?? failure.text.template);
  if (theirs.has(failure.code)) {
    void vscode.window.showErrorMessage(sentenceOf(error));
    return;
  }
  const showLog = t('Show Engine Log');
  void vscode.window.showErrorMessage(sentenceOf(error), showLog).then((picked) => {
    if (picked === showLog) log.show();
  });
}

/** Tells the user of a crash that cost something, and starts the engine again by reading the runs anew. */
async function afterCrash(services: Services, why: string): Promise<void> {
  const { runs, log } = services;
  const interrupted = runs.interrupt();
  if (runs.loaded) void runs.refresh();
  const [first] = interrupted;
  if (first === undefined) return;
  const { name, dir } = first.summary;
  const resume = t('Resume');
  const showLog = t('Show Engine Log');
  const sentence = t('The engine stopped unexpectedly ({0}) while {1} was training; it can be resumed.', why, name);
  const picked = await vscode.window.showErrorMessage(sentence, resume, showLog);
  if (picked === resume) await perform(services, runCommands.resumeRun, dir);
  if (picked === showLog) log.show();
}

/** Keeps the views in step with what happens on the disk and in the workspace. */
function follow({ runs }: Services, keys: ContextKeys, own: <T extends vscode.Disposable>(disposable: T) => T): void {
  const changed = () => {
    void keys.look(workspaceRoots(), hasRuns);
    if (runs.loaded) void runs.refresh();
  };
  // A run of a terminal shows when it starts and when it ends; a folder that is deleted is one event, of the folder.
  const files = own(vscode.workspace.createFileSystemWatcher('**/.unroll/runs/*/{experiment,report}.json'));
  const folders = own(vscode.workspace.createFileSystemWatcher('**/.unroll/runs/*', true, true, false));
  own(files.onDidCreate(changed));
  own(files.onDidChange(changed));
  own(folders.onDidDelete(changed));
  own(vscode.workspace.onDidChangeWorkspaceFolders(changed));
  own(vscode.workspace.onDidGrantWorkspaceTrust(changed));
  changed();
}
