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
  if (ms >= 28 * dayMs && (every(time, (at) => dayOf(at) === dayOf(time[0] ?? 0)) || every(time, isMonthEnd))) {
    return { kind: 'months', months: Math.round(ms / (30.436875 * dayMs)) };
  }
  if (ms === dayMs && time.length > 7 && every(time, (at) => !isWeekend(at))) return { kind: 'weekdays' };
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

/** Rows, in the order of time, before which the step is half as long again as usual, or longer. */
export function rowsAfterGaps(time: ArrayLike<number>): number[] {
  const step = stepOf(time);
  if (step === null) return [];
  const gaps: number[] = [];
  for (let i = 1; i < time.length; i++) {
    const before = time[i - 1] ?? 0;
    const expected = step.kind === 'months' ? addMonths(before, step.months) : addStep(before, step);
    if ((time[i] ?? 0) - before >= 1.5 * (expected - before)) gaps.push(i);
  }
  return gaps;
}

/** The times that a gap lacks: the usual ones after `from`, as far as they come before `to` by more than half a step; at most `most`. */
export function timesBetween(from: number, to: number, step: TimeStep, most: number): number[] {
  const times: number[] = [];
  for (let i = 1, at = from; times.length <= most; i++) {
    const after = (k: number, then: number) =>
      step.kind === 'months' ? addMonths(from, step.months * k) : addStep(then, step);
    const next = after(i, at);
    if (to - next <= (after(i + 1, next) - next) / 2) break;
    times.push(next);
    at = next;
  }
  return times;
}

function addStep(at: number, step: Exclude<TimeStep, { kind: 'months' }>): number {
  if (step.kind === 'duration') return at + step.ms;
  let next = at + dayMs;
  while (isWeekend(next)) next += dayMs;
  return next;
}

/** Keeps the day of the month; the last day of a month stays the last day. */
function addMonths(at: number, months: number): number {
  const date = new Date(at);
  const day = date.getUTCDate();
  const isLast = isMonthEnd(at);
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + months);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  // The first of a month is a label for the month; the 31st, or the 28th of a February, means its end.
  date.setUTCDate(isLast && day >= 28 ? length : Math.min(day, length));
  return date.getTime();
}

function every(time: ArrayLike<number>, test: (at: number) => boolean): boolean {
  for (let i = 0; i < time.length; i++) if (!test(time[i] ?? 0)) return false;
  return true;
}

/** Day of the month, from 1. */
function dayOf(at: number): number {
  return new Date(at).getUTCDate();
}

function isMonthEnd(at: number): boolean {
  return dayOf(at + dayMs) === 1;
}

function isWeekend(at: number): boolean {
  const day = new Date(at).getUTCDay();
  return day === 0 || day === 6;
}
