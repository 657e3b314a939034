import assert from 'node:assert/strict';
import { matchSpan } from '../../../../extension/core/analysis/match';
import { chosenUnits, suggestedThreshold } from '../../../../extension/core/analysis/selection';
import { chance, made } from './signals';

/** Noise around zero; units 2, 5, 7 and 11 are on together at each of the places. */
function planted(places: readonly (readonly [number, number])[], steps = 2000) {
  const random = chance(9);
  const units = [2, 5, 7, 11];
  return made(steps, 16, (step, unit) => {
    const on = units.includes(unit) && places.some(([from, to]) => step >= from && step < to);
    return on ? 0.8 + 0.05 * random.uniform() : 0.3 * (random.uniform() - 0.5);
  });
}

describe('the units that a span chooses', () => {
  it('are on throughout and off before and after', () => {
    const rows = [
      [0, 0, 1, 0],
      [1, 1, 1, 1],
      [1, 0, 1, 1],
      [0, 0, 0, 1],
    ];
    const series = made(4, 4, (step, unit) => rows[step]?.[unit] ?? 0);
    assert.deepEqual(chosenUnits(series, { from: 1, to: 3 }, 0.5), [0]);
    // At an end of the sequence there is no step that it would have to be off at.
    assert.deepEqual(chosenUnits(series, { from: 1, to: 4 }, 0.5), [3]);
    assert.deepEqual(chosenUnits(series, { from: 0, to: 3 }, 0.5), [2]);
  });

  it('suggest a threshold, by which no other chooses more', () => {
    const random = chance(10);
    const series = made(50, 30, () => random.normal());
    for (const span of [
      { from: 10, to: 12 },
      { from: 0, to: 1 },
      { from: 47, to: 50 },
    ]) {
      const threshold = suggestedThreshold(series, span) ?? 0;
      const chosen = chosenUnits(series, span, threshold).length;
      const tried = Array.from({ length: 400 }, (_, i) => chosenUnits(series, span, (i + 1) / 100).length);
      assert.equal(chosen, Math.max(...tried));
    }
    assert.equal(
      suggestedThreshold(
        made(9, 3, () => -1),
        { from: 2, to: 4 },
      ),
      null,
    );
  });
});

describe('a match', () => {
  it('finds where the pattern was planted, the best first, and nothing else', () => {
    const series = planted([
      [100, 120],
      [700, 721],
      [1500, 1514],
      [1990, 1995],
    ]);
    const { threshold, units, places, significance } = matchSpan(series, { from: 100, to: 120 }, null);
    assert.deepEqual(units, [2, 5, 7, 11]);
    assert.ok(threshold > 0.15 && threshold < 0.8);
    // The last place is less than half as long as the span.
    assert.deepEqual(
      places.map(({ from, to, share, series: at }) => [from, to, share, at]),
      [
        [700, 721, 1, 0],
        [1500, 1514, 1, 0],
      ],
    );
    assert.equal(significance, 1 / 200);
  });

  it('counts places where most of the units are on', () => {
    const series = planted([
      [100, 110],
      [400, 410],
      [800, 810],
    ]);
    for (let step = 400; step < 410; step++) series.values[step * 16 + 2] = 0;
    for (let step = 800; step < 810; step++) for (const unit of [2, 5]) series.values[step * 16 + unit] = 0;
    const { places } = matchSpan(series, { from: 100, to: 110 }, 0.5);
    assert.deepEqual(places, [{ from: 400, to: 410, share: 0.75, series: 0 }]);
  });

  it('is looked for in other series too, from their first step to their last', () => {
    const series = planted([[100, 110]], 200);
    const others = [
      planted([], 400),
      planted(
        [
          [0, 9],
          [390, 400],
        ],
        400,
      ),
      planted([[20, 30]], 400),
    ];
    const { places, significance } = matchSpan(series, { from: 100, to: 110 }, 0.5, others);
    assert.deepEqual(
      places.map(({ from, to, series: at }) => [at, from, to]),
      [
        [2, 390, 400],
        [3, 20, 30],
        [2, 0, 9],
      ],
    );
    assert.ok(significance < 0.1);
    // What seldom happens by chance in a few long series happens in one of very many short ones.
    const many = Array.from({ length: 300 }, () => planted([[0, 10]], 40));
    assert.ok(matchSpan(series, { from: 100, to: 110 }, 0.5, many).significance > 0.5);
  });

  it('is no wonder among units that are on most of the time', () => {
    const random = chance(11);
    const series = made(3000, 4, () => (random.uniform() < 0.9 ? 1 : 0));
    // At steps 500 to 503 all are on, before and after none is.
    for (let unit = 0; unit < 4; unit++) for (let step = 499; step < 504; step++) series.values[step * 4 + unit] = 1;
    for (let unit = 0; unit < 4; unit++) for (const step of [499, 503]) series.values[step * 4 + unit] = 0;
    const { units, places, significance } = matchSpan(series, { from: 500, to: 503 }, 0.5);
    assert.equal(units.length, 4);
    assert.ok(places.length > 50);
    assert.ok(significance > 0.9);
    assert.deepEqual(matchSpan(series, { from: 500, to: 503 }, 0.5).significance, significance);
  });

  it('finds nothing where the span chooses nothing', () => {
    const { units, places, significance } = matchSpan(
      made(30, 3, () => 0.2),
      { from: 3, to: 6 },
      null,
    );
    assert.deepEqual([units, places, significance], [[], [], 1]);
  });
});
