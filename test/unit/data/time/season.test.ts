import assert from 'node:assert/strict';
import { dayMs, hourMs } from '../../../../extension/data/time/calendar';
import { calendarSeasons, findSeason } from '../../../../extension/data/time/season';
import { noise } from '../../../support/noise';

const wave = (rows: number, period: number, trend: number, disturbance: number) => {
  const next = noise(7);
  return Float64Array.from(
    { length: rows },
    (_, i) => Math.sin((2 * Math.PI * i) / period) + trend * i + disturbance * next(),
  );
};

describe('season', () => {
  it('knows what the calendar suggests', () => {
    assert.deepEqual(calendarSeasons({ kind: 'months', months: 1 }), [12]);
    assert.deepEqual(calendarSeasons({ kind: 'months', months: 3 }), [4]);
    assert.deepEqual(calendarSeasons({ kind: 'months', months: 12 }), []);
    assert.deepEqual(calendarSeasons({ kind: 'duration', ms: dayMs }), [7, 365]);
    assert.deepEqual(calendarSeasons({ kind: 'duration', ms: hourMs }), [24, 168, 8766]);
    assert.deepEqual(calendarSeasons({ kind: 'weekdays' }), [5, 261]);
  });

  it('finds a season of the calendar on a trend and under noise', () => {
    assert.equal(findSeason(wave(96, 12, 0.2, 0.5), { kind: 'months', months: 1 })?.rows, 12);
  });

  it('does not take slowness for a season', () => {
    const found = findSeason(wave(2000, 365, 0, 0.3), { kind: 'duration', ms: dayMs });
    assert.equal(found?.rows, 365);
  });

  it('finds a season that no calendar suggests', () => {
    const found = findSeason(wave(400, 33, 0, 0.3), null);
    assert.ok(found !== null && Math.abs(found.rows - 33) <= 1 && !found.calendar, JSON.stringify(found));
  });

  it('finds none in noise, a walk, a line or a constant', () => {
    const next = noise(3);
    assert.equal(findSeason(Float64Array.from({ length: 300 }, next), { kind: 'months', months: 1 }), null);
    let at = 0;
    const walk = Float64Array.from({ length: 300 }, () => {
      at += next();
      return at;
    });
    assert.equal(findSeason(walk, { kind: 'duration', ms: dayMs }), null);
    assert.equal(
      findSeason(
        Float64Array.from({ length: 300 }, (_, i) => i),
        null,
      ),
      null,
    );
    assert.equal(findSeason(new Float64Array(300).fill(4), { kind: 'months', months: 1 }), null);
    assert.equal(findSeason(new Float64Array(), null), null);
  });
});
