import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { decodeMetadata } from '../../../../extension/runtime/export/metadata';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { rowInputs } from '../../../../extension/runtime/inspect/rowInputs';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { zeroFeeds } from '../../../support/exported';
import { choice } from '../../../support/forecastChoice';
import { newFolder, removeFolders, smallExperiment } from '../sampleData';
import { trainedRun } from '../trainedRun';

describe('a model of changes', () => {
  after(removeFolders);

  it('is used from its file as its metadata says, and predicts what the run wrote', async () => {
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
        transform: 'difference',
      },
      training: { epochs: 6, batch: 8, seed: 3, loss: { name: 'quantile', quantiles: [0.1, 0.5, 0.9] } },
    });
    const dir = await trainedRun(root, experiment);
    const file = path.join(root, 'series.csv');
    const [head = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
    const rows = lines.map((line) => line.split(',').slice(1).map(Number));
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const metadata = readMetadata(bytes);
    const scaler: { transform: string; offset: number; scale: number }[] = JSON.parse(metadata['scaler'] ?? '');
    assert.deepEqual(
      scaler.map(({ transform }) => transform),
      ['difference', 'none'],
    );
    const scale = (value: number, i: number) => (value - (scaler[i]?.offset ?? 0)) / (scaler[i]?.scale ?? 1);
    const windowFrom = (first: number) =>
      [0, 1, 2, 3, 4].flatMap((step) => {
        const [value = 0, other = 0] = rows[first + step] ?? [];
        return [scale(value - (rows[first + step - 1]?.[0] ?? 0), 0), scale(other, 1)];
      });
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    let compared = 0;
    for (const step of [1, 2]) {
      const { series, truth, starts, band } = readPredictions(runFiles(dir).predictions, experiment, choice(step), 0.8);
      for (let row = starts.test; row < truth.length; row++) {
        const written = series[0]?.values[row];
        if (written == null) continue;
        const origin = row - step + 1;
        const window = new Tensor('float32', Float32Array.from(windowFrom(origin - 5)), [1, 5, 2]);
        const answers = await session.run({ window, ...zeroFeeds(bytes) });
        const last = rows[origin - 1]?.[0] ?? 0;
        const unscaled = (value: unknown) => Number(value) * (scaler[0]?.scale ?? 1) + (scaler[0]?.offset ?? 0) + last;
        assert.ok(Math.abs(unscaled(answers['forecast']?.data[step - 1]) - written) < 1e-3);
        assert.ok(Math.abs(unscaled(answers['outputs']?.data[step - 1]) - Number(band?.low[row])) < 1e-3);
        compared++;
      }
    }
    assert.ok(compared > 10);
    // The file up to the last origin of the test part: what predict says is what stands in predictions.csv.
    writeFileSync(path.join(root, 'new.csv'), `${[head, ...lines.slice(0, 118)].join('\n')}\n`);
    const told = await predict(dir, path.join(root, 'new.csv'));
    assert.ok(told.task === 'forecast');
    for (const step of [1, 2]) {
      const { series, band } = readPredictions(runFiles(dir).predictions, experiment, choice(step), 0.8);
      assert.ok(Math.abs((told.forecast[step - 1] ?? 0) - Number(series[0]?.values[117 + step])) < 1e-4);
      assert.ok(Math.abs((told.quantiles?.[2]?.values[step - 1] ?? 0) - Number(band?.high[117 + step])) < 1e-4);
    }
    // A window of a file for the inspector is the same as the model was fed.
    const wish = { file, row: 40, steps: 5, fewer: false, standardised: false };
    const { values, columns } = await rowInputs(wish, 2, decodeMetadata(metadata, 'model.onnx'));
    for (const [i, value] of windowFrom(40).entries()) assert.ok(Math.abs((values[i] ?? 0) - value) < 1e-9);
    assert.equal(columns[0]?.values[0], Math.fround(rows[40]?.[0] ?? 0));
  });
});
