import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { zeroFeeds } from '../../../support/exported';
import { choice } from '../../../support/forecastChoice';
import { forecastData, newFolder, removeFolders, smallExperiment } from '../sampleData';
import { trainedRun } from '../trainedRun';

/** A trained run, in this thread. */
async function trained() {
  const root = newFolder();
  const experiment = await smallExperiment(root, {
    data: {
      path: 'series.csv',
      target: 'value',
      time: 'month',
      features: ['other'],
      lookback: 5,
      horizon: 2,
      season: 12,
      transform: 'log',
    },
  });
  const dir = await trainedRun(root, experiment);
  return { root, experiment, dir, data: await forecastData(root, experiment) };
}

describe('export/finish', () => {
  after(removeFolders);

  it('writes a model that, run by onnxruntime alone as its metadata says, gives the predictions of the run', async () => {
    const { root, dir } = await trained();
    const model = new Uint8Array(readFileSync(runFiles(dir).model));
    const metadata = readMetadata(model);
    const scaler = JSON.parse(metadata['scaler'] ?? '');
    const columns: string[] = JSON.parse(metadata['columns'] ?? '');
    const lookback = Number(metadata['lookback']);
    const [head = '', ...lines] = readFileSync(`${root}/series.csv`, 'utf8').trim().split('\n');
    const at = columns.map((name) => head.split(',').indexOf(name));
    const rows = lines.map((line) => at.map((column) => Number(line.split(',')[column])));
    const scale = (feature: number, value: number) => {
      const { transform, floor, offset, scale: by } = scaler[feature];
      return ((transform === 'log' ? Math.log(Math.max(value, floor)) : value) - offset) / by;
    };
    const session = await InferenceSession.create(model, { logSeverityLevel: 4 });
    let compared = 0;
    for (const line of readFileSync(runFiles(dir).predictions, 'utf8').trim().split('\n').slice(1)) {
      const [row = '', , , step = '', truth = '', forecast = ''] = line.split(',');
      assert.equal(Number(truth), rows[Number(row)]?.[0]);
      if (forecast === '') continue;
      const origin = Number(row) - Number(step) + 1;
      const window = rows
        .slice(origin - lookback, origin)
        .flatMap((values) => values.map((value, i) => scale(i, value)));
      const input = new Tensor('float32', Float32Array.from(window), [1, lookback, columns.length]);
      const answer = Number(
        (await session.run({ window: input, ...zeroFeeds(model) }))['forecast']?.data[Number(step) - 1],
      );
      const { offset, scale: by } = scaler[0];
      const expected = Math.exp(answer * by + offset);
      assert.ok(Math.abs(expected - Number(forecast)) < 1e-5 * Math.abs(expected), line);
      compared++;
    }
    assert.ok(compared > 100);
  });

  it('reports the metrics of those predictions, beside baselines on the same windows', async () => {
    const { experiment, dir, data } = await trained();
    const report = readReport(dir);
    const errors = { model: 0, persistence: 0, seasonalNaive: 0, drift: 0, linear: 0 };
    let count = 0;
    for (const step of [1, 2]) {
      const { truth, series, starts, time } = readPredictions(runFiles(dir).predictions, experiment, choice(step));
      assert.deepEqual(truth, [...(data.series.columns[0]?.values ?? [])]);
      assert.deepEqual(time, [...(data.series.time ?? [])]);
      const split = data.stretches[0]?.split ?? assert.fail();
      assert.deepEqual(starts, { train: 0, validation: split.validation.start, test: split.test.start });
      for (let row = starts.test; row < truth.length; row++) {
        if (series.every(({ values }) => values[row] === null)) continue;
        for (const { name, values } of series) errors[name] += ((values[row] ?? Number.NaN) - (truth[row] ?? 0)) ** 2;
        count++;
      }
    }
    assert.equal(count, 2 * data.windows.test);
    const rmse = (sum: number) => Math.sqrt(sum / count).toFixed(9);
    assert.equal(report?.test['rmse']?.toFixed(9), rmse(errors.model));
    assert.equal(report?.baselines['persistence']?.['rmse']?.toFixed(9), rmse(errors.persistence));
    for (const name of ['seasonalNaive', 'drift', 'linear'] as const) {
      assert.equal(report?.baselines[name]?.['rmse']?.toFixed(9), rmse(errors[name]));
    }
    const steps = report?.perHorizon?.['model'] ?? [];
    assert.equal(steps.length, 2);
    const mean = (steps[0]?.['mae'] ?? 0) / 2 + (steps[1]?.['mae'] ?? 0) / 2;
    assert.equal(mean.toFixed(9), report?.test['mae']?.toFixed(9));
    assert.deepEqual(report?.windows, data.windows);
  });

  it('says so where predictions are asked of a run that has none', async () => {
    const { experiment, dir } = await trained();
    assert.throws(() => readPredictions(runFiles(dir).report, experiment, choice()), { code: 'run' });
    assert.throws(() => readPredictions(`${dir}/none`, experiment, choice()), { code: 'run' });
  });
});
