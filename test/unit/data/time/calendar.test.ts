import assert from 'node:assert/strict';
import {
  dayMs,
  hourMs,
  rowsAfterGaps,
  stepOf,
  timesAfter,
  timesBetween,
} from '../../../../extension/data/time/calendar';

const days = (...dates: string[]) => dates.map((date) => Date.parse(date));

describe('calendar', () => {
  it('knows the times that a gap lacks', () => {
    const day = (date: string) => Date.parse(`2021-${date}`);
    const daily = { kind: 'duration', ms: dayMs } as const;
    assert.deepEqual(timesBetween(day('01-01'), day('01-04'), daily, 9), [day('01-02'), day('01-03')]);
    // A little early or late is the next row, not one more.
    assert.deepEqual(timesBetween(day('01-01'), day('01-03') - hourMs, daily, 9), [day('01-02')]);
    assert.deepEqual(timesBetween(day('01-31'), day('04-30'), { kind: 'months', months: 1 }, 9), [
      day('02-28'),
      day('03-31'),
    ]);
    assert.deepEqual(timesBetween(day('01-07'), day('01-12'), { kind: 'weekdays' }, 9), [day('01-08'), day('01-11')]);
    assert.equal(timesBetween(0, 1e15, daily, 9).length, 10);
  });

  it('counts months as months', () => {
    const months = days('2019-10-01', '2019-11-01', '2019-12-01');
    assert.deepEqual(stepOf(months), { kind: 'months', months: 1 });
    assert.deepEqual(timesAfter(months, 3), days('2020-01-01', '2020-02-01', '2020-03-01'));
  });

  it('keeps to the ends of months', () => {
    const ends = days('2019-11-30', '2019-12-31', '2020-01-31');
    assert.deepEqual(timesAfter(ends, 3), days('2020-02-29', '2020-03-31', '2020-04-30'));
  });

  it('knows quarters and years', () => {
    assert.deepEqual(timesAfter(days('2019-04-01', '2019-07-01', '2019-10-01'), 1), days('2020-01-01'));
    assert.deepEqual(timesAfter(days('2017-01-01', '2018-01-01', '2019-01-01'), 2), days('2020-01-01', '2021-01-01'));
  });

  it('knows weekdays', () => {
    const start = Date.parse('2024-01-01');
    const weekdays = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11].map((day) => start + day * dayMs);
    assert.deepEqual(stepOf(weekdays), { kind: 'weekdays' });
    assert.deepEqual(timesAfter(weekdays, 2), days('2024-01-15', '2024-01-16'));
    assert.equal(rowsAfterGaps(weekdays).length, 0);
  });

  it('takes the usual step of anything else, and counts what is longer', () => {
    const hours = [0, 1, 2, 5, 6, 7].map((hour) => hour * hourMs);
    assert.deepEqual(stepOf(hours), { kind: 'duration', ms: hourMs });
    assert.deepEqual(timesAfter(hours, 2), [8 * hourMs, 9 * hourMs]);
    assert.equal(rowsAfterGaps(hours).length, 1);
  });

  it('has no step where there is nothing to measure', () => {
    assert.equal(stepOf([]), null);
    assert.equal(stepOf([5]), null);
    assert.equal(stepOf([5, 5, 5]), null);
  });
});
