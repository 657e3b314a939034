import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { prepare } from '../../../../extension/data/forecast/windows';
import type { ForecastData } from '../../../../extension/data/prepared';
import type { Part } from '../../../../extension/protocol/data';
import { forecastAt, readPredictions, writePredictions } from '../../../../extension/runtime/export/predictions';
import { experimentOn } from '../../../support/experiments';
import { choice } from '../../../support/forecastChoice';
import { temporaryFolder } from '../../../support/temporaryFolder';

const [rows, lookback, horizon] = [20_000, 4, 75];

/** A series that is its row's number, so that every value tells where it comes from. */
function counted() {
  const experiment = experimentOn({ lookback, horizon, scaler: 'none', split: { validation: 0.1, test: 0.2 } });
  const values = Float64Array.from({ length: rows }, (_, row) => row);
  const series = { rows, time: null, columns: [{ name: 'y', values }], fingerprint: '', notes: [] };
  return { experiment, data: prepare(series, experiment) };
}

const forecastsOf = (data: ForecastData) => {
  const told = (part: Part) => data.truth(part).map((value) => value + 0.5);
  return { train: told('train'), validation: told('validation'), test: told('test'), intervals: null };
};

describe('predictions of very many windows', () => {
  const folder = temporaryFolder();

  it('are those of windows that are spread evenly, in every part', () => {
    const { data } = counted();
    const { answered } = data;
    assert.equal(answered.answered, answered);
    assert.deepEqual([data.windowsOf.train.step, data.windowsOf.validation.step, data.windowsOf.test.step], [1, 1, 2]);
    assert.deepEqual([answered.windowsOf.train.step, answered.windowsOf.test.step], [5, 2]);
    // 4000 rows of the test part, less the embargo, a window's inputs and its targets.
    assert.equal(data.windows.test, Math.ceil((4000 - horizon - lookback - horizon + 1) / 2));
    for (const part of ['train', 'validation', 'test'] as const) {
      const { step } = answered.windowsOf[part];
      const origins = answered.origins(part);
      assert.equal(origins.length, answered.windows[part]);
      assert.ok(origins.length * horizon <= 250_000);
      for (const [window, origin] of origins.entries()) {
        assert.equal(origin, answered.row(part, window) + lookback);
        if (window > 0) assert.equal(origin - (origins[window - 1] ?? 0), step);
        assert.equal(answered.truth(part)[0], origins[0]);
        if (window > 3) break;
      }
    }
    assert.equal(data.notes.length, 2, 'both are said');
  });

  it('leave out the rows without a forecast, and are read back as they are told', () => {
    const { experiment, data } = counted();
    const file = path.join(folder.path, 'predictions.csv');
    const forecasts = forecastsOf(data.answered);
    writePredictions(file, experiment, data.answered, forecasts);
    for (const step of [1, 2, horizon]) {
      const read = readPredictions(file, experiment, choice(step));
      assert.deepEqual(read, forecastAt(experiment, data.answered, forecasts, choice(step)));
      const model = read.series[0]?.values ?? [];
      assert.equal(read.starts.validation, data.answered.windows.train);
      // The validation part is told of whole: rows, and windows where they are answered.
      assert.equal(read.starts.test - read.starts.validation, 2000);
      assert.equal(model.length - read.starts.test, data.windows.test);
      for (const at of [0, 100, read.starts.test, model.length - 1]) {
        assert.equal(model[at], (read.truth[at] ?? Number.NaN) + 0.5);
      }
      assert.equal(read.sampled?.every, data.answered.windowsOf.train.step);
      for (const at of [0, 1, 777, read.starts.test + 1]) assert.equal(read.sampled?.rows[at], read.truth[at]);
      const rowsTold = read.truth.slice(read.starts.test, read.starts.test + 3);
      const first = data.row('test', 0) + lookback + step - 1;
      assert.deepEqual(rowsTold, [first, first + 2, first + 4]);
    }
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n').length - 1;
    assert.ok(lines < 800_000, `${lines}`);
  });
});
