import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { modelSpec } from '../../../../extension/core/model/spec';
import { newBatch } from '../../../../extension/data/batch';
import { loadData } from '../../../../extension/data/load';
import type { ForecastData } from '../../../../extension/data/prepared';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { experimentOn } from '../../../support/experiments';
import { temporaryFolder } from '../../../support/temporaryFolder';

const rows = 400;
const choices = {
  path: 'rows.csv',
  time: 'time',
  target: 'y',
  features: ['a', 'b'],
  lookback: 5,
  horizon: 3,
  season: 7,
  split: { validation: 0.2, test: 0.2 },
} satisfies Partial<Experiment['data']>;

describe('a series in a file', () => {
  const folder = temporaryFolder();

  before(() => {
    const lines = Array.from({ length: rows }, (_, row) => {
      const time = new Date(Date.UTC(2024, 0, 1) + row * 3.6e6).toISOString();
      const y = (20 + 3 * Math.sin(row / 3) + ((row * 7919) % 13) / 10).toFixed(3);
      // Some values are missing, a row repeats the one before, and the first ones come last.
      return `${time},${row % 17 === 3 ? '' : y},${row % 29 === 5 ? 'NA' : (row % 11) / 7},${Math.cos(row).toFixed(4)}`;
    });
    const unsorted = [...lines.slice(40), lines[200] ?? '', ...lines.slice(0, 40)];
    folder.write('rows.csv', `time,y,a,b\n${unsorted.join('\n')}\n`);
  });

  const load = async (data: Partial<Experiment['data']>, held: number) => {
    const loaded = await loadData(folder.path, experimentOn({ ...choices, ...data }), { root: folder.path, held });
    assert.equal(loaded.task, 'forecast');
    return loaded as ForecastData;
  };

  /** Everything that is told of the data, and batches of each part in an order of their own. */
  const told = (data: ForecastData, experiment: Experiment) => {
    const batch = newBatch(batchFeeds(modelSpec(experiment, data.shape), 4));
    const batches = (['train', 'validation', 'test'] as const).flatMap((part) =>
      Array.from({ length: 20 }, (_, i) => {
        const indices = [i * 31, i * 17 + 3, i].map((index) => index % data.windows[part]);
        data.fill(part, indices, 4, batch);
        return [Array.from(batch.x), Array.from(batch.y), Array.from(batch.weight)];
      }),
    );
    const { windows, scalers, notes, leaks, repeated, targets, fingerprint } = data;
    const naives = targets.map((target) => target.naives);
    return {
      ...{ windows, scalers, notes, leaks, repeated, naives, fingerprint, batches },
      time: data.series.time,
      columns: data.series.columns.map(({ name, values }) => ({ name, values })),
      truth: data.truth('test'),
      baselines: data.baselines('test'),
      forecasts: data.baselineForecasts('validation'),
    };
  };

  for (const missing of ['interpolate', 'forwardFill', 'drop'] as const) {
    it(`gives the bits of one in memory where missing values are treated by ${missing}`, async () => {
      for (const scaler of ['standard', 'robust', 'minMax', 'none'] as const) {
        const data = { missing, scaler, transform: scaler === 'robust' ? 'log' : 'none' } as const;
        const experiment = experimentOn({ ...choices, ...data });
        const [inMemory, inFile] = [await load(data, 1e9), await load(data, 10)];
        assert.deepEqual(told(inFile, experiment), told(inMemory, experiment));
        assert.ok(inMemory.notes.length >= 3, 'rows were sorted, left out and filled');
      }
    });
  }

  it('gives the bits of several in memory, each with a scale of its own', async () => {
    const lines = Array.from({ length: rows }, (_, row) => {
      const place = row % 2 === 0 ? 'north' : 'south';
      return `${2000 + (row >> 1)}-01-01,${place},${(row % 2) * 100 + ((row * 37) % 19)},${row % 5},${row % 7}`;
    });
    folder.write('places.csv', `time,place,y,a,b\n${lines.join('\n')}\n`);
    const data = { path: 'places.csv', series: 'place', scaleBy: 'series' } as const;
    const experiment = experimentOn({ ...choices, ...data });
    const [inMemory, inFile] = [await load(data, 1e9), await load(data, 10)];
    assert.equal(inFile.seriesScalers?.length, 2);
    assert.deepEqual(told(inFile, experiment), told(inMemory, experiment));
  });

  for (const missing of ['interpolate', 'forwardFill', 'drop', 'mask'] as const) {
    it(`gives the bits of several in memory, out of order and with gaps, where missing values are treated by ${missing}`, async () => {
      // One is long, one short, one has a target that begins late, and one none at all; days are missing, and one row stands twice.
      const lines = Array.from({ length: 4 * rows }, (_, i) => {
        const [place, day] = [i % 4, (i >> 2) + 20 * Math.floor(i / 600)];
        const y = place === 3 || (place === 2 && i < 300) || i % 23 === 7 ? '' : 50 * place + ((i * 37) % 19);
        const time = new Date(Date.UTC(2000, 0, 1 + day)).toISOString().slice(0, 10);
        const name = ['b', '"a, ""x"""', 'c', 'none'][place];
        return place === 1 && i > 700 ? [] : [`${time},${name},${y},${i % 31 === 3 ? '' : i % 5},${i % 7}`];
      }).flat();
      const mixed = [...lines.slice(500), lines[40] ?? '', ...lines.slice(0, 500)];
      folder.write('mixed.csv', `time,place,y,a,b\n${mixed.join('\n')}\n`);
      for (const gaps of ['keep', 'cut', 'fill'] as const) {
        const more = { moreTargets: ['b'], features: ['a'] };
        const data = { path: 'mixed.csv', series: 'place', scaleBy: 'series', missing, gaps, ...more } as const;
        const experiment = experimentOn({ ...choices, ...data });
        const [inMemory, inFile] = [await load(data, 1e9), await load(data, 10)];
        assert.deepEqual(new Set(inFile.series.several?.names), new Set(['b', 'a, "x"', 'c']));
        assert.deepEqual(told(inFile, experiment), told(inMemory, experiment));
        const [column] = inFile.series.columns;
        const { start = 0, end = 0 } = inFile.stretches[1]?.rows ?? {};
        assert.deepEqual(column?.piece?.(start - 3, end + 2), column?.values.slice(start - 3, end + 2));
      }
    });
  }

  for (const task of ['classify', 'label'] as const) {
    for (const series of ['place', null]) {
      it(`gives the bits of rows in memory where they have classes (${task}${series === null ? '' : ', several'})`, async () => {
        for (const missing of ['interpolate', 'forwardFill', 'drop', 'mask'] as const) {
          const lines = Array.from({ length: rows }, (_, row) => {
            const kind = series === null || task === 'label' ? row % 3 : (row % 20) % 2;
            return `${2000 + ((row * 7) % rows)},p${row % 20},k${kind},${row % 31 === 3 ? '' : Math.sin(row).toFixed(3)},${row % 7}`;
          });
          folder.write('kinds.csv', `time,place,kind,a,b\n${lines.join('\n')}\n`);
          const data = { ...choices, path: 'kinds.csv', target: 'kind', series, missing, season: null };
          const experiment = experimentOn(data, { task, training: { loss: { name: 'crossEntropy' } } });
          const [inMemory, inFile] = await Promise.all(
            [1e9, 10].map((held) => loadData(folder.path, experiment, { root: folder.path, held })),
          );
          assert.ok(inMemory?.task === task && inFile?.task === task);
          const toldOf = (given: typeof inMemory) => {
            const batch = newBatch(batchFeeds(modelSpec(experiment, given.shape), 4));
            const batches = (['train', 'validation', 'test'] as const).flatMap((part) =>
              Array.from({ length: given.windows[part] }, (_, index) => {
                given.fill(part, [index, 0], 4, batch);
                return [batch.x, batch.y, batch.weight, batch.mask ?? []].map((values) => Array.from(values));
              }),
            );
            const { windows, scalers, notes, classes, fingerprint } = given;
            return { windows, scalers, notes, classes, fingerprint, batches, baselines: given.baselines('test') };
          };
          assert.deepEqual(toldOf(inFile), toldOf(inMemory));
        }
      });
    }
  }

  it('is really in a file, which is read for each window', async () => {
    const data = await load({}, 10);
    const [y] = data.series.columns;
    assert.ok(y !== undefined && 'values' in y);
    assert.notEqual(Object.getOwnPropertyDescriptor(y, 'values')?.get, undefined);
    const held = await load({}, 1e9);
    assert.equal(Object.getOwnPropertyDescriptor(held.series.columns[0] ?? {}, 'values')?.get, undefined);
  });

  it('is given up while it is read', async () => {
    const abort = new AbortController();
    abort.abort(new Error('enough'));
    const loading = loadData(folder.path, experimentOn(choices), { signal: abort.signal, held: 10 });
    await assert.rejects(loading, /enough/);
  });
});
