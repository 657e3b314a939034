import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../../../extension/data/choices/propose';
import { format } from '../../../../extension/protocol/messages';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { RunInspector } from '../../../../extension/runtime/inspect/runInspector';
import { readReport } from '../../../../extension/runtime/runs/readRun';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { choice } from '../../../support/forecastChoice';
import { forecastData, newFolder, removeFolders } from '../sampleData';
import { trainedRun } from '../trainedRun';

const shops = ['Köln, Dom', '__proto__', 'say "hi"'];
const quoted = (name: string) => `"${name.replace(/"/g, '""')}"`;
const day = (row: number) => new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10);
/** Shops of very different size with a week of their own. */
const sold = (shop: number, row: number) =>
  10 ** (shop + 1) * (2 + Math.sin((2 * Math.PI * row) / 7) + ((row * 31 + shop * 7) % 11) / 20);
const lineOf = (name: string, shop: number, row: number) => `${day(row)},${quoted(name)},${sold(shop, row).toFixed(4)}`;

/** Days first, so that the shops stand between one another. */
function writeShops(folder: string, rows: number): void {
  const lines = Array.from({ length: rows }, (_, row) => shops.map((name, shop) => lineOf(name, shop, row))).flat();
  writeFileSync(path.join(folder, 'shops.csv'), `day,shop,sold\n${lines.join('\n')}\n`);
}

async function trained() {
  const root = newFolder();
  writeShops(root, 90);
  const { experiment, reasons } = await propose(root, {
    data: { path: 'shops.csv', horizon: 2 },
    model: { layers: [{ cell: 'gru', hidden: 6 }] },
    training: { epochs: 5, batch: 16, seed: 3 },
    device: { provider: 'cpu', threads: 1 },
  });
  const dir = await trainedRun(root, experiment);
  return { root, experiment, reasons, dir, data: await forecastData(root, experiment) };
}

