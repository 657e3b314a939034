import assert from 'node:assert/strict';
import path from 'node:path';
import { baselineForecasts, baselinesFor } from '../../../../extension/data/forecast/baselines';
import { loadHistory } from '../../../../extension/data/forecast/series';
import { forecastMetrics } from '../../../../extension/data/judging/metrics';

describe('baselines', () => {
  const values = Float64Array.from([1, 2, 3, 4, 5, 6, 7]);

  it('repeats the last value before the origin', () => {
    assert.deepEqual(Array.from(baselineForecasts('persistence', values, [2, 5], 3, null)), [2, 2, 2, 5, 5, 5]);
  });

  it('repeats the last whole season before the origin, over and over', () => {
    assert.deepEqual(Array.from(baselineForecasts('seasonalNaive', values, [4], 5, 2)), [3, 4, 3, 4, 3]);
  });

  it('goes on along the line from the first value to the last', () => {
    const bent = Float64Array.of(1, 9, 2, 5, 0);
    assert.deepEqual(Array.from(baselineForecasts('drift', bent, [3], 2, null)), [2.5, 3]);
    assert.deepEqual(Array.from(baselineForecasts('drift', bent, [1], 2, null)), [1, 1]);
  });

  it('falls back to the last value where no season lies before', () => {
    assert.deepEqual(Array.from(baselineForecasts('seasonalNaive', values, [2, 3], 1, 3)), [2, 1]);
  });

  it('reads no row at or after the origin', () => {
    const later = values.map((value, row) => (row >= 4 ? 1e9 : value));
    for (const name of ['persistence', 'seasonalNaive', 'drift'] as const) {
      assert.deepEqual(baselineForecasts(name, later, [4], 4, 3), baselineForecasts(name, values, [4], 4, 3));
    }
  });

  it('offers seasonal-naive only where there is a season', () => {
    assert.deepEqual(baselinesFor(null), ['persistence', 'drift', 'linear']);
    assert.deepEqual(baselinesFor(12), ['persistence', 'seasonalNaive', 'drift', 'linear']);
  });

  // Published for these series: one step ahead over the last rows.
  const known: [string, string, string, number, number, number, number][] = [
    ['airline-passengers', 'Passengers', 'Month', 48, 12, 48.04, 41.85],
    ['daily-min-temperatures', 'Temp', 'Date', 730, 365, 2.481, 3.728],
    ['monthly-sunspots', 'Sunspots', 'Month', 564, 132, 20.09, 45.44],
  ];
  for (const [sample, column, time, count, season, persistence, seasonalNaive] of known) {
    it(`has the known errors on ${sample}`, async () => {
      const series = await loadHistory(path.resolve('samples', `${sample}.csv`), [column], time, 'forwardFill');
      const [target] = series.columns;
      assert.ok(target !== undefined);
      const origins = Array.from({ length: count }, (_, i) => series.rows - count + i);
      const truth = target.values.subarray(series.rows - count);
      const rmse = (name: 'persistence' | 'seasonalNaive') =>
        forecastMetrics(truth, baselineForecasts(name, target.values, origins, 1, season))['rmse'] ?? Number.NaN;
      assert.equal(Number(rmse('persistence').toPrecision(4)), persistence);
      assert.equal(Number(rmse('seasonalNaive').toPrecision(4)), seasonalNaive);
    });
  }
});
