import { timeWriter } from '../numbers';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
/** Mean lengths, to choose a stride by; the splits themselves follow the calendar. */
const month = 30.44 * day;
const year = 365.25 * day;

const fine = [1, 5, 15, 30]
  .flatMap((n) => n * second)
  .concat(
    [1, 5, 15, 30].map((n) => n * minute),
    [1, 3, 6, 12].map((n) => n * hour),
    [1, 2, 7, 14].map((n) => n * day),
  );
const inMonths = [1, 3, 6, 12, 24, 60, 120, 240, 600, 1200];

export interface TimeSplits {
  readonly at: number[];
  /** Milliseconds from one to the next, about. */
  readonly stride: number;
}

/** Round moments between `min` and `max` (ms since 1970, UTC), at most `most` of them. */
export function timeSplits(min: number, max: number, most: number): TimeSplits {
  const wanted = (max - min) / Math.max(1, most);
  const short = fine.find((stride) => stride >= wanted);
  if (short !== undefined) {
    const at: number[] = [];
    for (let time = Math.ceil(min / short) * short; time <= max; time += short) at.push(time);
    return { at, stride: short };
  }
  const months = inMonths.find((count) => count * month >= wanted) ?? Math.ceil(wanted / (1200 * month)) * 1200;
  const from = new Date(min);
  const first = Math.floor((from.getUTCFullYear() * 12 + from.getUTCMonth()) / months) * months;
  const at: number[] = [];
  for (let count = first; ; count += months) {
    // `setUTCFullYear` takes years below 100 as they are, which `Date.UTC` does not.
    const time = new Date(0).setUTCFullYear(Math.floor(count / 12), count % 12, 1);
    if (time > max) break;
    if (time >= min) at.push(time);
  }
  return { at, stride: months >= 12 ? year : month };
}

/** The labels of such moments, no finer than they need be. */
export function timeLabels({ at, stride }: TimeSplits): string[] {
  return at.map(timeWriter(stride));
}