describe('a forecast of several series', () => {
  let run: Awaited<ReturnType<typeof trained>>;
  before(async () => {
    run = await trained();
  });
  after(removeFolders);

  it('is proposed where times repeat, with what tells the series apart and how they are scaled', () => {
    const { experiment, reasons } = run;
    assert.equal(experiment.task, 'forecast');
    const { series, scaleBy, time, target, season } = experiment.data;
    assert.deepEqual(
      { series, scaleBy, time, target, season },
      { series: 'shop', scaleBy: 'series', time: 'day', target: 'sold', season: 7 },
    );
    const why = new Map(reasons.map((reason) => [reason.choice, format(reason.why)]));
    assert.equal(why.get('data.series'), 'A time stands once for each of the 3 values of shop, so each is a series.');
    assert.match(why.get('data.scaleBy') ?? '', /different levels/);
  });

  it('is judged for each series, the worst first', () => {
    const report = readReport(run.dir) ?? assert.fail();
    const { perSeries = [], seriesTested } = report;
    assert.equal(seriesTested, 3);
    assert.deepEqual(perSeries.map(({ series }) => series).sort(), [...shops].sort());
    assert.equal(
      perSeries.reduce((sum, { windows }) => sum + windows, 0),
      report.windows.test,
    );
    const mase = perSeries.map(({ model }) => model['mase'] ?? assert.fail());
    assert.deepEqual(
      mase,
      [...mase].sort((a, b) => b - a),
    );
    // From what is in predictions.csv, by hand.
    const worst = perSeries[0] ?? assert.fail();
    let [squares, count] = [0, 0];
    for (const step of [1, 2]) {
      const { truth, series, starts } = readPredictions(
        runFiles(run.dir).predictions,
        run.experiment,
        choice(step, worst.series),
      );
      const forecast = series[0]?.values ?? [];
      for (let row = starts.test; row < truth.length; row++) {
        if (forecast[row] == null) continue;
        squares += (Number(forecast[row]) - (truth[row] ?? 0)) ** 2;
        count++;
      }
    }
    assert.equal(count, 2 * worst.windows);
    assert.ok(Math.abs(Math.sqrt(squares / count) / (worst.model['rmse'] ?? 0) - 1) < 1e-9);
  });

  it('reads each series back from predictions.csv, whatever it is called', async () => {
    const { dir, experiment, data } = run;
    const inspector = new RunInspector();
    for (const [shop, name] of shops.entries()) {
      const written = readPredictions(runFiles(dir).predictions, experiment, choice(2, name), 0.9);
      assert.equal(written.several?.name, name);
      assert.deepEqual(written.several?.names, shops);
      assert.deepEqual(
        written.truth,
        Array.from({ length: 90 }, (_, row) => Number(sold(shop, row).toFixed(4))),
      );
      assert.equal(new Date(written.time?.[89] ?? 0).toISOString().slice(0, 10), day(89));
      assert.deepEqual(await inspector.forecast(dir, choice(2, name)), written);
      assert.equal(written.several?.before.test, data.windowsOf.test.before[shop]);
    }
    assert.equal(readPredictions(runFiles(dir).predictions, experiment, choice(1, 'nobody')).several?.name, shops[0]);
  });

  it('shows a window of the series that it lies in', async () => {
    const { dir, data } = run;
    const index = (data.windowsOf.test.before[1] ?? 0) + 1;
    const { trace } = await new RunInspector().inspect(dir, { part: 'test', index });
    assert.equal(trace.series, shops[1]);
    const row = data.row('test', index);
    assert.deepEqual(
      [...(trace.columns[0]?.values ?? [])],
      [...Float32Array.from(data.series.columns[0]?.values.subarray(row, row + data.lookback) ?? [])],
    );
    const written = readPredictions(runFiles(dir).predictions, run.experiment, choice(1, shops[1] ?? ''));
    const place = row + data.lookback - (data.stretches[1]?.rows.start ?? 0);
    const told = Number(written.series[0]?.values[place]);
    assert.ok(Math.abs((trace.forecast[0] ?? 0) / told - 1) < 1e-5, `${trace.forecast} ${told}`);
  });

  it('forecasts each series of a new file; one that it has not seen by the rows that are given of it', async () => {
    const { root, dir, experiment } = run;
    const file = path.join(root, 'new.csv');
    // The last window of the test part again, a shop's name that is new on the rows of another, and rows upside down.
    const rows = Array.from({ length: 88 }, (_, row) => row).reverse();
    const lines = rows.flatMap((row) => [lineOf(shops[1] ?? '', 1, row), lineOf('new', 0, row)]);
    writeFileSync(
      file,
      `shop,day,sold\n${lines.map((line) => line.replace(/^([^,]+),("(?:[^"]|"")*")/, '$2,$1')).join('\n')}\n`,
    );
    const told = await predict(dir, file);
    assert.ok(told.task === 'forecasts');
    assert.deepEqual(told.answers.map(({ series }) => series).sort(), ['__proto__', 'new']);
    const known = told.answers.find(({ series }) => series === '__proto__') ?? assert.fail();
    for (const step of [1, 2]) {
      const { series } = readPredictions(runFiles(dir).predictions, experiment, choice(step, '__proto__'));
      const written = Number(series[0]?.values[87 + step]);
      assert.ok(Math.abs((known.forecast[step - 1] ?? 0) / written - 1) < 1e-5, `${known.forecast} ${written}`);
    }
    assert.equal(new Date(known.time?.[0] ?? 0).toISOString().slice(0, 10), day(88));
    // On a hundredth of the level of the largest shop: about where the rows lie that it was given.
    const fresh = told.answers.find(({ series }) => series === 'new') ?? assert.fail();
    for (const value of fresh.forecast) assert.ok(value > 5 && value < 40, `${fresh.forecast}`);
    writeFileSync(file, `day,shop,sold\n${lineOf('short', 0, 1)}\n`);
    await assert.rejects(predict(dir, file), { code: 'data', message: /sequence short/ });
    assert.match(readFileSync(runFiles(dir).predictions, 'utf8').split('\n')[0] ?? '', /,series$/);
  });
});
