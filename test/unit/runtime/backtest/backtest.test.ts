import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parts, splitRows } from '../../../../extension/data/split';
import { spreadOf } from '../../../../extension/protocol/backtest';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { backtest } from '../../../../extension/runtime/backtest/backtest';
import { readBacktest } from '../../../../extension/runtime/backtest/file';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { Training } from '../../../../extension/runtime/training/training';
import { newFolder, removeFolders, smallExperiment, workerFile, writeSeries } from '../sampleData';

const silent = { progress() {}, epoch() {}, origin() {} };
const never = new AbortController().signal;
const split = { validation: 0.15, test: 0.2 };

async function trained(root: string, experiment: Experiment): Promise<string> {
  const training = await Training.start(workerFile, { root, experiment, notes: [] }, () => {});
  assert.deepEqual(await training.ended, { kind: 'done' });
  return training.dir;
}

async function run(training: Partial<Experiment['training']> = {}) {
  const root = newFolder();
  const whole = await smallExperiment(root, {
    data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6, season: 12, horizon: 2, split },
  });
  const experiment = { ...whole, training: { ...whole.training, ...training } };
  return { root, experiment, dir: await trained(root, experiment) };
}

describe('a backtest', () => {
  after(removeFolders);

  it('comes, for each origin, to what the file would without what follows', async () => {
    const { experiment, dir } = await run();
    const told: number[] = [];
    const origins = await backtest(workerFile, dir, 2, { ...silent, origin: ({ origin }) => told.push(origin) }, never);
    assert.deepEqual(told, [2, 1]);
    assert.deepEqual(
      origins.map(({ origin }) => origin),
      [1, 2],
    );
    assert.deepEqual(readBacktest(dir), origins);
    assert.ok(!existsSync(runFiles(dir).backtestWork));
    const { test, validation } = splitRows(120, split);
    const [tested, validated] = [test.end - test.start, validation.end - validation.start];
    for (const { origin, ...told } of origins) {
      // A file that ends there, of which as many rows are kept from training.
      const root = newFolder();
      const rows = 120 - origin * tested;
      writeSeries(root, 'series.csv', 120);
      const lines = readFileSync(path.join(root, 'series.csv'), 'utf8').split('\n');
      writeFileSync(path.join(root, 'series.csv'), `${lines.slice(0, rows + 1).join('\n')}\n`);
      const cut = { validation: validated / rows, test: tested / rows };
      assert.deepEqual(
        parts.map((part) => splitRows(rows, cut)[part].end),
        [rows - tested - validated, rows - tested, rows],
      );
      const report = readReport(await trained(root, { ...experiment, data: { ...experiment.data, split: cut } }));
      assert.deepEqual(told.test, report?.test);
      assert.deepEqual(told.baselines, report?.baselines);
      assert.deepEqual(told.windows, { train: report?.windows.train, test: report?.windows.test });
      const [month = ''] = lines[1 + rows - tested]?.split(',') ?? [];
      assert.equal(new Date(told.tested ?? 0).toISOString().slice(0, 10), month);
    }
  });

  it('goes on where it was stopped, and does nothing twice', async () => {
    const { dir } = await run({ epochs: 400, earlyStopping: null });
    const stop = new AbortController();
    const first: number[] = [];
    let epochs = 0;
    const stopped = backtest(
      workerFile,
      dir,
      2,
      {
        ...silent,
        origin: ({ origin }) => first.push(origin),
        epoch(origin, { epoch }) {
          if (origin !== 1 || epoch < 20) return;
          epochs = epoch;
          stop.abort();
        },
      },
      stop.signal,
    );
    await assert.rejects(stopped, { code: 'cancelled' });
    assert.deepEqual(first, [2]);
    const again: number[] = [];
    const seen: number[] = [];
    const whole = await backtest(
      workerFile,
      dir,
      2,
      { ...silent, origin: ({ origin }) => again.push(origin), epoch: (_, { epoch }) => seen.push(epoch) },
      never,
    );
    assert.deepEqual(again, [2, 1]);
    // Not from the first epoch, and the same as a backtest that was never stopped.
    assert.ok((seen[0] ?? 0) >= epochs, `${seen[0]} ${epochs}`);
    rmSync(runFiles(dir).backtest);
    assert.deepEqual(await backtest(workerFile, dir, 2, silent, never), whole);
  });

  it('refuses what leaves nothing to train on before it trains, and runs that have nothing to backtest', async () => {
    const { dir } = await run();
    const trainedNothing = { ...silent, epoch: () => assert.fail('trains') };
    await assert.rejects(backtest(workerFile, dir, 5, trainedNothing, never), {
      code: 'data',
      message: /rows for training/,
    });
    await assert.rejects(backtest(workerFile, dir, 0, silent, never), { code: 'usage' });
    rmSync(runFiles(dir).report);
    await assert.rejects(backtest(workerFile, dir, 1, silent, never), { code: 'run', message: /trained to its end/ });
  });

  it('says mean and sample deviation over its origins', () => {
    const origin = (rmse: number, linear: number | null) => ({
      origin: 1,
      tested: null,
      windows: { train: 1, test: 1 },
      test: { rmse },
      baselines: linear === null ? {} : { linear: { rmse: linear } },
    });
    const origins = [origin(2, 5), origin(4, null), origin(9, 7)];
    assert.deepEqual(spreadOf(origins, 'model', 'rmse'), { mean: 5, deviation: Math.sqrt((9 + 1 + 16) / 2) });
    assert.deepEqual(spreadOf(origins.slice(1), 'linear', 'rmse'), { mean: 7, deviation: null });
    assert.equal(spreadOf(origins, 'drift', 'rmse'), null);
  });
});
