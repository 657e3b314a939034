import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { describeFile } from '../../../../extension/runtime/inspect/modelFile';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { describeRun, RunInspector } from '../../../../extension/runtime/inspect/runInspector';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { readRecord } from '../../../../extension/runtime/runs/record';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { Training } from '../../../../extension/runtime/training/training';
import { choice } from '../../../support/forecastChoice';
import { newFolder, removeFolders, smallExperiment, workerFile, writeSeries } from '../sampleData';

async function train(epochs: number, stopAt: number | null = null): Promise<{ root: string; dir: string }> {
  const root = newFolder();
  const experiment = await smallExperiment(root, { training: { epochs, batch: 8, seed: 3 } });
  const training: Training = await Training.start(workerFile, { root, experiment, notes: [] }, (event) => {
    if (event.kind === 'epoch' && event.metrics.epoch === stopAt) void training.stop();
  });
  await training.ended;
  return { root, dir: training.dir };
}

describe('inspect/runInspector', () => {
  after(removeFolders);

  it('shows what a window was, what went through the model and what came out', async () => {
    const { dir } = await train(5);
    const { experiment } = readRecord(dir);
    const inspector = new RunInspector();
    const { trace: traced } = await inspector.inspect(dir, { part: 'test', index: 2 });
    const { truth, time, starts, series } = readPredictions(runFiles(dir).predictions, experiment, choice());
    // One row stays between the parts: the embargo of one step ahead.
    const first = starts.test + 1 + 2;
    assert.deepEqual(
      traced.columns.map(({ name, values }) => [name, values]),
      [['value', Float32Array.from(truth.slice(first, first + 6))]],
    );
    assert.deepEqual(traced.time, time?.slice(first, first + 6));
    assert.deepEqual(traced.truth, [truth[first + 6]]);
    const forecast = series.find(({ name }) => name === 'model')?.values[first + 6] ?? Number.NaN;
    assert.ok(Math.abs((traced.forecast[0] ?? 0) - forecast) < 1e-4);
    const { steps, layers, inputs } = traced.trace;
    assert.equal(steps, 6);
    assert.equal(inputs[0]?.values.length, 6);
    assert.deepEqual(
      layers.map(({ op, hidden }) => [op, hidden]),
      [['GRU', 6]],
    );
    assert.ok((layers[0]?.difference ?? 1) < 1e-5);
    const h = layers[0]?.signals.find(({ name }) => name === 'h');
    assert.equal(h?.values.length, 36);
    assert.ok(h?.values.some((value) => value !== 0));
    await assert.rejects(inspector.inspect(dir, { part: 'test', index: 1000 }), { code: 'usage' });
  });

  it('gives out what goes through for other windows that share no step with it', async () => {
    const { dir } = await train(2);
    const inspector = new RunInspector();
    const { trace, source } = await inspector.inspect(dir, { part: 'train', index: 8 });
    const seen: number[] = [];
    for await (const other of source.others?.() ?? []) {
      seen.push(other.window);
      assert.equal(other.trace.trace.layers[0]?.signals.length, trace.trace.layers[0]?.signals.length);
      if (other.window !== 14) continue;
      const alone = await inspector.inspect(dir, { part: 'train', index: 14 });
      assert.deepEqual(other.trace, alone.trace);
    }
    assert.deepEqual(seen.slice(0, 3), [2, 14, 20]);
    assert.equal(seen.length, Math.ceil((trace.windows - 2) / 6) - 1);
    const waiting = AbortSignal.abort();
    await assert.rejects(
      async () => {
        for await (const _ of source.others?.(waiting) ?? []) assert.fail('nobody waits');
      },
      { code: 'cancelled' },
    );
  });

  it('looks into a run that was stopped, and into several at once', async () => {
    const [one, two] = [await train(2000, 20), await train(1)];
    const inspector = new RunInspector();
    const window = { part: 'train', index: 0 } as const;
    const inspected = await Promise.all([one, two, one].map(({ dir }) => inspector.inspect(dir, window)));
    const [a, b, again] = inspected.map(({ trace }) => trace);
    assert.ok(a && b);
    assert.deepEqual(a.columns, b.columns);
    assert.notDeepEqual(a.forecast, b.forecast);
    assert.deepEqual(a, again);
    const record = readRecord(one.dir);
    assert.equal(describeRun(one.dir, record.experiment, record.provenance.shape).recurrent[0]?.op, 'GRU');
  });

  it('forecasts with a model in memory as predictions.csv says of it, and before there is one', async () => {
    const { dir } = await train(3);
    const { experiment } = readRecord(dir);
    const inspector = new RunInspector();
    const level = readReport(dir)?.interval?.level ?? null;
    assert.equal(level, 0.9);
    const written = readPredictions(runFiles(dir).predictions, experiment, choice(), level);
    assert.deepEqual(await inspector.forecast(dir, choice()), written);
    const stopped = await train(2000, 20);
    assert.deepEqual([...(await inspector.model(dir))], [...readFileSync(runFiles(dir).model)]);
    assert.equal(existsSync(runFiles(stopped.dir).model), false);
    assert.equal(describeModel(await inspector.model(stopped.dir)).metadata['target'], experiment.data.target);
    const { series, truth } = await inspector.forecast(stopped.dir, choice());
    assert.equal(truth.length, 120);
    assert.ok(series.every(({ values }) => values.some((value) => value !== null)));
  });

  it('refuses to mix a run with other data', async () => {
    const { root, dir } = await train(2);
    appendFileSync(path.join(root, 'series.csv'), '2010-01-01,1,1\n');
    await assert.rejects(new RunInspector().inspect(dir, { part: 'test', index: 0 }), {
      code: 'run',
      message: /changed/,
    });
  });
});

/** A prediction that must be a forecast. */
async function predictForecast(model: string, data: string) {
  const prediction = await predict(model, data);
  assert.ok(prediction.task === 'forecast');
  return prediction;
}

describe('inspect/predict', () => {
  after(removeFolders);

  it('forecasts what follows the last row, from the run or from its file alone', async () => {
    const { root, dir } = await train(5);
    const data = path.join(root, 'series.csv');
    const prediction = await predictForecast(dir, data);
    assert.deepEqual(await predict(runFiles(dir).model, data), prediction);
    assert.equal(prediction.target, 'value');
    assert.deepEqual(prediction.time, [Date.UTC(2010, 0, 1)]);
    // With one row less it forecasts the last row, as the run did in its test part.
    const shorter = writeSeries(newFolder(), 'shorter.csv', 119);
    const { series } = readPredictions(runFiles(dir).predictions, readRecord(dir).experiment, choice());
    const own = series.find(({ name }) => name === 'model')?.values.at(-1) ?? Number.NaN;
    assert.ok(Math.abs(((await predictForecast(dir, shorter)).forecast[0] ?? 0) - own) < 1e-4);
  });

  it('says what is wrong with a model or with data', async () => {
    const { root, dir } = await train(2);
    const few = writeSeries(root, 'few.csv', 4);
    await assert.rejects(predict(dir, few), { code: 'data', message: /4 rows/ });
    await assert.rejects(predict(dir, path.join(root, 'none.csv')), { code: 'data' });
    const garbage = path.join(root, 'garbage.onnx');
    writeFileSync(garbage, 'not a model');
    await assert.rejects(predict(garbage, few), { code: 'model' });
    assert.throws(() => describeFile(garbage), { code: 'model' });
    assert.throws(() => describeFile(path.join(root, 'none.onnx')), { code: 'model', message: /none\.onnx/ });
    assert.throws(() => describeFile(root), { code: 'run' });
  });
});
