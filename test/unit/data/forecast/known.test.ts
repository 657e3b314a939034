import assert from 'node:assert/strict';
import { knownAfter, withKnown } from '../../../../extension/data/forecast/known';
import type { Series } from '../../../../extension/data/forecast/series';
import { prepare } from '../../../../extension/data/forecast/windows';
import { batchFor } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';

/** The target is noise without a pattern, the price 1000 and its row, the other feature what the target is in the next row. */
function shop(rows: number): Series {
  const noise = Float64Array.from({ length: rows + 1 }, (_, row) => Math.sin(row * row));
  return {
    rows,
    time: null,
    columns: [
      { name: 'sold', values: noise.slice(0, rows) },
      { name: 'peek', values: noise.slice(1) },
      { name: 'price', values: Float64Array.from({ length: rows }, (_, row) => 1000 + row) },
    ],
    fingerprint: '',
    notes: [],
  };
}

const experiment = experimentOn({
  target: 'sold',
  features: ['peek'],
  known: ['price'],
  scaler: 'none',
  lookback: 4,
  horizon: 3,
});

describe('what is known ahead', () => {
  it('stands beside the window as what it will be at the rows that are forecast', () => {
    const data = prepare(shop(60), experiment);
    assert.deepEqual(
      data.series.columns.map(({ name }) => name),
      ['sold', 'peek', 'price', 'price +3'],
    );
    assert.deepEqual([data.features, data.shape.known], [4, 1]);
    const batch = batchFor(data, 1);
    for (const part of ['train', 'validation', 'test'] as const) {
      for (let window = 0; window < data.windows[part]; window++) {
        data.fill(part, [window], 1, batch);
        const origin = data.origins(part)[window] ?? 0;
        const column = (feature: number) => [0, 1, 2, 3].map((step) => batch.x[4 * step + feature]);
        assert.deepEqual(
          column(2),
          [0, 1, 2, 3].map((step) => 1000 + origin - 4 + step),
        );
        // The last three steps hold the prices of the three rows that are forecast.
        assert.deepEqual(column(3).slice(1), [1000 + origin, 1001 + origin, 1002 + origin]);
      }
    }
  });

  it('learns nothing from the part after', () => {
    const changed = shop(60);
    changed.columns[2]?.values.fill(-7, 36);
    const data = [prepare(shop(60), experiment), prepare(changed, experiment)];
    const batches = data.map((each) => {
      const batch = batchFor(each, each.windows.train);
      each.fill(
        'train',
        Array.from({ length: each.windows.train }, (_, i) => i),
        each.windows.train,
        batch,
      );
      return [...batch.x, ...batch.y];
    });
    assert.deepEqual(batches[0], batches[1]);
    assert.deepEqual(data[0]?.scalers, data[1]?.scalers);
    assert.deepEqual(data[0]?.baselineForecasts('train').linear, data[1]?.baselineForecasts('train').linear);
  });

  it('is never called a leak, and any other column is', () => {
    const leaky = shop(60);
    // A price that is the target of two rows later, which a shop may know.
    leaky.columns[2]?.values.set((leaky.columns[0]?.values ?? new Float64Array()).slice(2));
    const named = (known: string[], features: string[]) =>
      prepare(leaky, { ...experiment, data: { ...experiment.data, known, features } }).leaks.map(
        ({ feature }) => feature,
      );
    assert.deepEqual(named(['price'], ['peek']), ['peek']);
    assert.deepEqual(named([], ['peek', 'price']), ['peek', 'price']);
  });

  it('stays within each of several series', () => {
    const several = { names: ['a', 'b'], starts: Uint32Array.of(0, 30, 60) };
    const led = withKnown(
      { ...shop(60), several },
      { ...experiment.data, split: { validation: 0, test: 0 } },
    ).columns.at(-1);
    assert.equal(led?.values[26], 1029);
    assert.equal(led?.values[29], 1029);
    assert.equal(led?.values[30], 1033);
  });

  it('is read from the rows of a file that follow the last target, in order of time', () => {
    const raw = {
      file: 'new.csv',
      fingerprint: '',
      notes: [],
      gaps: 'keep' as const,
      indicators: 0,
      time: Float64Array.of(5, 1, 2, 4, 3),
      columns: [
        { name: 'sold', values: Float64Array.of(Number.NaN, 10, 20, Number.NaN, 30) },
        { name: 'price', values: Float64Array.of(55, 11, 22, 44, 33) },
      ],
    };
    assert.deepEqual([...knownAfter(raw, null, 2, 'refuse')(null, 'price')], [44, 55]);
    assert.throws(() => knownAfter(raw, null, 3, 'refuse')(null, 'price'), {
      code: 'data',
      message: /what price will be at the 3 rows/,
    });
    assert.deepEqual([...knownAfter(raw, null, 3, 'last')(null, 'price')], [44, 55, 55]);
    const named = { name: 'shop', labels: ['a', 'b'], codes: Int32Array.of(0, 0, 1, 0, 1) };
    const next = knownAfter(raw, named, 1, 'refuse');
    assert.deepEqual([...next('a', 'price')], [44]);
    assert.throws(() => next('b', 'price'), { code: 'data', message: /for b;/ });
  });

  it('is taken from the calendar where that alone determines it, and from nothing else', () => {
    const day = 86_400_000;
    // From a Monday on, and two days that the file names beyond the last target, on the second of which it says otherwise.
    const rows = 62;
    const time = Float64Array.from({ length: rows }, (_, row) => Date.UTC(2024, 0, 1) + row * day);
    const weekend = Float64Array.from(time, (at) => ([0, 6].includes(new Date(at).getUTCDay()) ? 1 : 0));
    const raw = {
      file: 'new.csv',
      fingerprint: '',
      notes: [],
      time,
      columns: [
        { name: 'sold', values: weekend.map((value, row) => (row < 60 ? 10 + value : Number.NaN)) },
        { name: 'weekend', values: weekend.map((value, row) => (row === 61 ? 7 : value)) },
        { name: 'price', values: weekend.map((_, row) => (row < 60 ? (row * 37) % 11 : Number.NaN)) },
      ],
    };
    const ahead = knownAfter(raw, null, 9, 'calendar');
    const expected = Array.from({ length: 9 }, (_, step) => {
      const at = new Date(Date.UTC(2024, 0, 1) + (60 + step) * day);
      return step === 1 ? 7 : Number([0, 6].includes(at.getUTCDay()));
    });
    assert.deepEqual([...ahead(null, 'weekend')], expected);
    assert.throws(() => ahead(null, 'price'), { code: 'data', message: /what price will be at the 9 rows/ });
    assert.throws(() => knownAfter(raw, null, 9, 'refuse')(null, 'weekend'), { code: 'data' });
    assert.throws(() => knownAfter({ ...raw, time: null }, null, 9, 'calendar')(null, 'weekend'), { code: 'data' });
  });

  it('needs a window that has room for it', () => {
    const short = { ...experiment, data: { ...experiment.data, lookback: 2 } };
    assert.throws(() => prepare(shop(60), short), { code: 'experiment', message: /data\.lookback is 2/ });
  });
});
