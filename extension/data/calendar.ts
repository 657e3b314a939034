/** How far apart the rows of a series are. */
export type TimeStep =
  | { readonly kind: 'months'; readonly months: number }
  /** One row a day, none on Saturday and Sunday. */
  | { readonly kind: 'weekdays' }
  | { readonly kind: 'duration'; readonly ms: number };

export const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The usual step of ascending times in ms; null where there are too few rows to tell, or the usual step is zero. */
export function stepOf(time: ArrayLike<number>): TimeStep | null {
  const steps = new Float64Array(Math.max(0, time.length - 1));
  for (let i = 0; i < steps.length; i++) steps[i] = (time[i + 1] ?? 0) - (time[i] ?? 0);
  const ms = steps.sort()[steps.length >> 1] ?? 0;
  if (!(ms > 0)) return null;
  const dates = Array.from(time, (at) => new Date(at));
  const firsts = dates.every((date) => date.getUTCDate() === dates[0]?.getUTCDate());
  const lasts = dates.every((date) => new Date(date.getTime() + dayMs).getUTCDate() === 1);
  if (ms >= 28 * dayMs && (firsts || lasts)) return { kind: 'months', months: Math.round(ms / (30.436875 * dayMs)) };
  if (ms === dayMs && time.length > 7 && dates.every((date) => !isWeekend(date))) return { kind: 'weekdays' };
  return { kind: 'duration', ms };
}

/** The times, in ms, of the next `steps` rows after ascending times. */
export function timesAfter(time: ArrayLike<number>, steps: number): number[] {
  const last = time[time.length - 1] ?? 0;
  const step = stepOf(time) ?? { kind: 'duration', ms: 0 };
  const after: number[] = [];
  let at = last;
  for (let i = 1; i <= steps; i++) {
    at = step.kind === 'months' ? addMonths(last, step.months * i) : addStep(at, step);
    after.push(at);
  }
  return after;
}

/** Steps between neighbouring rows that are half as long again as usual, or longer. */
export function countGaps(time: ArrayLike<number>): number {
  const step = stepOf(time);
  if (step === null) return 0;
  let gaps = 0;
  for (let i = 1; i < time.length; i++) {
    const before = time[i - 1] ?? 0;
    const expected = step.kind === 'months' ? addMonths(before, step.months) : addStep(before, step);
    if ((time[i] ?? 0) - before >= 1.5 * (expected - before)) gaps++;
  }
  return gaps;
}

function addStep(at: number, step: Exclude<TimeStep, { kind: 'months' }>): number {
  if (step.kind === 'duration') return at + step.ms;
  let next = at + dayMs;
  while (isWeekend(new Date(next))) next += dayMs;
  return next;
}

/** Keeps the day of the month; the last day of a month stays the last day. */
function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  const isLast = new Date(at + dayMs).getUTCDate() === 1;
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  // The first of a month is a label for the month; the 31st, or the 28th of a February, means its end.
  date.setUTCDate(isLast && day >= 28 ? length : Math.min(day, length));
  return date.getTime();
}

function isWeekend(date: Date): boolean {
  return date.getUTCDay() === 0 || date.getUTCDay() === 6;
}
