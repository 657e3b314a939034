import assert from 'node:assert/strict';
import { dayMs, hourMs } from '../../../../extension/data/time/calendar';
import { clocksIn, followsCalendar } from '../../../../extension/data/time/calendarParts';
import { noise } from '../../../support/noise';

/** Rows from a Wednesday on, 1 January 2020, and a column that is made of their dates. */
function rows(count: number, step: number, value: (date: Date, row: number) => number) {
  const clock = Float64Array.from({ length: count }, (_, row) => Date.UTC(2020, 0, 1) + row * step);
  return { clock, values: clock.map((at, row) => value(new Date(at), row)) };
}

/** Easter Sundays. */
const easters = ['2020-04-12', '2021-04-04', '2022-04-17', '2023-04-09'];

describe('what follows from the calendar', () => {
  const daily: [string, number, (date: Date, row: number) => number][] = [
    ['the weekday', 90, (date) => date.getUTCDay()],
    ['the weekday from Monday, 1', 90, (date) => ((date.getUTCDay() + 6) % 7) + 1],
    ['whether it is a weekend', 60, (date) => (date.getUTCDay() % 6 === 0 ? 1 : 0)],
    ['an angle of the weekday', 60, (date) => Math.sin((2 * Math.PI * date.getUTCDay()) / 7)],
    ['the month, also of less than two years', 400, (date) => date.getUTCMonth() + 1],
    ['the day of the month', 200, (date) => date.getUTCDate()],
    ['an angle of the day of the year', 800, (date, _) => Math.cos(dayOfYear(date) / 58)],
    [
      'a feast of a fixed date',
      1500,
      (date) => ([0, 6, 11].includes(date.getUTCMonth()) && date.getUTCDate() === 25 ? 1 : 0),
    ],
  ];
  for (const [what, count, value] of daily) {
    it(`is ${what}`, () => assert.ok(followsCalendar([rows(count, dayMs, value)])));
  }

  it('is the hour, and what is open in some hours of some days', () => {
    assert.ok(followsCalendar([rows(24 * 20, hourMs, (date) => date.getUTCHours())]));
    const isOpen = (date: Date) =>
      date.getUTCDay() % 6 !== 0 && date.getUTCHours() > 8 && date.getUTCHours() < 18 ? 1 : 0;
    assert.ok(followsCalendar([rows(24 * 40, hourMs, isOpen)]));
  });

  const next = noise(3);
  const other: [string, number, (date: Date, row: number) => number][] = [
    ['what is measured, however it swings', 900, (date) => Math.sin(dayOfYear(date) / 58) + 1e-3 * next()],
    ['a feast that moves', 1400, (date) => (easters.includes(date.toISOString().slice(0, 10)) ? 1 : 0)],
    ['what never happened again', 500, (_, row) => (row === 100 || row === 480 ? 1 : 0)],
    [
      'what happened on a few days of a year, none of which came again',
      500,
      (_, row) => ([140, 200, 260, 300, 340].includes(row) ? 1 : 0),
    ],
    ['a weekday that was told too seldom', 14, (date) => (date.getUTCDay() % 6 === 0 ? 1 : 0)],
    ['a weekend with one exception', 300, (date, row) => (date.getUTCDay() % 6 === 0 || row === 152 ? 1 : 0)],
    ['every third row', 400, (_, row) => (row % 3 === 0 ? 1 : 0)],
  ];
  for (const [what, count, value] of other) {
    it(`is not ${what}`, () => assert.ok(!followsCalendar([rows(count, dayMs, value)])));
  }

  it('is told by a series itself: any weather is the same for two shops', () => {
    const weather = rows(300, dayMs, () => 0);
    const cold = noise(8);
    weather.values.forEach((_, row) => {
      weather.values[row] = cold();
    });
    assert.ok(!followsCalendar([weather, weather, weather]));
    const [open, closed] = [rows(90, dayMs, (date) => date.getUTCDay()), rows(90, dayMs, () => 5)];
    assert.ok(!followsCalendar([open, closed]));
    assert.ok(followsCalendar([open, rows(20, dayMs, (date) => date.getUTCDay())]));
  });

  it('is read off the clocks of a zone, whose summer hours are others, and off days as they are', () => {
    const utc = rows(24 * 300, hourMs, () => 0);
    const format = new Intl.DateTimeFormat('en-US', { timeZone: 'Europe/Berlin', hour: 'numeric', hourCycle: 'h23' });
    const hours = utc.clock.map((at) => Number(format.format(at)));
    assert.ok(!followsCalendar([{ clock: utc.clock, values: hours }]));
    assert.ok(followsCalendar([{ clock: clocksIn('Europe/Berlin', utc.clock), values: hours }]));
    assert.deepEqual(
      [...clocksIn('Asia/Kathmandu', Float64Array.of(Date.UTC(2020, 6, 1, 12, 20)))],
      [Date.UTC(2020, 6, 1, 18, 5)],
    );
    const days = rows(10, dayMs, () => 0).clock;
    assert.deepEqual(clocksIn('America/New_York', days), days);
  });
});

const dayOfYear = (date: Date) => Math.floor((date.getTime() - Date.UTC(date.getUTCFullYear(), 0, 0)) / dayMs);
