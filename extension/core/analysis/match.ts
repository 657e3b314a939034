import { RandomStream, streams } from '../random';
import { chosenUnits, type Stretch, suggestedThreshold } from './selection';
import { numberAt, type Series, stepsOf } from './series';

/** A place in the series that the span is in (`series` 0), or in one of the others (1 and on). */
export interface Place extends Stretch {
  readonly series: number;
  /** Share of the units that are on throughout. */
  readonly share: number;
}

/** Other places that look like a chosen span. */
export interface Match {
  readonly threshold: number;
  readonly units: readonly number[];
  /** The best first: the largest share of the units, then the length nearest to the span's, then the earliest. */
  readonly places: readonly Place[];
  readonly significance: number;
}

const mostPlaces = 100;
const shuffles = 199;

/**
 * The units that a span chooses, and the other places, in its series and in `others` of the same units, where more than half of them are on
 * throughout at least half as many steps.
 *
 * How probable so good a best place is by chance is found from shuffled traces: each unit is shifted around its sequence by a random
 * number of steps, so that it is on as often and for as long but no more at the same time as others; (1 + those with a best place as
 * good) / (1 + all of them). 1 where there is no place.
 * @param threshold null: one is suggested. Units are on from it upwards.
 */
export function matchSpan(
  series: Series,
  span: Stretch,
  threshold: number | null,
  others: readonly Series[] = [],
  seed = 0,
): Match {
  const chosen = threshold ?? suggestedThreshold(series, span);
  const units = chosen === null ? [] : chosenUnits(series, span, chosen);
  if (chosen === null || units.length === 0) return { threshold: chosen ?? 0, units, places: [], significance: 1 };
  const width = Math.max(1, Math.ceil((span.to - span.from) / 2));
  const searched = [series, ...others].map((each) => {
    const runs = units.map((unit) => onRuns(each, unit, chosen));
    return { steps: stepsOf(each), runs, windows: runs.map((run) => windowsWithin(run, width)) };
  });
  const still = new Int32Array(units.length);
  const places = searched.flatMap(({ steps, runs, windows }, at) => {
    const found = findPlaces(counted(windows, still, steps), runs, width, at === 0 ? span : null);
    return found.map((place) => ({ ...place, series: at }));
  });
  const wanted = span.to - span.from;
  const off = ({ from, to }: Stretch) => Math.abs(to - from - wanted);
  places.sort((a, b) => b.share - a.share || off(a) - off(b) || a.series - b.series || a.from - b.from);
  const [best] = places;
  if (best === undefined) return { threshold: chosen, units, places, significance: 1 };
  const random = new RandomStream(seed >>> 0, streams.analysis, 1);
  const reached = Math.round(best.share * units.length);
  let asGood = 0;
  for (let shuffle = 0; shuffle < shuffles; shuffle++) {
    const isAsGood = searched.some(({ steps, windows }) => {
      if (steps === 0) return false;
      const shifts = Int32Array.from(units, () => random.below(steps));
      return counted(windows, shifts, steps).some((count) => count >= reached);
    });
    if (isAsGood) asGood++;
  }
  return { threshold: chosen, units, places: places.slice(0, mostPlaces), significance: (1 + asGood) / (1 + shuffles) };
}

/** Where a unit is on without a break. */
function onRuns(series: Series, unit: number, threshold: number): Stretch[] {
  const steps = stepsOf(series);
  const runs: Stretch[] = [];
  let from = -1;
  for (let step = 0; step <= steps; step++) {
    const isOn = step < steps && numberAt(series, step * series.units + unit) >= threshold;
    if (isOn && from < 0) from = step;
    if (isOn || from < 0) continue;
    runs.push({ from, to: step });
    from = -1;
  }
  return runs;
}

/** The first steps of all windows of `width` steps throughout which a unit is on: first and last, exclusive, of each stretch of them. */
const windowsWithin = (runs: readonly Stretch[], width: number): Int32Array =>
  Int32Array.from(runs.flatMap(({ from, to }) => (to - from >= width ? [from, to - width + 1] : [])));

/**
 * How many of the units are on throughout the window that begins at each step, (steps,), when each unit is moved around the sequence by
 * so many steps.
 */
function counted(windows: readonly Int32Array[], shifts: Int32Array, steps: number): Int32Array {
  const counts = new Int32Array(steps + 1);
  const add = (at: number, change: number) => {
    counts[at] = (counts[at] ?? 0) + change;
  };
  windows.forEach((stretches, unit) => {
    const shift = shifts[unit] ?? 0;
    for (let i = 0; i < stretches.length; i += 2) {
      const from = (stretches[i] ?? 0) + shift;
      const to = (stretches[i + 1] ?? 0) + shift;
      add(from < steps ? from : from - steps, 1);
      add(to <= steps ? to : to - steps, -1);
      // What crosses the end goes on at the beginning.
      if (from < steps && to > steps) add(0, 1);
    }
  });
  let sum = 0;
  for (let step = 0; step < steps; step++) {
    sum += counts[step] ?? 0;
    counts[step] = sum;
  }
  return counts.subarray(0, steps);
}

/** The best windows, each with as many steps around it as the same units stay on; none overlaps another or the span. */
function findPlaces(
  counts: Int32Array,
  runs: readonly (readonly Stretch[])[],
  width: number,
  span: Stretch | null,
): (Stretch & { share: number })[] {
  const least = Math.floor(runs.length / 2) + 1;
  const starts = Array.from(counts, (_, step) => step).filter((step) => (counts[step] ?? 0) >= least);
  starts.sort((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || a - b);
  const taken: Stretch[] = span === null ? [] : [span];
  const places: (Stretch & { share: number })[] = [];
  for (const start of starts) {
    if (places.length === mostPlaces) break;
    if (overlaps(taken, { from: start, to: start + width })) continue;
    const on = runs.flatMap((each) => each.find(({ from, to }) => from <= start && start + width <= to) ?? []);
    const whole = {
      from: on.reduce((latest, { from }) => Math.max(latest, from), 0),
      to: on.reduce((earliest, { to }) => Math.min(earliest, to), counts.length),
    };
    const place = beside(taken, whole, start);
    taken.push(place);
    places.push({ ...place, share: on.length / runs.length });
  }
  return places;
}

const overlaps = (taken: readonly Stretch[], { from, to }: Stretch) =>
  taken.some((each) => each.from < to && from < each.to);

/** The part of a stretch around `step` that none of `taken` has. */
function beside(taken: readonly Stretch[], whole: Stretch, step: number): Stretch {
  let { from, to } = whole;
  for (const each of taken) {
    if (each.to <= step) from = Math.max(from, each.to);
    if (each.from > step) to = Math.min(to, each.from);
  }
  return { from, to };
}
