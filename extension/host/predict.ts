import path from 'node:path';
import * as vscode from 'vscode';
import type { Prediction } from '../protocol/engine';
import type { Task } from '../protocol/experiment';
import { t } from './l10n';
import { isModelNode } from './modelsTree';
import { predictionDocument } from './predictionTable';
import { learnt, runFor } from './runCommands';
import type { Services } from './services';
import { fileFor, isData, isFolder, isModel, isSound, pickAsked } from './workspaceFiles';

/** Asks a model about a file, what follows it or what it is, and shows the answer as a document that the user may save. */
export async function predict(services: Services, argument?: unknown): Promise<void> {
  const onData = argument instanceof vscode.Uri && !isModel(argument);
  const model = await modelFor(services, onData ? undefined : argument, onData ? await tasksFor(argument) : answering);
  if (model === null) return;
  const data = await fileFor(onData ? argument : undefined, isData, () => pickAsked(dataOf(services, model)));
  if (data === null) return;
  const prediction: Prediction = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Predicting…') },
    () => services.engine.request('predict', { model, data: data.fsPath }),
  );
  await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(predictionDocument(prediction)));
}

/** The data that a run's model was trained on, which is what its next values follow; null for a model of no run. */
function dataOf({ runs }: Services, model: string): string | null {
  const summary = runs.find(path.dirname(model))?.summary;
  // The run lies in <root>/.unroll/runs/<run>, and its data is named relative to the root.
  return summary === undefined ? null : path.join(summary.dir, '..', '..', '..', summary.data);
}

/** What models that answer about a file have learnt; a language model writes, which is another command. */
const answering: readonly Task[] = ['forecast', 'classify', 'label', 'translate', 'transcribe'];

/** What may have been learnt of data like this: a sound, or a folder of them, has a class or a transcript. */
const tasksFor = async (data: vscode.Uri): Promise<readonly Task[]> =>
  isSound(data) || (await isFolder(data)) ? ['classify', 'transcribe'] : answering;

/** A model file that the command was called on, else a run's that has learnt one of the tasks. */
async function modelFor(services: Services, argument: unknown, tasks: readonly Task[]): Promise<string | null> {
  if (argument instanceof vscode.Uri) return argument.fsPath;
  if (isModelNode(argument)) return argument.uri.fsPath;
  const run = await runFor(services, argument, learnt(...tasks));
  return run === null ? null : path.join(run, 'model.onnx');
}
