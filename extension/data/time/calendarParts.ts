import { dayMs, hourMs, minuteMs } from './calendar';

const weekMs = 7 * dayMs;

/** Whole days since 1970 of a clock. */
const day = (at: number) => Math.floor(at / dayMs);
/** From Monday, 0. */
const weekday = (at: number) => (((day(at) + 3) % 7) + 7) % 7;
const within = (at: number, span: number) => at - Math.floor(at / span) * span;
const startOfYear = (at: number) => Date.UTC(new Date(at).getUTCFullYear(), 0, 1);

/** The week of ISO 8601: that of its Thursday, counted from the beginning of the year. */
function isoWeek(at: number): number {
  const thursday = (day(at) - weekday(at) + 3) * dayMs;
  return Math.floor((thursday - startOfYear(thursday)) / weekMs) + 1;
}

/** What a calendar says of a time of a clock, in ms as if the clock showed UTC, that comes again and again; the coarse ones first. */
const calendarParts: readonly ((at: number) => number)[] = [
  weekday,
  // From Sunday.
  (at) => (weekday(at) + 1) % 7,
  (at) => Math.floor(within(at, dayMs) / hourMs),
  (at) => Math.floor(within(at, hourMs) / minuteMs),
  (at) => within(at, dayMs),
  (at) => new Date(at).getUTCMonth(),
  (at) => Math.floor(new Date(at).getUTCMonth() / 3),
  (at) => new Date(at).getUTCDate(),
  isoWeek,
  (at) => weekday(at) * dayMs + within(at, dayMs),
  (at) => day(at) - startOfYear(at) / dayMs,
  // Alike in leap years.
  (at) => new Date(at).getUTCMonth() * 32 + new Date(at).getUTCDate(),
];

/** So often a column has to change as the calendar says, in one series. */
const fewestChanges = 6;
const tolerance = 1e-9;

/** Rows of one series in the order of time: clocks in ms as if they showed UTC, and a column. */
export interface Dated {
  readonly clock: Float64Array;
  readonly values: Float64Array;
}

/**
 * Whether a column follows from the time of its rows alone: from what the calendar says of each, such as weekday, hour or month. It must do so
 * in every row of all `series`, and in the first of them it must change often enough as was told: either it counts what the calendar counts, or
 * what it was at an earlier time of which the calendar says the same. Several series at the same times tell nothing of that, since any weather is
 * the same for all.
 */
export const followsCalendar = (series: readonly Dated[]): boolean => calendarRule(series) !== null;

/** What a column is at a time of a clock; NaN where the calendar has not said that before. */
type CalendarRule = (at: number) => number;

/** How a column follows from the time of its rows alone, as {@link followsCalendar} has it; null where it does not. */
export function calendarRule(series: readonly Dated[]): CalendarRule | null {
  for (const part of calendarParts) {
    const rule = counts(series, part) ?? repeats(series, part);
    if (rule !== null) return rule;
  }
  return null;
}

/** A column that is a part of the calendar as it is counted, from whatever number. */
function counts(series: readonly Dated[], part: (at: number) => number): CalendarRule | null {
  let from: number | null = null;
  let changes = 0;
  for (const [s, { clock, values }] of series.entries()) {
    for (let row = 0; row < values.length; row++) {
      const value = values[row] ?? Number.NaN;
      from ??= value - part(clock[row] ?? 0);
      if (!isEqual(value, from + part(clock[row] ?? 0))) return null;
      if (s === 0 && row > 0 && value !== values[row - 1]) changes++;
    }
  }
  const first = from ?? Number.NaN;
  return changes >= fewestChanges ? (at) => first + part(at) : null;
}

/** A column that is always the same where a part of the calendar is, and of whose changes most have been seen before. */
function repeats(series: readonly Dated[], part: (at: number) => number): CalendarRule | null {
  const known = new Map<number, number>();
  let [changes, told] = [0, 0];
  for (const [s, { clock, values }] of series.entries()) {
    for (let row = 0; row < values.length; row++) {
      const key = part(clock[row] ?? 0);
      const value = values[row] ?? Number.NaN;
      const said = known.get(key);
      if (said === undefined) known.set(key, value);
      else if (!isEqual(value, said)) return null;
      if (s > 0 || row === 0 || isEqual(value, values[row - 1] ?? Number.NaN)) continue;
      changes++;
      if (said !== undefined) told++;
    }
  }
  return told >= fewestChanges && 2 * told >= changes ? (at) => known.get(part(at)) ?? Number.NaN : null;
}

const isEqual = (a: number, b: number) => Math.abs(a - b) <= tolerance * Math.max(1, Math.abs(a));

/** What clocks in a zone show at some moments, in ms as if they showed UTC. Days are days in every zone, and no zone is UTC. */
export function clocksIn(zone: string | null, moments: Float64Array): Float64Array {
  if (zone === null || moments.every((moment) => within(moment, dayMs) === 0)) return moments;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const offsets = new Map<number, number>();
  // No zone changes its clocks but at a quarter of an hour.
  const quarter = 15 * minuteMs;
  const offsetAt = (moment: number) => {
    const start = Math.floor(moment / quarter) * quarter;
    const known = offsets.get(start);
    if (known !== undefined) return known;
    const said = new Map(format.formatToParts(start).map(({ type, value }) => [type, Number(value)]));
    const [year = 0, month = 1, date = 1, hour = 0, minute = 0] = (
      ['year', 'month', 'day', 'hour', 'minute'] as const
    ).map((type) => said.get(type));
    const offset = Date.UTC(year, month - 1, date, hour, minute) - start;
    offsets.set(start, offset);
    return offset;
  };
  return moments.map((moment) => moment + offsetAt(moment));
}
