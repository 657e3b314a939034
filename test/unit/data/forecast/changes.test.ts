import assert from 'node:assert/strict';
import { changesIn } from '../../../../extension/data/forecast/changes';
import type { Series } from '../../../../extension/data/forecast/series';
import { prepare } from '../../../../extension/data/forecast/windows';
import { batchFor } from '../../../support/batches';
import { experimentOn } from '../../../support/experiments';

/** A walk from row to row, and a feature that says nothing of it. */
function walk(rows: number, several?: Series['several']): Series {
  const y = new Float64Array(rows);
  for (let row = 1; row < rows; row++) y[row] = (y[row - 1] ?? 0) + 0.3 + Math.sin(row * row);
  return {
    rows,
    time: null,
    columns: [
      { name: 'y', values: y.map((value) => 500 + value) },
      { name: 'z', values: Float64Array.from({ length: rows }, (_, row) => row % 5) },
    ],
    fingerprint: '',
    notes: [],
    ...(several && { several }),
  };
}

const experiment = experimentOn({
  features: ['z'],
  transform: 'difference',
  scaler: 'standard',
  lookback: 4,
  horizon: 3,
});

describe('a target that is read by its changes', () => {
  it('is read as what each row adds to the row before, scaled by the training part', () => {
    const data = prepare(walk(80), experiment);
    const y = data.series.columns[0]?.values ?? new Float64Array();
    const [scaler] = data.scalers;
    const training = y.slice(0, 48).map((value, row) => (row === 0 ? 0 : value - (y[row - 1] ?? 0)));
    assert.ok(Math.abs((scaler?.offset ?? 0) - training.reduce((sum, value) => sum + value, 0) / 48) < 1e-9);
    const batch = batchFor(data, 1);
    data.fill('test', [2], 1, batch);
    const first = data.row('test', 2);
    for (let step = 0; step < 4; step++) {
      const change = (y[first + step] ?? 0) - (y[first + step - 1] ?? 0);
      assert.ok(Math.abs(Number(batch.x[2 * step]) - (change - (scaler?.offset ?? 0)) / (scaler?.scale ?? 1)) < 1e-5);
    }
  });

  it('is asked for as the change from the last value that is read, at every step where every step is asked', () => {
    for (const pooling of ['last', 'every'] as const) {
      const data = prepare(walk(80), { ...experiment, model: { ...experiment.model, pooling } });
      const y = data.series.columns[0]?.values ?? new Float64Array();
      const [scaler] = data.scalers;
      const batch = batchFor(data, 1, pooling);
      for (let window = 0; window < data.windows.test; window++) {
        data.fill('test', [window], 1, batch);
        const first = data.row('test', window);
        const steps = pooling === 'last' ? [3] : [0, 1, 2, 3];
        for (const [place, step] of steps.entries()) {
          for (let ahead = 0; ahead < 3; ahead++) {
            const change = (y[first + step + 1 + ahead] ?? 0) - (y[first + step] ?? 0);
            const expected = (change - (scaler?.offset ?? 0)) / (scaler?.scale ?? 1);
            assert.ok(Math.abs(Number(batch.y[3 * place + ahead]) - expected) < 1e-5);
          }
        }
        const { scale, unscale } = data.targetScale('test', window);
        for (const [ahead, right] of data
          .truth('test')
          .subarray(3 * window, 3 * window + 3)
          .entries()) {
          assert.ok(Math.abs(unscale(Number(batch.y[batch.y.length - 3 + ahead])) - right) < 1e-3);
          assert.ok(Math.abs(unscale(scale(right)) - right) < 1e-9);
        }
      }
    }
  });

  it('leaves truth, baselines and what errors are scaled by in their own units, and adds up what the linear one says', () => {
    const [data, plain] = [
      prepare(walk(80), experiment),
      prepare(walk(80), { ...experiment, data: { ...experiment.data, transform: 'none' } }),
    ];
    assert.deepEqual(data.truth('test'), plain.truth('test'));
    assert.deepEqual(data.targets[0]?.naives, plain.targets[0]?.naives);
    const [told, other] = [data.baselineForecasts('test'), plain.baselineForecasts('test')];
    assert.deepEqual(told.persistence, other.persistence);
    // A line: each row adds 2, so that every change is the same and the forecast goes on along it.
    const line = walk(80);
    line.columns[0]?.values.set(Array.from({ length: 80 }, (_, row) => 2 * row + (row % 2) * 1e-3));
    const { linear = new Float64Array() } = prepare(line, experiment).baselineForecasts('test');
    const right = prepare(line, experiment).truth('test');
    for (const [i, value] of linear.entries())
      assert.ok(Math.abs(value - (right[i] ?? 0)) < 0.05, `${value} ${right[i]}`);
  });

  it('begins anew in each series and after a gap', () => {
    const rows = { start: 0, end: 3 };
    const split = { train: rows, validation: rows, test: rows };
    const values = Float64Array.of(1, 3, 6, 100, 90, 95);
    const stretches = [
      { name: 'a', rows, split, cuts: [2] },
      { name: 'b', rows: { start: 3, end: 6 }, split, cuts: [] },
    ];
    assert.deepEqual([...changesIn(values, stretches)], [0, 2, 0, 0, -10, 5]);
  });
});
