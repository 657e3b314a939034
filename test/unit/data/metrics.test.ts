import assert from 'node:assert/strict';
import { forecastMetrics } from '../../../extension/data/metrics';

describe('metrics', () => {
  it('are those computed by hand', () => {
    assert.deepEqual(forecastMetrics([1, 2, 3, 4], [1, 4, 0, 4]), { mae: 5 / 4, rmse: Math.sqrt(13 / 4) });
  });

  it('are no numbers where there is nothing to measure', () => {
    assert.deepEqual(forecastMetrics([], []), { mae: Number.NaN, rmse: Number.NaN });
  });
});
