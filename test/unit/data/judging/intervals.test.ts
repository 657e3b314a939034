import assert from 'node:assert/strict';
import { RandomStream, streams } from '../../../../extension/core/random';
import { prepare } from '../../../../extension/data/forecast/windows';
import { conformalIntervals, judgeIntervals } from '../../../../extension/data/judging/intervals';
import { experimentOn } from '../../../support/experiments';

/** Levels from 100 to 300 with noise that is a share of them. */
function noisy(rows: number, seed: number) {
  const random = new RandomStream(seed, streams.weights, 0);
  const level = (row: number) => 200 + 100 * Math.sin(row / 9);
  const values = Float64Array.from({ length: rows }, (_, row) => level(row) * Math.exp(0.05 * random.normal()));
  const series = { rows, time: null, columns: [{ name: 'y', values }], fingerprint: '', notes: [] };
  const data = prepare(series, experimentOn({ transform: 'log', split: { validation: 0.3, test: 0.5 }, horizon: 2 }));
  const told = (part: 'validation' | 'test') =>
    Float64Array.from(data.origins(part)).reduce(
      (all, origin, window) => {
        all[2 * window] = level(origin);
        // The second step is forecast worse.
        all[2 * window + 1] = level(origin + 1) * Math.exp(0.2 * random.normal());
        return all;
      },
      new Float64Array(2 * data.windows[part]),
    );
  return { data, points: { validation: told('validation'), test: told('test') } };
}

describe('prediction intervals', () => {
  it('hold the truth about as often as they should, at every step of the horizon, and say how often', () => {
    const { data, points } = noisy(3000, 1);
    const intervals = conformalIntervals(data, points);
    assert.ok(intervals !== null);
    const report = judgeIntervals(data, intervals);
    assert.ok(report !== null && report.method === 'conformal' && report.level === 0.9);
    for (const share of [report.coverage, ...report.perHorizon])
      assert.ok(Math.abs(share - 0.9) < 0.035, String(share));
    // Counted anew, and as wide at the second step as it is worse.
    const truth = data.truth('test');
    const held = truth.filter(
      (value, i) => value >= (intervals.low.test[i] ?? 0) && value <= (intervals.high.test[i] ?? 0),
    );
    assert.equal(report.coverage.toFixed(12), (held.length / truth.length).toFixed(12));
    const width = (step: number) => (intervals.high.test[step] ?? 0) / (intervals.low.test[step] ?? 1);
    assert.ok(width(1) > 1.5 * width(0));
  });

  it('are as wide as the smallest error that enough are below, and grow with the level of a log', () => {
    const { data, points } = noisy(400, 2);
    const intervals = conformalIntervals(data, points);
    const truth = data.truth('validation');
    const count = data.windows.validation;
    const errors = Array.from({ length: count }, (_, window) =>
      Math.abs(Math.log((truth[2 * window] ?? 0) / (points.validation[2 * window] ?? 1))),
    ).sort((a, b) => a - b);
    const reach = errors[Math.ceil(0.9 * (count + 1)) - 1] ?? 0;
    for (const window of [0, 30]) {
      const point = points.test[2 * window] ?? 0;
      const high = intervals?.high.test[2 * window] ?? 0;
      assert.ok(Math.abs(high - point * Math.exp(reach)) < 1e-6 * high, `${high} ${point * Math.exp(reach)}`);
    }
  });

  it('are none where too few errors are known', () => {
    const { data, points } = noisy(40, 3);
    assert.ok(data.windows.validation < 9);
    assert.equal(conformalIntervals(data, points), null);
  });
});
