import assert from 'node:assert/strict';
import { orderByValue } from '../../../../extension/core/analysis/order';
import { seriesOf } from '../../../../extension/core/analysis/series';
import { orderBySimilarity } from '../../../../extension/core/analysis/similarity';
import { chance, made } from './signals';

describe('the order of units', () => {
  it('by value puts the largest mean first and what has none last', () => {
    const series = made(4, 5, (step, unit) => (unit === 2 ? Number.NaN : ([3, -1, 0, 8, 3][unit] ?? 0)) + step);
    assert.deepEqual([...orderByValue(series)], [3, 0, 4, 1, 2]);
    const values = Float32Array.from([1, 5]);
    assert.deepEqual([...orderByValue(seriesOf(2, values, Float32Array.from([0, 9])))], [0, 1]);
  });

  it('by similarity follows what changes from unit to unit', () => {
    // Waves of slowly growing phase, in disorder: neighbours in phase correlate most.
    const shuffled = Array.from({ length: 40 }, (_, unit) => (unit * 17) % 40);
    const series = made(300, 40, (step, unit) => Math.sin(step / 9 + (shuffled[unit] ?? 0) / 20));
    const phases = [...orderBySimilarity(series)].map((unit) => shuffled[unit] ?? 0);
    const rising = (phases[0] ?? 0) < (phases[1] ?? 0) ? phases : phases.toReversed();
    assert.deepEqual(
      rising,
      Array.from({ length: 40 }, (_, phase) => phase),
    );
  });

  it('by similarity keeps groups together and puts constants last, as often as it is asked', () => {
    const random = chance(5);
    const [a, b, c] = [0, 1, 2].map(() => Float64Array.from({ length: 500 }, () => random.normal()));
    const groups = [a, b, c];
    // Units 0, 3, 6 … follow the first of the groups, and so on; units 4 and 10 never change.
    const series = made(500, 30, (step, unit) =>
      unit === 4 || unit === 10 ? 0.25 : (groups[unit % 3]?.[step] ?? 0) + 0.3 * random.normal(),
    );
    const order = [...orderBySimilarity(series)];
    assert.deepEqual(order.slice(-2), [4, 10]);
    const changes = order.slice(0, -2).filter((unit, rank) => rank > 0 && unit % 3 !== (order[rank - 1] ?? 0) % 3);
    assert.equal(changes.length, 2);
    assert.deepEqual([...orderBySimilarity(series)], order);
    assert.deepEqual(
      order.toSorted((left, right) => left - right),
      [...Array(30).keys()],
    );
  });

  it('is there for a signal of one unit, of one step and of none', () => {
    assert.deepEqual([...orderBySimilarity(made(5, 1, (step) => step))], [0]);
    assert.deepEqual([...orderBySimilarity(made(1, 3, (_, unit) => unit))], [0, 1, 2]);
    assert.deepEqual([...orderBySimilarity(made(0, 2, () => 0))], [0, 1]);
  });
});
