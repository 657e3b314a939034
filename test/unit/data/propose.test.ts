import assert from 'node:assert/strict';
import path from 'node:path';
import { fewestWindows } from '../../../extension/data/defaults';
import { propose } from '../../../extension/data/propose';
import { loadSeries } from '../../../extension/data/series';
import { parts } from '../../../extension/data/split';
import { prepare } from '../../../extension/data/windows';
import { type Draft, experimentSchema } from '../../../extension/protocol/experiment';
import { format } from '../../../extension/protocol/messages';
import { batchFor } from '../../support/batches';
import { noise } from '../../support/noise';
import { temporaryFolder } from '../../support/temporaryFolder';

const samples = path.resolve('samples');
const onSample = (name: string) => propose(samples, { data: { path: `${name}.csv` } });

describe('propose', () => {
  const folder = temporaryFolder();

  it('does for the airline what a forecaster would', async () => {
    const { experiment, profile, reasons } = await onSample('airline-passengers');
    assert.equal(experiment.name, 'airline-passengers');
    const { time, target, features, transform, season, lookback, horizon } = experiment.data;
    assert.deepEqual(
      { time, target, features, transform, season, lookback, horizon },
      { time: 'Month', target: 'Passengers', features: [], transform: 'log', season: 12, lookback: 12, horizon: 1 },
    );
    assert.equal(experiment.model.anchor, 'last');
    assert.equal(profile.rows, 144);
    for (const { choice, why } of reasons) assert.match(format(why), /^[^{}\n]+\.$/, choice);
    const choices = reasons.map(({ choice }) => choice);
    assert.ok(
      ['data.target', 'data.season', 'data.transform', 'model.anchor'].every((choice) => choices.includes(choice)),
    );
  });

  it('finds the year in days and the cycle of the sun', async () => {
    const temperatures = (await onSample('daily-min-temperatures')).experiment.data;
    assert.deepEqual([temperatures.season, temperatures.transform], [365, 'none']);
    const sunspots = (await onSample('monthly-sunspots')).experiment.data;
    assert.ok(sunspots.season !== null && Math.abs(sunspots.season - 130) < 10, String(sunspots.season));
    assert.equal(sunspots.transform, 'none');
  });

  it('proposes experiments that are whole and can be trained', async () => {
    for (const name of ['airline-passengers', 'daily-min-temperatures', 'monthly-sunspots']) {
      const { experiment } = await onSample(name);
      assert.deepEqual(experimentSchema.parse(experiment), experiment);
      const data = prepare(await loadSeries(samples, experiment), experiment);
      for (const part of parts) assert.ok(data.windows[part] >= fewestWindows, `${name} ${part}`);
    }
  });

  it('respects every choice of the draft, and gives no reason for it', async () => {
    const draft: Draft = {
      name: 'mine',
      task: 'forecast',
      data: {
        path: 'airline-passengers.csv',
        time: null,
        target: 'Passengers',
        features: [],
        missing: 'drop',
        transform: 'none',
        scaler: 'minMax',
        split: { validation: 0.1, test: 0.3 },
        lookback: 7,
        horizon: 2,
        season: null,
      },
      model: { layers: [{ cell: 'gru', hidden: 5 }], anchor: 'none' },
      training: {
        epochs: 3,
        batch: 9,
        loss: { name: 'mae' },
        optimizer: { name: 'sgd', learningRate: 0.3, momentum: 0.1 },
        clipNorm: null,
        seed: 42,
      },
      device: { provider: 'cpu', threads: 2 },
    };
    const { experiment, reasons } = await propose(samples, draft);
    assert.deepEqual(experiment, experimentSchema.parse({ version: 1, ...draft }));
    assert.deepEqual(reasons, []);
  });

  it('fits the windows into what few rows there are', async () => {
    for (const rows of [20, 30, 40, 60]) {
      const next = noise(rows);
      folder.write('few.csv', `y\n${Array.from({ length: rows }, next).join('\n')}\n`);
      const { experiment } = await propose(folder.path, { data: { path: 'few.csv' } });
      const data = prepare(await loadSeries(folder.path, experiment), experiment);
      for (const part of parts) assert.ok(data.windows[part] >= 1, `${rows} rows, ${part}`);
    }
  });

  it('decides nothing by what comes after the training part', async () => {
    const next = noise(5);
    const level = Array.from(
      { length: 150 },
      (_, i) => Math.exp(i / 50) * (2 + Math.sin((2 * Math.PI * i) / 12) + 0.3 * next()),
    );
    const other = Array.from({ length: 150 }, next);
    const write = (name: string, y: readonly number[], z: readonly number[]) =>
      folder.write(
        name,
        `t,z,y\n${y.map((value, i) => `${new Date(Date.UTC(2000, i)).toISOString().slice(0, 7)},${z[i]},${value}`).join('\n')}\n`,
      );
    write('before.csv', level, other);
    const known = await propose(folder.path, { data: { path: 'before.csv', features: ['z'] } });
    const data = prepare(await loadSeries(folder.path, known.experiment), known.experiment);
    const border = data.split.validation.start;
    assert.equal(known.experiment.data.transform, 'log');
    assert.equal(known.experiment.data.season, 12);

    const changed = (values: readonly number[], change: (i: number) => number) =>
      values.map((value, i) => (i < border ? value : change(i)));
    write(
      'after.csv',
      changed(level, (i) => -1000 * (i % 5)),
      changed(other, (i) => 1e6 * (i % 7)),
    );
    const again = await propose(folder.path, { data: { path: 'after.csv', features: ['z'] } });
    assert.deepEqual(again.experiment, {
      ...known.experiment,
      name: 'after',
      data: { ...known.experiment.data, path: 'after.csv' },
    });
    const data2 = prepare(await loadSeries(folder.path, again.experiment), again.experiment);
    assert.deepEqual(data2.scalers, data.scalers);
    const [a, b] = [data, data2].map((prepared) => {
      const batch = batchFor(prepared, prepared.windows.train);
      prepared.fill(
        'train',
        Array.from({ length: prepared.windows.train }, (_, i) => i),
        prepared.windows.train,
        batch,
      );
      return batch;
    });
    assert.deepEqual(a, b);
    assert.notDeepEqual(data2.truth('test'), data.truth('test'));
  });
});
