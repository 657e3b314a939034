import path from 'node:path';
import * as vscode from 'vscode';
import type { Proposal } from '../protocol/engine';
import type { Draft } from '../protocol/experiment';
import { draftOf, parseExperimentFile, writeExperimentFile } from './experimentFile';
import { t } from './l10n';
import type { Services } from './services';
import { onDevice } from './settings';
import { ask } from './steps';
import { horizonChoices, modelChoices, targetChoices } from './trainingChoices';
import { fileFor, isData, isExperiment, pickData, pickExperiment, rootOf } from './workspaceFiles';

/** Train on This File…: an experiment file trains as it says; a table asks three questions first. Returns the run. */
export async function trainOnFile(services: Services, argument?: unknown): Promise<string | null> {
  const file = await fileFor(argument, (uri) => isData(uri) || isExperiment(uri), pickData);
  if (file === null) return null;
  if (isExperiment(file)) return trainExperiment(services, file);
  const root = rootOf(file);
  const draft = await askForDraft(services, root, file);
  if (draft === null) return null;
  await writeExperimentFile(root, draft, await schemaOf(services));
  return start(services, root, draft);
}

/** Trains with every default and asks nothing. */
export async function trainWithDefaults(services: Services, argument?: unknown): Promise<string | null> {
  const file = await fileFor(argument, isData, pickData);
  if (file === null) return null;
  const root = rootOf(file);
  return start(services, root, { data: { path: dataPath(root, file) } });
}

/** Trains what an experiment file says, as it stands in the editor. */
export async function trainExperiment(services: Services, argument?: unknown): Promise<string | null> {
  const file = await fileFor(argument, isExperiment, pickExperiment);
  if (file === null) return null;
  const document = await vscode.workspace.openTextDocument(file);
  if (document.isDirty) await document.save();
  return start(services, rootOf(file), parseExperimentFile(document.getText(), vscode.workspace.asRelativePath(file)));
}

/** Writes an experiment file with every default for a table, and opens it. */
export async function newExperimentFile(services: Services, argument?: unknown): Promise<void> {
  const data = await fileFor(argument, isData, pickData);
  if (data === null) return;
  const root = rootOf(data);
  const path = dataPath(root, data);
  const proposal = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Reading the data…') },
    () => services.engine.request('propose', { root, draft: { data: { path } } }),
  );
  const file = await writeExperimentFile(root, draftOf(proposal.experiment), await schemaOf(services));
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

/** Target, task, model: three questions with a way back; null when the user leaves. */
async function askForDraft({ engine }: Services, root: string, file: vscode.Uri): Promise<Draft | null> {
  const name = path.basename(file.fsPath);
  const title = t('Train on {0}', name);
  // A later question depends on the answers before it, so that the engine proposes anew after each.
  const propose = (draft: Draft) => engine.request('propose', { root, draft });
  const start: Draft = { data: { path: dataPath(root, file) } };
  const proposals: Promise<Proposal>[] = [propose(start)];
  let answers: Draft = start;
  for (let step = 1; ; ) {
    const proposal = proposals[step - 1] ?? propose(answers);
    const common = { title, step, steps: 3 };
    if (step === 1) {
      const placeholder = t('Which column is to be forecast?');
      const answer = await ask({ ...common, placeholder, choices: proposal.then(targetChoices) });
      if (answer.kind !== 'chosen') return null;
      const same = answer.value === (await proposal).experiment.data.target;
      answers = { data: { ...start.data, target: answer.value } };
      proposals[1] = same ? proposal : propose(answers);
      step = 2;
    } else if (step === 2) {
      const answer = await ask({
        ...common,
        placeholder: t('What is to be learnt?'),
        choices: proposal.then(horizonChoices),
      });
      if (answer.kind === 'left') return null;
      if (answer.kind === 'chosen') {
        const same = answer.value === (await proposal).experiment.data.horizon;
        answers = { data: { ...answers.data, horizon: answer.value } };
        proposals[2] = same ? proposal : propose(answers);
      }
      step += answer.kind === 'chosen' ? 1 : -1;
    } else {
      const answer = await ask({ ...common, placeholder: t('Which model?'), choices: proposal.then(modelChoices) });
      if (answer.kind === 'left') return null;
      if (answer.kind === 'chosen') {
        const layers = [...answer.value];
        const { experiment } = await propose({ ...answers, model: { layers } });
        return draftOf(experiment);
      }
      step = 2;
    }
  }
}

async function start(services: Services, root: string, draft: Draft): Promise<string> {
  const { run } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: t('Starting the training…') },
    () => services.engine.request('train', { root, draft: onDevice(draft) }),
  );
  services.runs.include(root);
  void services.runs.refresh();
  services.panels.open(run);
  return run;
}

/** The data's path as experiments say it: relative to `root`, with slashes on every platform. */
const dataPath = (root: string, file: vscode.Uri): string => path.relative(root, file.fsPath).split(path.sep).join('/');

async function schemaOf({ extension }: Services): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', 'experiment.schema.json'));
  return new TextDecoder().decode(bytes);
}
