import { isFiniteNumber, numberAt, type Series, stepsOf } from './series';

/** Below and above these a gate is as good as shut or open. */
const [shut, open] = [0.1, 0.9];

/** A step, and what was looked for there. */
export interface Found {
  readonly step: number;
  readonly value: number;
}

/**
 * The next step, seen from `from`, at which the absolute value is at a peak: larger than before and after it, and at least half of the
 * largest of all. `unit` null: the largest of all units at each step.
 */
export function nextPeak(series: Series, unit: number | null, from: number, towards: 1 | -1): Found | null {
  const along = alongSteps(series, unit, (step) => largestAt(series, step));
  const size = along.map((value) => (isFiniteNumber(value) ? Math.abs(value) : 0));
  const least = size.reduce((most, value) => Math.max(most, value), 0) / 2;
  const isPeak = (step: number) => {
    const here = size[step] ?? 0;
    if (here < least || here <= (size[step - 1] ?? 0)) return false;
    // Of a plateau the first step is the peak, so it is found once.
    let end = step;
    while (size[end + 1] === here) end++;
    return here > (size[end + 1] ?? 0);
  };
  return nextStep(along, isPeak, from, towards);
}

/**
 * The next step, seen from `from`, at which a gate becomes saturated: below 0.1 or above 0.9, when it was not at the step before. `unit`
 * null: when most units are, and the value is then their share.
 */
export function nextSaturation(series: Series, unit: number | null, from: number, towards: 1 | -1): Found | null {
  const along = alongSteps(series, unit, (step) => saturatedShare(series, step));
  const isSaturated = (value: number) => (unit === null ? value > 0.5 : value < shut || value > open);
  return nextStep(along, (step) => is(step, isSaturated) && !is(step - 1, isSaturated), from, towards);

  function is(step: number, condition: (value: number) => boolean): boolean {
    return condition(along[step] ?? Number.NaN);
  }
}

function alongSteps(series: Series, unit: number | null, ofAll: (step: number) => number): Float64Array {
  const one = (step: number) => (unit === null ? ofAll(step) : numberAt(series, step * series.units + unit));
  if (unit !== null && unit >= series.units) return new Float64Array(0);
  return Float64Array.from({ length: stepsOf(series) }, (_, step) => one(step));
}

function nextStep(along: Float64Array, fits: (step: number) => boolean, from: number, towards: 1 | -1): Found | null {
  const first = towards === 1 ? Math.max(0, from + 1) : Math.min(along.length - 1, from - 1);
  for (let step = first; step >= 0 && step < along.length; step += towards) {
    if (fits(step)) return { step, value: along[step] ?? Number.NaN };
  }
  return null;
}

/** The finite number that is farthest from zero, with its sign. */
function largestAt(series: Series, step: number): number {
  let largest = Number.NaN;
  for (let unit = 0; unit < series.units; unit++) {
    const value = numberAt(series, step * series.units + unit);
    if (isFiniteNumber(value) && !(Math.abs(value) <= Math.abs(largest))) largest = value;
  }
  return largest;
}

function saturatedShare(series: Series, step: number): number {
  let saturated = 0;
  for (let unit = 0; unit < series.units; unit++) {
    const value = numberAt(series, step * series.units + unit);
    if (value < shut || value > open) saturated++;
  }
  return saturated / series.units;
}
