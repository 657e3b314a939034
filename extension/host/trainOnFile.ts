import path from 'node:path';
import * as vscode from 'vscode';
import type { Proposal } from '../protocol/engine';
import type { Draft } from '../protocol/experiment';
import { parseExperimentFile, writeExperimentFile } from './experimentFile';
import { t } from './l10n';
import { patiently } from './patience';
import type { Services } from './services';
import { onDevice } from './settings';
import { draftOf } from './shortDraft';
import { ask } from './steps';
import { dataOf, goalChoices, isProposed, modelChoices, targetChoices } from './trainingChoices';
import {
  fileFor,
  isData,
  isExperiment,
  isFolder,
  isText,
  pickData,
  pickExperiment,
  pickFolder,
  rootOf,
} from './workspaceFiles';

/** Train on This File…: an experiment file trains as it says; a table asks three questions first, a text one. Returns the run. */
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

/** Train on This Folder…: texts by class, or sounds. */
export async function trainOnFolder(services: Services, argument?: unknown): Promise<string | null> {
  const folder = await fileFor(argument, () => false, pickFolder);
  return folder === null ? null : trainOnFile(services, folder);
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
  const proposal = await patiently(t('Reading the data…'), (signal) =>
    services.engine.request('propose', { root, draft: { data: { path } } }, signal),
  );
  const schema = await schemaOf(services);
  const file = await writeExperimentFile(root, draftOf(proposal.experiment, schema), schema);
  await vscode.window.showTextDocument(vscode.Uri.file(file));
}

/** Target, goal, model: three questions with a way back, of a text or a folder only the last; null when the user leaves. */
async function askForDraft(services: Services, root: string, file: vscode.Uri): Promise<Draft | null> {
  const { engine } = services;
  const title = t('Train on {0}', path.basename(file.fsPath));
  // A later question depends on the answers before it, so that the engine proposes anew after each.
  const propose = (draft: Draft) => engine.request('propose', { root, draft });
  const start: Draft = { data: { path: dataPath(root, file) } };
  const opening = firstProposal(propose, start);
  // A text has no columns to choose from, and what is learnt of it is its next character; what a folder holds has one class each.
  const isPlain = (await isFolder(file)) || (isText(file) && (await opening).experiment.task === 'language');
  const first = isPlain ? 3 : 1;
  const proposals: Record<number, Promise<Proposal>> = { [first]: opening };
  let answers: Draft = start;
  for (let step = first; ; ) {
    const proposal = proposals[step] ?? propose(answers);
    const common = { title, step: step - first + 1, steps: 4 - first };
    if (step === 1) {
      const placeholder = t('Which column is to be learnt?');
      const answer = await ask({ ...common, placeholder, choices: proposal.then(targetChoices) });
      if (answer.kind !== 'chosen') return null;
      const same = answer.value === (await proposal).experiment.data.target;
      answers = { data: { ...start.data, target: answer.value } };
      proposals[2] = same ? proposal : propose(answers);
      step = 2;
    } else if (step === 2) {
      const placeholder = t('What is to be learnt?');
      const answer = await ask({ ...common, placeholder, choices: proposal.then(goalChoices) });
      if (answer.kind === 'left') return null;
      if (answer.kind === 'chosen') {
        const { experiment } = await proposal;
        const same = isProposed(experiment, answer.value);
        const { task } = answer.value;
        answers = { task, data: { ...start.data, target: experiment.data.target, ...dataOf(answer.value) } };
        proposals[3] = same ? proposal : propose(answers);
      }
      step += answer.kind === 'chosen' ? 1 : -1;
    } else {
      const answer = await ask({ ...common, placeholder: t('Which model?'), choices: proposal.then(modelChoices) });
      if (answer.kind === 'left') return null;
      if (answer.kind === 'chosen') {
        const layers = [...answer.value];
        const { experiment } = await propose({ ...answers, model: { layers } });
        return draftOf(experiment, await schemaOf(services));
      }
      step = 2;
    }
  }
}

/** What is proposed for a file; where nothing in it can be forecast, there may be classes to tell. */
async function firstProposal(propose: (draft: Draft) => Promise<Proposal>, draft: Draft): Promise<Proposal> {
  try {
    return await propose(draft);
  } catch (error) {
    return propose({ ...draft, task: 'classify' }).catch(() => {
      throw error;
    });
  }
}

async function start(services: Services, root: string, draft: Draft): Promise<string> {
  const { run } = await patiently(t('Starting the training…'), (signal) =>
    services.engine.request('train', { root, draft: onDevice(draft) }, signal),
  );
  services.runs.include(root);
  void services.runs.refresh();
  services.panels.open(run);
  return run;
}

/** The data's path as experiments say it: relative to `root`, with slashes on every platform. */
const dataPath = (root: string, file: vscode.Uri): string =>
  path.relative(root, file.fsPath).split(path.sep).join('/') || '.';

async function schemaOf({ extension }: Services): Promise<string> {
  const bytes = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'dist', 'experiment.schema.json'));
  return new TextDecoder().decode(bytes);
}
