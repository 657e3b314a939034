import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as vscode from 'vscode';
import {
  errorsDuring,
  extension,
  readJson,
  until,
  untilState,
  workspaceFile,
  writeExperiment,
  writeFile,
} from './editor';

const run = (command: string, argument: unknown) =>
  vscode.commands.executeCommand<string>(`unroll.${command}`, argument);

/** Whether a run's panel is open in a tab. */
const panels = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('unroll.run'));

describe('training', function () {
  this.timeout(180_000);
  before(() => extension().activate());

  it('with defaults goes to the end, and leaves plain files', async () => {
    const dir = await run('trainWithDefaults', workspaceFile('airline-passengers.csv'));
    assert.equal(await untilState(dir, 'done', 'failed'), 'done');
    for (const name of ['experiment.json', 'metrics.csv', 'model.onnx', 'report.json', 'checkpoint']) {
      assert.ok(existsSync(path.join(dir, name)), name);
    }
    const report = await readJson(vscode.Uri.file(path.join(dir, 'report.json')));
    const rmse = (metrics: unknown) => (metrics as { readonly rmse: number }).rmse;
    const { persistence } = report['baselines'] as { readonly persistence: unknown };
    assert.ok(rmse(report['test']) < rmse(persistence), 'better than persistence');
    await until('run panel', () => panels().at(0));
  });

  it('goes on when its panel is closed', async () => {
    const dir = await run('trainExperiment', await writeExperiment('closed', 100_000));
    await untilState(dir, 'training');
    await vscode.window.tabGroups.close(panels());
    await pause(500);
    assert.equal(await untilState(dir, 'training', 'failed', 'stopped', 'interrupted'), 'training');
    await run('stopTraining', dir);
  });

  it('pauses, continues, stops and resumes', async () => {
    const dir = await run('trainExperiment', await writeExperiment('held', 100_000));
    await untilState(dir, 'training');
    await run('pauseTraining', dir);
    await untilState(dir, 'paused');
    await run('continueTraining', dir);
    await untilState(dir, 'training');
    await run('stopTraining', dir);
    await untilState(dir, 'stopped');
    await run('resumeRun', dir);
    await untilState(dir, 'training');
    await run('stopTraining', dir);
    await untilState(dir, 'stopped');
  });

  it('takes Enter, Enter, Enter, and keeps the answers in an experiment file', async () => {
    let started: string | undefined;
    const ending = run('trainOnFile', workspaceFile('airline-passengers.csv')).then((dir) => {
      started = dir;
    });
    for (let press = 0; press < 200 && started === undefined; press++) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    await ending;
    const dir = started ?? '';
    const experiment = await readJson(workspaceFile('airline-passengers.unroll.json'));
    assert.equal(experiment['$schema'], './.unroll/experiment.schema.json');
    assert.ok(existsSync(workspaceFile('.unroll/experiment.schema.json').fsPath));
    const { target, path: data } = experiment['data'] as { readonly target: string; readonly path: string };
    assert.deepEqual({ target, data }, { target: 'Passengers', data: 'airline-passengers.csv' });
    assert.equal('device' in experiment, false);
    await untilState(dir, 'training', 'done');
    await run('stopTraining', dir);
  });

  it('on a folder of texts asks which model alone, and tells its classes apart', async () => {
    const lines = (words: readonly string[]) =>
      Array.from({ length: 60 }, (_, i) => `${words[i % words.length]} ${words[(i * 7 + 1) % words.length]} ${i}`).join(
        '\n',
      );
    await writeFile('pets/cats.txt', lines(['purr', 'meow', 'whiskers', 'hiss', 'kitten']));
    await writeFile('pets/dogs.txt', lines(['bark', 'woof', 'fetch', 'growl', 'puppy']));
    let started: string | undefined;
    const ending = run('trainOnFolder', workspaceFile('pets')).then((dir) => {
      started = dir;
    });
    for (let press = 0; press < 200 && started === undefined; press++) {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      await pause(100);
    }
    await ending;
    const { data } = await readJson(workspaceFile('pets.unroll.json'));
    const { path: folder, target } = data as { readonly path: string; readonly target: string };
    assert.deepEqual({ folder, target }, { folder: 'pets', target: 'class' });
    assert.equal(await untilState(started ?? '', 'done', 'failed'), 'done');
    const report = await readJson(vscode.Uri.file(path.join(started ?? '', 'report.json')));
    assert.ok((report['test'] as { readonly accuracy: number }).accuracy > 0.8, JSON.stringify(report['test']));
    assert.deepEqual((report['classes'] as { readonly names: readonly string[] }).names, ['cats', 'dogs']);
  });

  it('is left by Escape, with nothing written', async () => {
    const before = (await extension().exports.runs()).length;
    const ending = run('trainOnFile', workspaceFile('airline-passengers.csv'));
    await pause(500);
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
    assert.equal((await ending) ?? null, null);
    assert.equal((await extension().exports.runs()).length, before);
    assert.equal(existsSync(workspaceFile('airline-passengers-2.unroll.json').fsPath), false);
  });

  it('survives a crash of the engine: the run can be resumed in a new one', async () => {
    const dir = await run('trainExperiment', await writeExperiment('crashed', 100_000));
    await untilState(dir, 'training');
    const metrics = vscode.Uri.file(path.join(dir, 'metrics.csv'));
    await until('second row of metrics', async () => {
      const text = await vscode.workspace.fs.readFile(metrics).then(
        (bytes) => new TextDecoder().decode(bytes),
        () => '',
      );
      return text.trim().split('\n').length > 2 ? true : undefined;
    });
    const pid = extension().exports.enginePid();
    assert.ok(pid);
    const shown = await errorsDuring(async () => {
      process.kill(pid, 'SIGKILL');
      await untilState(dir, 'interrupted');
    });
    assert.equal(shown.length, 1);
    assert.match(shown[0] ?? '', /crashed/);
    assert.notEqual(extension().exports.enginePid(), pid);
    await run('resumeRun', dir);
    await untilState(dir, 'training');
    await run('stopTraining', dir);
  });
});
