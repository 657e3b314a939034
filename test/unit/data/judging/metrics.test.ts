import assert from 'node:assert/strict';
import { forecastMetrics, metricsPerStep, naiveError } from '../../../../extension/data/judging/metrics';

describe('metrics', () => {
  it('are those computed by hand', () => {
    const smape = (200 * (0 + 2 / 6 + 3 / 3 + 0)) / 4;
    assert.deepEqual(forecastMetrics([1, 2, 3, 4], [1, 4, 0, 4]), { mae: 5 / 4, rmse: Math.sqrt(13 / 4), smape });
    assert.equal(forecastMetrics([1, 2, 3, 4], [1, 4, 0, 4], 2.5)['mase'], 0.5);
  });

  it('lie between 0 and 200 percent, and are 0 where nothing is forecast as nothing', () => {
    assert.equal(forecastMetrics([0, 0], [0, 0])['smape'], 0);
    assert.equal(forecastMetrics([0, -1], [1, 1])['smape'], 200);
  });

  it('are no numbers where there is nothing to measure', () => {
    assert.deepEqual(forecastMetrics([], []), { mae: Number.NaN, rmse: Number.NaN, smape: Number.NaN });
  });

  it('are told for each step of the horizon', () => {
    const [first, second, ...more] = metricsPerStep(Float64Array.of(1, 2, 3, 4), Float64Array.of(1, 3, 3, 7), 2, 2);
    assert.deepEqual(first, { mae: 0, rmse: 0, mase: 0, smape: 0 });
    assert.deepEqual([second?.['mae'], second?.['rmse'], second?.['mase']], [2, Math.sqrt(5), 1]);
    assert.deepEqual(more, []);
    assert.deepEqual(metricsPerStep(new Float64Array(0), new Float64Array(0), 2, 2), []);
  });

  it('are scaled by what repeating errs in the training part', () => {
    const training = Float64Array.of(1, 3, 2, 6, 5, 9);
    assert.equal(naiveError(training, null), (2 + 1 + 4 + 1 + 4) / 5);
    assert.equal(naiveError(training, 2), (1 + 3 + 3 + 3) / 4);
    assert.equal(naiveError(training, 6), naiveError(training, 1));
    assert.equal(naiveError(Float64Array.of(1, 2, 1, 2), 2), null);
  });
});
