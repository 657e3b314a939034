import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Experiment } from '../../../../extension/protocol/experiment';
import type { RunEvent, RunState } from '../../../../extension/protocol/run';
import { readCheckpoint } from '../../../../extension/runtime/runs/checkpoint';
import { readLags, withLags } from '../../../../extension/runtime/runs/lagLog';
import { readMetrics } from '../../../../extension/runtime/runs/metricsCsv';
import { listRuns, readReport, readState, summarise } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { Training } from '../../../../extension/runtime/training/training';
import { newFolder, removeFolders, smallExperiment, workerFile } from '../sampleData';

/** Starts a small run and keeps what it tells; `onEvent` may act on it. */
async function start(
  root: string,
  experiment: Experiment,
  onEvent: (event: RunEvent) => void = () => {},
): Promise<{ training: Training; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const training = await Training.start(workerFile, { root, experiment, notes: [] }, (event) => {
    events.push(event);
    onEvent(event);
  });
  return { training, events };
}

async function trained(root: string, experiment: Experiment): Promise<string> {
  const { training } = await start(root, experiment);
  assert.deepEqual(await training.ended, { kind: 'done' });
  return training.dir;
}

/** Lets a run come to the end of an epoch, then acts. */
async function afterEpoch(root: string, experiment: Experiment, epoch: number, act: (training: Training) => unknown) {
  let reached = () => {};
  const there = new Promise<void>((resolve) => {
    reached = resolve;
  });
  const { training, events } = await start(root, experiment, (event) => {
    if (event.kind === 'epoch' && event.metrics.epoch === epoch) reached();
  });
  await there;
  await act(training);
  return { training, events };
}

const long = { training: { epochs: 3000, batch: 8, seed: 3 } };
const statesOf = (events: readonly RunEvent[]): RunState['kind'][] =>
  events.flatMap((event) => (event.kind === 'state' ? [event.state.kind] : []));

