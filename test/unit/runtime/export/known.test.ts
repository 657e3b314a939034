import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { readMetadata } from '../../../../extension/core/onnx/metadata';
import { RandomStream, streams } from '../../../../extension/core/random';
import { propose } from '../../../../extension/data/choices/propose';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { zeroFeeds } from '../../../support/exported';
import { choice } from '../../../support/forecastChoice';
import { newFolder, removeFolders } from '../sampleData';
import { trainedRun } from '../trainedRun';

const rows = 400;

/** Whether there is a sale is drawn anew every day, and alone decides what is sold: nobody can forecast it who does not know of sales. */
function writeShop(file: string, count: number, targets: number): { sale: number[]; sold: number[] } {
  const random = new RandomStream(5, streams.weights, 0);
  const sale = Array.from({ length: rows + 10 }, () => random.below(2));
  const sold = sale.map((on) => 10 + 40 * on + random.normal());
  const lines = Array.from({ length: count }, (_, row) => {
    const day = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    return `${day},${row < targets ? (sold[row] ?? 0).toFixed(3) : ''},${sale[row]}`;
  });
  writeFileSync(file, `day,sold,sale\n${lines.join('\n')}\n`);
  return { sale, sold };
}

async function trainedOn(known: string[]) {
  const root = newFolder();
  writeShop(path.join(root, 'shop.csv'), rows, rows);
  const { experiment } = await propose(root, {
    data: {
      path: 'shop.csv',
      target: 'sold',
      time: 'day',
      features: known.length > 0 ? [] : ['sale'],
      known,
      horizon: 3,
      lookback: 6,
      season: null,
    },
    model: { layers: [{ cell: 'gru', hidden: 8 }] },
    training: { epochs: 30, batch: 16, seed: 3 },
    device: { provider: 'cpu', threads: 1 },
  });
  const dir = await trainedRun(root, experiment);
  return { root, dir, experiment, report: readReport(dir) ?? assert.fail() };
}

describe('a forecast of what is known ahead', () => {
  after(removeFolders);

  it('tells at every step of the horizon what a feature of the past cannot, and linear autoregression reads it too', async () => {
    const [known, past] = [await trainedOn(['sale']), await trainedOn([])];
    // Noise of deviation 1 remains; who does not know of the sale errs by half of its effect.
    assert.ok((known.report.test['rmse'] ?? 99) < 2.5, `${known.report.test['rmse']}`);
    assert.ok((past.report.test['rmse'] ?? 0) > 15, `${past.report.test['rmse']}`);
    assert.ok((known.report.baselines['linear']?.['rmse'] ?? 99) < 1.5);
    assert.ok((past.report.baselines['linear']?.['rmse'] ?? 0) > 15);
    for (const { rmse = 99 } of known.report.perHorizon?.['model'] ?? []) assert.ok(rmse < 2.5);
  });

  it('is exported in one file with one input, and predicts from rows that say what will be', async () => {
    const { root, dir, experiment } = await trainedOn(['sale']);
    const bytes = new Uint8Array(readFileSync(runFiles(dir).model));
    const metadata = readMetadata(bytes);
    assert.deepEqual(JSON.parse(metadata['columns'] ?? ''), ['sold', 'sale']);
    assert.deepEqual(JSON.parse(metadata['known'] ?? ''), ['sale']);
    // The window of the file by hand: rows 380 to 385, each with the sale of three rows later.
    const { sale, sold } = writeShop(path.join(root, 'new.csv'), 389, 386);
    const scaler: { offset: number; scale: number }[] = JSON.parse(metadata['scaler'] ?? '');
    const window = Array.from({ length: 6 }, (_, step) => {
      const row = 380 + step;
      const values = [Number(sold[row]?.toFixed(3)), sale[row] ?? 0, sale[row + 3] ?? 0];
      return values.map((value, i) => (value - (scaler[i]?.offset ?? 0)) / (scaler[i]?.scale ?? 1));
    }).flat();
    const session = await InferenceSession.create(bytes, { logSeverityLevel: 4 });
    const read = { window: new Tensor('float32', Float32Array.from(window), [1, 6, 3]) };
    assert.deepEqual(
      session.inputNames.filter((name) => !name.startsWith('state.')),
      Object.keys(read),
    );
    const { forecast } = await session.run({ ...read, ...zeroFeeds(bytes) });
    const expected = Array.from(
      forecast?.data as Float32Array,
      (value) => value * (scaler[0]?.scale ?? 1) + (scaler[0]?.offset ?? 0),
    );
    const told = await predict(dir, path.join(root, 'new.csv'));
    assert.ok(told.task === 'forecast');
    for (const [step, value] of told.forecast.entries()) {
      assert.ok(Math.abs(value / (expected[step] ?? 0) - 1) < 1e-5);
      assert.ok(Math.abs(value - (sold[386 + step] ?? 0)) < 6, `${told.forecast}`);
      const { series } = readPredictions(runFiles(dir).predictions, experiment, choice(step + 1));
      assert.ok(Math.abs(value / Number(series[0]?.values[386 + step]) - 1) < 1e-5);
    }
    assert.equal(new Date(told.time?.[0] ?? 0).toISOString().slice(0, 10), '2021-01-21');
    writeShop(path.join(root, 'new.csv'), 388, 386);
    await assert.rejects(predict(dir, path.join(root, 'new.csv')), {
      code: 'data',
      message: /what sale will be at the 3 rows/,
    });
  });
});
