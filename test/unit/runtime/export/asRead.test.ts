import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { propose } from '../../../../extension/data/choices/propose';
import type { Draft } from '../../../../extension/protocol/experiment';
import { readPredictions } from '../../../../extension/runtime/export/predictions';
import { predict } from '../../../../extension/runtime/inspect/predict';
import { runFiles } from '../../../../extension/runtime/runs/runFolder';
import { choice } from '../../../support/forecastChoice';
import { newFolder, removeFolders } from '../sampleData';
import { trainedRun } from '../trainedRun';

/** Trains a little on `all`, and returns what the run says about the last row and what its file alone says of `before`, which lacks it. */
async function saidOfLast(all: string, before: string, data: Partial<Draft['data']>) {
  const root = newFolder();
  writeFileSync(path.join(root, 'a.csv'), all);
  writeFileSync(path.join(root, 'before.csv'), before);
  const { experiment } = await propose(root, {
    task: 'forecast',
    data: { path: 'a.csv', horizon: 1, lookback: 6, ...data },
    model: { layers: [{ cell: 'gru', hidden: 4 }] },
    training: { epochs: 2, batch: 16, seed: 3 },
    device: { provider: 'cpu', threads: 1 },
  });
  const dir = await trainedRun(root, experiment);
  const { series, truth } = readPredictions(runFiles(dir).predictions, experiment, choice());
  const prediction = await predict(runFiles(dir).model, path.join(root, 'before.csv'));
  assert.equal(prediction.task, 'forecast');
  assert.ok('forecast' in prediction);
  return {
    experiment,
    truth,
    panel: series[0]?.values.at(-1) ?? Number.NaN,
    alone: prediction.forecast[0] ?? Number.NaN,
  };
}

const wave = (i: number) => 20 + ((i * 7) % 11) + 5 * Math.sin(i);

describe('what a model keeps of how its data was read', () => {
  after(removeFolders);

  it('decimal commas and values that are masked', async () => {
    const line = (i: number) => {
      const x =
        i % 9 === 4
          ? ''
          : wave(i + 3)
              .toFixed(2)
              .replace('.', ',');
      return `${new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)};${x};${wave(i).toFixed(2).replace('.', ',')}\n`;
    };
    const lines = Array.from({ length: 120 }, (_, i) => line(i));
    const text = (count: number) => `day;x;v\n${lines.slice(0, count).join('')}`;
    const { experiment, truth, panel, alone } = await saidOfLast(text(120), text(119), {
      target: 'v',
      features: ['x'],
      missing: 'mask',
    });
    assert.equal(experiment.data.numbers, 'comma');
    assert.equal(truth.at(-1), Number(wave(119).toFixed(2)));
    assert.ok(Math.abs(panel - alone) < 1e-5 * Math.abs(panel), `${panel} ${alone}`);
  });

  it('the zone of its clocks and the days that its rows become', async () => {
    const clock = new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Berlin', dateStyle: 'short', timeStyle: 'short' });
    const from = Date.UTC(2020, 8, 1, -2);
    const lines = Array.from(
      { length: 24 * 80 + 1 },
      (_, i) => `${clock.format(from + i * 3_600_000)},${wave(i).toFixed(3)}\n`,
    );
    const text = (days: number) => `when,v\n${lines.slice(0, 24 * days + (days > 54 ? 1 : 0)).join('')}`;
    const { experiment, panel, alone, truth } = await saidOfLast(text(80), text(79), {
      target: 'v',
      zone: 'Europe/Berlin',
      resample: { every: '1d', by: 'sum' },
    });
    assert.deepEqual(experiment.data.resample, { every: '1d', by: 'sum' });
    assert.equal(truth.length, 80);
    assert.ok(Math.abs(panel - alone) < 1e-5 * Math.abs(panel), `${panel} ${alone}`);
  });

  for (const gaps of ['fill', 'cut'] as const) {
    it(`that gaps are ${gaps === 'fill' ? 'filled' : 'cut'}`, async () => {
      const days = Array.from({ length: 130 }, (_, i) => i).filter((i) => i % 40 !== 33 && i !== 117);
      const line = (i: number) =>
        `${new Date(Date.UTC(2024, 0, 1 + i)).toISOString().slice(0, 10)},${wave(i).toFixed(2)}\n`;
      const text = (count: number) => `when,v\n${days.slice(0, count).map(line).join('')}`;
      const { experiment, panel, alone } = await saidOfLast(text(days.length), text(days.length - 1), {
        target: 'v',
        gaps,
      });
      assert.equal(experiment.data.gaps, gaps);
      assert.ok(Math.abs(panel - alone) < 1e-5 * Math.abs(panel), `${panel} ${alone}`);
    });
  }

  it('how many values in a row are filled', async () => {
    const x = (i: number) => (i % 30 >= 12 && i % 30 <= 15 ? '' : wave(i + 5).toFixed(2));
    const line = (i: number) => `${x(i)},${wave(i).toFixed(2)}\n`;
    const text = (count: number) => `x,v\n${Array.from({ length: count }, (_, i) => line(i)).join('')}`;
    // The last rows are among those that are filled; in the window that is asked about, and in the part, lies a cut.
    const { panel, alone } = await saidOfLast(text(164), text(163), { target: 'v', features: ['x'], fillLimit: 2 });
    assert.ok(Math.abs(panel - alone) < 1e-5 * Math.abs(panel), `${panel} ${alone}`);
  });
});
