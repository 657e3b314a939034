import assert from 'node:assert/strict';
import path from 'node:path';
import { fewestWindows } from '../../../../extension/data/choices/defaults';
import { propose } from '../../../../extension/data/choices/propose';
import { loadSeries } from '../../../../extension/data/forecast/series';
import { prepare } from '../../../../extension/data/forecast/windows';
import { loadData } from '../../../../extension/data/load';
import { parts, splitRows } from '../../../../extension/data/split';
import { UnrollError } from '../../../../extension/protocol/errors';
import { type Draft, experimentSchema } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { batchFor } from '../../../support/batches';
import { noise } from '../../../support/noise';
import { temporaryFolder } from '../../../support/temporaryFolder';

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
    const border = data.stretches[0]?.split.validation.start ?? 0;
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

  describe('for other tasks', () => {
    const day = (i: number) => new Date(Date.UTC(2020, 0, 1 + i)).toISOString().slice(0, 10);
    const next = noise(7);
    const table = `id,day,heat,wind,sky\n${Array.from(
      { length: 300 },
      (_, i) => `${i},${day(i)},${next()},${next()},${['clear', 'rain', 'snow'][i % 3]}\n`,
    ).join('')}`;
    const whole = async (draft: Draft) => {
      const { experiment, reasons, profile } = await propose(folder.path, draft);
      assert.deepEqual(experimentSchema.parse(experiment), experiment);
      for (const { choice, why } of reasons) assert.match(format(why), /^[^{}\n]+\.$/, choice);
      const data = await loadData(folder.path, experiment);
      for (const part of parts) assert.ok(data.windows[part] >= 1, part);
      return { ...experiment, reasons: reasons.map(({ choice }) => choice), rows: profile.rows };
    };

    it('takes a column of words for classes, and reads every column of numbers', async () => {
      folder.write('sky.csv', table);
      const { task, data, training, model, reasons } = await whole({ data: { path: 'sky.csv', target: 'sky' } });
      assert.equal(task, 'classify');
      const { time, features, lookback, horizon } = data;
      assert.deepEqual(
        { time, features, lookback, horizon },
        { time: 'day', features: ['heat', 'wind'], lookback: 24, horizon: 1 },
      );
      assert.equal(training.loss.name, 'crossEntropy');
      assert.equal(model.anchor, 'none');
      for (const choice of ['task', 'data.features', 'data.lookback', 'model.layers', 'training.loss.name']) {
        assert.ok(reasons.includes(choice), choice);
      }
    });

    it('finds the classes where only the task is said', async () => {
      folder.write('sky.csv', table);
      const { data, reasons } = await whole({ task: 'label', data: { path: 'sky.csv' } });
      assert.equal(data.target, 'sky');
      assert.ok(reasons.includes('data.target') && !reasons.includes('task'));
    });

    it('refuses a model or a loss that does not fit the data', async () => {
      folder.write('sky.csv', table);
      const refuses = (draft: Omit<Draft, 'data'>, sentence: RegExp) =>
        assert.rejects(
          propose(folder.path, { ...draft, data: { path: 'sky.csv', target: 'sky' } }),
          (error) => error instanceof UnrollError && error.code === 'experiment' && sentence.test(error.message),
        );
      await refuses({ training: { loss: { name: 'binaryCrossEntropy' } } }, /there are 3/);
      await refuses({ training: { loss: { classWeights: [1, 2] } } }, /2 class weights for 3 classes/);
      await refuses({ training: { loss: { name: 'mse' } } }, /mse does not fit the task classify/);
      await refuses({ model: { layers: [{ cell: 'gru', hidden: 4, residual: true }] } }, /Layer 1/);
    });

    it('still forecasts numbers that are not said to be classes', async () => {
      folder.write('sky.csv', table);
      assert.equal((await whole({ data: { path: 'sky.csv' } })).task, 'forecast');
      assert.equal((await whole({ data: { path: 'sky.csv', target: 'wind' } })).task, 'forecast');
      const levels = table.replaceAll('clear', '0').replaceAll('rain', '1').replaceAll('snow', '2');
      folder.write('levels.csv', levels);
      assert.equal((await whole({ data: { path: 'levels.csv', target: 'sky' } })).task, 'forecast');
    });

    it('reads sequences as long as the longest', async () => {
      const lines = Array.from({ length: 30 }, (_, s) =>
        Array.from({ length: 3 + (s % 5) }, (_, i) => `s${s},${i},${next()},${s % 2 ? 'up' : 'down'}\n`).join(''),
      );
      folder.write('moves.csv', `s,step,v,way\n${lines.join('')}`);
      const { data } = await whole({ task: 'classify', data: { path: 'moves.csv', series: 's' } });
      assert.deepEqual([data.target, data.lookback], ['way', 7]);
      assert.deepEqual(data.features, ['step', 'v']);
      const transcripts = await whole({
        task: 'transcribe',
        data: { path: 'moves.csv', series: 's', target: 's', features: ['v'] },
      }).catch((error) => error);
      assert.match(String(transcripts), /data\.series is s/);
    });

    it('learns the language of a text', async () => {
      folder.write('poem.txt', 'the cat sat on the mat, and the dog sat on the log.\n'.repeat(60));
      const { task, data, model, training, rows } = await whole({ data: { path: 'poem.txt' } });
      assert.equal(task, 'language');
      const parts = Object.values(splitRows(rows, data.split)).map(({ start, end }) => end - start);
      assert.deepEqual([data.target, data.features, data.lookback], ['character', [], Math.min(...parts) - 1]);
      assert.deepEqual([training.truncate, training.batch], [100, 2]);
      assert.equal(model.embedding, null);
      assert.equal(training.loss.name, 'crossEntropy');
      assert.equal(rows, 52 * 60);
      const signs = Array.from({ length: 4000 }, (_, i) => String.fromCodePoint(0x4e00 + ((i * 7) % 400))).join('');
      folder.write('signs.txt', signs);
      assert.equal((await whole({ data: { path: 'signs.txt' } })).model.embedding, 64);
      const asked = await whole({ data: { path: 'signs.txt' }, model: { embedding: null } });
      assert.equal(asked.model.embedding, null);
      const sized = await whole({ data: { path: 'signs.txt' }, model: { layers: [{ cell: 'gru', hidden: 8 }] } });
      assert.equal(sized.model.embedding, 64);
    });

    it('reads a long text in long sequences, and lets gradients flow back as far as is asked for', async () => {
      folder.write('long.txt', 'the cat sat on the mat, and the dog sat on the log.\n'.repeat(600));
      const { data, training } = await whole({ data: { path: 'long.txt' } });
      assert.deepEqual([data.lookback, training.truncate], [1000, 100]);
      const { training: all } = await whole({ data: { path: 'long.txt' }, training: { truncate: null } });
      assert.equal(all.truncate, null);
      const { training: short } = await whole({ data: { path: 'long.txt', lookback: 64 } });
      assert.equal(short.truncate, null);
    });

    it('fits the stretches into a short text', async () => {
      folder.write('short.txt', 'a little text, of which each part is short. '.repeat(5));
      const { data } = await whole({ data: { path: 'short.txt' } });
      assert.ok(data.lookback >= 1 && data.lookback < 64, String(data.lookback));
    });

    it('takes any file for a text where that is said, and a table in a text file for a table', async () => {
      folder.write('sky.csv', table);
      assert.equal((await whole({ task: 'language', data: { path: 'sky.csv' } })).task, 'language');
      folder.write('table.txt', table.replaceAll(',', '\t'));
      assert.equal((await whole({ data: { path: 'table.txt' } })).task, 'forecast');
    });

    it('decides nothing by what comes after the training part', async () => {
      const text = 'abcdefgh '.repeat(100);
      folder.write('text.txt', text);
      const known = await propose(folder.path, { name: 'n', data: { path: 'text.txt' } });
      const signs = Array.from({ length: 300 }, (_, i) => String.fromCodePoint(0x4e00 + i)).join('');
      folder.write('text.txt', `${text.slice(0, 600)}${signs}`);
      const again = await propose(folder.path, { name: 'n', data: { path: 'text.txt' } });
      assert.deepEqual(again.experiment, known.experiment);
    });
  });
});