describe('training/training', () => {
  after(removeFolders);

  it('trains to the end and leaves the files of a run', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root);
    const { training, events } = await start(root, experiment);
    assert.equal(readState(training.dir).kind, 'training');
    assert.deepEqual(await training.ended, { kind: 'done' });
    assert.deepEqual(statesOf(events), ['training', 'done']);
    const files = [
      'checkpoint',
      'experiment.json',
      'lags.jsonl',
      'metrics.csv',
      'model.onnx',
      'predictions.csv',
      'report.json',
    ];
    assert.deepEqual(readdirSync(training.dir).sort(), files);
    const told = events.flatMap((event) => (event.kind === 'epoch' ? [event.metrics] : []));
    assert.equal(told.length, 8);
    const kept = withLags(readMetrics(runFiles(training.dir).metrics), readLags(runFiles(training.dir).lags));
    assert.deepEqual(kept, told);
    for (const end of [told[0], told.at(-1)]) {
      const [lags] = end?.lags ?? [];
      assert.deepEqual(
        [lags?.layer, lags?.direction, lags?.state, lags?.reach, lags?.norms.length],
        [0, 'forward', 'h', 5, 6],
      );
      assert.ok(lags?.norms.every((norm) => norm > 0 && norm < 10));
    }
    const report = readReport(training.dir);
    assert.equal(report?.provider, 'cpu');
    assert.deepEqual(Object.keys(report?.baselines ?? {}), ['persistence', 'seasonalNaive', 'drift', 'linear']);
    const best = told.reduce((a, b) => ((b.validationLoss ?? 0) < (a.validationLoss ?? 0) ? b : a));
    assert.equal(report?.bestEpoch, best.epoch);
    const summary = summarise(training.dir);
    assert.deepEqual([summary.state.kind, summary.epoch, summary.epochs, summary.model], ['done', 8, 8, 'GRU 6']);
    assert.deepEqual(summary.best, { epoch: best.epoch, validationLoss: best.validationLoss });
    assert.deepEqual(listRuns(root), [summary]);
  });

  it('gives the same weights every time, and others with another seed', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root);
    const model = async (seed: number) => {
      const dir = await trained(root, { ...experiment, training: { ...experiment.training, seed } });
      return readFileSync(runFiles(dir).model);
    };
    const [first, second, other] = [await model(3), await model(3), await model(4)];
    assert.ok(first.equals(second));
    assert.ok(!first.equals(other));
  });

  it('pauses, goes on and stops when it is told to, and answers when that is done', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root, long);
    const { training, events } = await afterEpoch(root, experiment, 2, (run) => run.pause());
    assert.equal(training.state.kind, 'paused');
    assert.equal(readCheckpoint(training.dir)?.reason, 'paused');
    const { size } = statSync(runFiles(training.dir).metrics);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(statSync(runFiles(training.dir).metrics).size, size);
    await training.continue();
    assert.equal(training.state.kind, 'training');
    await training.stop();
    assert.equal(readState(training.dir).kind, 'stopped');
    assert.deepEqual(statesOf(events), ['training', 'paused', 'training', 'stopped']);
  });

  it('is stopped while it is paused', async () => {
    const root = newFolder();
    const { training } = await afterEpoch(root, await smallExperiment(root, long), 1, (run) => run.pause());
    await training.stop('close');
    assert.deepEqual(await training.ended, { kind: 'interrupted', goesOn: false });
    assert.deepEqual(readState(training.dir), { kind: 'interrupted', goesOn: false });
  });

  it('is left to go on later where it trained until its window closed', async () => {
    const root = newFolder();
    const { training } = await afterEpoch(root, await smallExperiment(root, long), 1, async (run) => {
      await run.pause();
      await run.continue();
      await new Promise((resolve) => setTimeout(resolve, 100));
    });
    await training.stop('close');
    assert.deepEqual(await training.ended, { kind: 'interrupted', goesOn: true });
    assert.deepEqual(readState(training.dir), { kind: 'interrupted', goesOn: true });
  });

  it('resumes to the very weights of a run that was never stopped', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root, { training: { epochs: 400, batch: 8, seed: 5 } });
    const whole = await trained(root, experiment);
    const { training } = await afterEpoch(root, experiment, 20, (run) => run.stop());
    assert.deepEqual(await training.ended, { kind: 'stopped' });
    const position = readCheckpoint(training.dir)?.position;
    assert.ok(position !== undefined && position.epoch >= 20 && position.epoch < 400);
    // Rows after the checkpoint are of epochs that will be trained again.
    appendFileSync(runFiles(training.dir).metrics, '99999,399,1,1,1,1,1,1,1\n');
    const events: RunEvent[] = [];
    const resumed = await Training.resume(workerFile, training.dir, (event) => events.push(event));
    assert.deepEqual(await resumed.ended, { kind: 'done' });
    assert.deepEqual(statesOf(events), ['preparing', 'training', 'done']);
    assert.ok(readFileSync(runFiles(whole).model).equals(readFileSync(runFiles(training.dir).model)));
    const rows = (dir: string) => readMetrics(runFiles(dir).metrics).map((row) => ({ ...row, seconds: 0 }));
    assert.deepEqual(rows(training.dir), rows(whole));
    await assert.rejects(
      Training.resume(workerFile, training.dir, () => {}),
      { code: 'run', message: /is done/ },
    );
  });

  it('refuses to go on with data that has changed, and leaves the run as it was', async () => {
    const root = newFolder();
    const { training } = await afterEpoch(root, await smallExperiment(root, long), 1, (run) => run.stop());
    appendFileSync(path.join(root, 'series.csv'), '2010-01-01,1,1\n');
    await assert.rejects(
      Training.resume(workerFile, training.dir, () => {}),
      { code: 'run', message: /changed/ },
    );
    assert.equal(readState(training.dir).kind, 'stopped');
    assert.equal(existsSync(path.join(training.dir, '.lock')), false);
  });

  it('does not train one run twice at a time', async () => {
    const root = newFolder();
    const { training } = await afterEpoch(root, await smallExperiment(root, long), 1, () => {});
    await assert.rejects(
      Training.resume(workerFile, training.dir, () => {}),
      { code: 'run', message: /another process/ },
    );
    await training.stop();
  });

  it('needs its data no more once it trains', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root, { training: { epochs: 300, batch: 8, seed: 5 } });
    const { training } = await afterEpoch(root, experiment, 1, () => rmSync(path.join(root, 'series.csv')));
    assert.deepEqual(await training.ended, { kind: 'done' });
  });

  it('says why a training diverged, and keeps the folder for looking at', async () => {
    const root = newFolder();
    const optimizer = { name: 'sgd', learningRate: 1e30, momentum: 0.9 } as const;
    const experiment = await smallExperiment(root, { training: { epochs: 5, batch: 8, clipNorm: null, optimizer } });
    const { training } = await start(root, experiment);
    const state = await training.ended;
    assert.equal(state.kind, 'failed');
    assert.equal(state.kind === 'failed' && state.failure.code, 'experiment');
    assert.match(state.kind === 'failed' ? state.failure.text.template : '', /lower learning rate/);
    assert.deepEqual(readState(training.dir), state);
    assert.equal(existsSync(runFiles(training.dir).model), false);
  });

  it('fails with a sentence where its folder vanishes while it trains', async () => {
    const root = newFolder();
    const { training } = await afterEpoch(root, await smallExperiment(root, long), 1, (run) => {
      rmSync(run.dir, { recursive: true });
      return run.stop();
    });
    const state = await training.ended;
    assert.equal(state.kind === 'failed' && state.failure.code, 'storage');
    assert.equal(existsSync(training.dir), false);
  });

  it('leaves nothing behind where it cannot begin', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root);
    rmSync(path.join(root, 'series.csv'));
    await assert.rejects(start(root, experiment), { code: 'data' });
    assert.deepEqual(readdirSync(root), []);
    const file = path.join(newFolder(), 'file');
    writeFileSync(file, '');
    const elsewhere = { ...experiment, data: { ...experiment.data, path: path.join(root, 'again.csv') } };
    await smallExperiment(root);
    await assert.rejects(
      start(file, { ...elsewhere, data: { ...elsewhere.data, path: path.join(root, 'series.csv') } }),
      { code: 'storage' },
    );
    await assert.rejects(start(root, { ...experiment, device: { provider: 'cuda', threads: 1 } }), { code: 'device' });
    assert.deepEqual(readdirSync(root), ['series.csv']);
  });

  it('can be given up while its data is read, and leaves nothing', async () => {
    const root = newFolder();
    const experiment = await smallExperiment(root);
    const lines = Array.from({ length: 300_000 }, (_, row) => `${row % 97}\n`);
    writeFileSync(path.join(root, 'long.csv'), `y\n${lines.join('')}`);
    const abort = new AbortController();
    const data = { ...experiment.data, path: 'long.csv', target: 'y', features: [], time: null };
    const started = Training.start(
      workerFile,
      { root, experiment: { ...experiment, data }, notes: [] },
      () => {},
      abort.signal,
    );
    setTimeout(() => abort.abort(), 50);
    await assert.rejects(started, { code: 'cancelled' });
    assert.equal(existsSync(path.join(root, '.unroll')), false);
  });

  it('says so where the training thread itself does not start', async () => {
    const root = newFolder();
    const beginning = { root, experiment: await smallExperiment(root), notes: [] };
    await assert.rejects(
      Training.start(path.join(root, 'none.js'), beginning, () => {}),
      {
        code: 'internal',
        message: /none\.js/,
      },
    );
  });
});
