import assert from 'node:assert/strict';
import type { Series } from '../../../../extension/data/forecast/series';
import { prepare } from '../../../../extension/data/forecast/windows';
import { parts } from '../../../../extension/data/split';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { format } from '../../../../extension/protocol/messages';
import { batchFor } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';

/** Columns whose values tell their row: y is the row, z is 1000 and the row. */
function countingSeries(rows: number): Series {
  return {
    rows,
    time: null,
    columns: [
      { name: 'y', values: Float64Array.from({ length: rows }, (_, row) => row) },
      { name: 'z', values: Float64Array.from({ length: rows }, (_, row) => 1000 + row) },
    ],
    fingerprint: '',
    notes: [],
  };
}

const raw: Partial<Experiment['data']> = { scaler: 'none', features: ['z'], embargo: 0 };

describe('windows', () => {
  it('lays out inputs as [lookback, features, batch] and targets as [horizon, batch]', () => {
    const data = prepare(countingSeries(30), experimentOn(raw));
    const batch = batchFor(data, 4);
    data.fill('train', [0, 7], 4, batch);
    assert.deepEqual(Array.from(batch.x), [
      ...[0, 7, 0, 0, 1000, 1007, 0, 0],
      ...[1, 8, 0, 0, 1001, 1008, 0, 0],
      ...[2, 9, 0, 0, 1002, 1009, 0, 0],
    ]);
    assert.deepEqual(Array.from(batch.y), [3, 10, 0, 0, 4, 11, 0, 0]);
    assert.deepEqual(Array.from(batch.weight), [1, 1, 0, 0]);
  });

  it('answers at every step where the head reads every step', () => {
    const every = experimentOn(raw, { model: { pooling: 'every' } });
    const data = prepare(countingSeries(30), every);
    const batch = batchFor(data, 3, 'every');
    data.fill('train', [0, 7], 3, batch);
    // [steps, horizon, batch]: the two rows after each of the three.
    assert.deepEqual(Array.from(batch.y), [...[1, 8, 0, 2, 9, 0], ...[2, 9, 0, 3, 10, 0], ...[3, 10, 0, 4, 11, 0]]);
    assert.deepEqual(Array.from(batch.weight), [1, 1, 0, 1, 1, 0, 1, 1, 0]);
    assert.deepEqual(data.windows, prepare(countingSeries(30), experimentOn(raw)).windows);
  });

  it('judges what is forecast beside the baselines, in the units of the target', () => {
    const data = prepare(countingSeries(50), experimentOn({ ...raw, scaler: 'standard', season: 4 }));
    const batch = batchFor(data, data.windows.test);
    const all = Array.from({ length: data.windows.test }, (_, i) => i);
    data.fill('test', all, data.windows.test, batch);
    const judge = data.judge('test');
    assert.ok(batch.y instanceof Float32Array);
    judge.add(all, all.length, batch.y, all.length);
    assert.ok((judge.metrics()['rmse'] ?? 1) < 1e-4);
    // Rows count up: the last value is off by 1 and 2, a season of 4 by 4.
    const { persistence, seasonalNaive, drift, linear } = data.baselines('test');
    assert.deepEqual([persistence?.['mae'], persistence?.['rmse']], [1.5, Math.sqrt(2.5)]);
    // Repeating a season errs by 4 in the training part too.
    assert.deepEqual([seasonalNaive?.['mae'], seasonalNaive?.['rmse'], seasonalNaive?.['mase']], [4, 4, 1]);
    for (const line of [drift, linear]) assert.ok((line?.['rmse'] ?? 1) < 1e-3, JSON.stringify(line));
    assert.deepEqual(data.shape, {
      steps: 3,
      input: { kind: 'values', features: 2 },
      targets: 2,
      longest: 0,
      masked: false,
      classCounts: null,
    });
  });

  it('leaves nothing of the batch before in the buffers', () => {
    const data = prepare(countingSeries(30), experimentOn(raw));
    const used = batchFor(data, 4);
    data.fill('train', [1, 2, 3, 4], 4, used);
    data.fill('test', [1], 4, used);
    const fresh = batchFor(data, 4);
    data.fill('test', [1], 4, fresh);
    assert.deepEqual(used, fresh);
  });

  it('lets no window reach over a split, and leaves out the embargo alone', () => {
    for (const embargo of [null, 0, 3]) checkWindows(embargo);
  });

  function checkWindows(embargo: number | null) {
    const data = prepare(countingSeries(50), experimentOn({ ...raw, embargo }));
    const apart = embargo ?? data.horizon;
    assert.deepEqual(data.windows, { train: 26, validation: 6 - apart, test: 6 - apart });
    const batch = batchFor(data, 1);
    for (const part of parts) {
      const { start, end } = data.stretches[0]?.split[part] ?? assert.fail();
      const seen = new Set<number>();
      for (let window = 0; window < data.windows[part]; window++) {
        data.fill(part, [window], 1, batch);
        const rows = [batch.x[0], batch.x[2], batch.x[4], batch.y[0], batch.y[1]].map(Number);
        assert.ok(Math.min(...rows) >= start && Math.max(...rows) < end, `${part} ${window}: ${rows}`);
        assert.equal(rows[0], data.row(part, window));
        assert.equal(rows[3], data.origins(part)[window]);
        assert.deepEqual(Array.from(data.truth(part).subarray(2 * window, 2 * window + 2)), rows.slice(3));
        for (const row of rows) seen.add(row);
      }
      const kept = part === 'train' ? 0 : apart;
      assert.equal(seen.size, end - start - kept);
      assert.ok(!seen.has(start) || kept === 0);
    }
  }

  it('names features and windows that tell too much', () => {
    const series = countingSeries(60);
    series.columns[0]?.values.set(Array.from({ length: 60 }, (_, row) => Math.sin(row * row)));
    series.columns[1]?.values.set(Array.from({ length: 60 }, (_, row) => Math.sin((row + 1) ** 2)));
    const data = prepare(series, experimentOn(raw));
    assert.deepEqual(
      data.leaks.map(({ feature, shift }) => [feature, shift]),
      [['z', 1]],
    );
    assert.equal(data.repeated, 0);
    assert.match(data.notes.map((note) => format(note)).join(), /z is almost what y is 1 rows later/);
    for (const { values } of series.columns) values.copyWithin(50, 2, 10);
    const again = prepare(series, experimentOn(raw));
    assert.equal(again.repeated, 4);
    assert.match(again.notes.map((note) => format(note)).join(), /4 of the 8 test windows stand/);
  });

  it('fits the scaler on the training part and feeds scaled values', () => {
    const data = prepare(countingSeries(50), experimentOn({ ...raw, scaler: 'standard' }));
    const [y] = data.scalers;
    assert.equal(y?.offset, 14.5);
    const batch = batchFor(data, 1);
    data.fill('test', [0], 1, batch);
    assert.equal(batch.x[0], Math.fround((40 - 14.5) / (y?.scale ?? 0)));
    assert.ok(Math.abs(data.targetScale('test', 0).unscale(batch.y[0] ?? 0) - 43) < 1e-4);
  });

  it('allows parts that the experiment leaves empty', () => {
    const data = prepare(countingSeries(20), experimentOn({ ...raw, split: { validation: 0, test: 0.3 } }));
    assert.equal(data.windows.validation, 0);
    assert.equal(data.origins('validation').length, 0);
  });

  it('says when later values fall under the floor of the log', () => {
    const series = countingSeries(50);
    series.columns[0]?.values.set(Array.from({ length: 50 }, (_, row) => (row === 45 ? -1 : row + 1)));
    const data = prepare(series, experimentOn({ transform: 'log', features: ['z'] }));
    assert.match(data.notes.map((note) => format(note)).join(), /1 values of y/);
    const batch = batchFor(data, 6);
    data.fill('test', [0, 1, 2, 3, 4, 5], 6, batch);
    assert.ok(batch.x.every(Number.isFinite) && batch.y.every(Number.isFinite));
  });
});
