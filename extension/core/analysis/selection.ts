import { isFiniteNumber, numberAt, type Series, stepsOf } from './series';

/** A stretch of steps; the end is exclusive. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
}

/** For which thresholds a unit is chosen by a span: those above `below`, up to `upTo`. */
interface Choice {
  readonly below: number;
  readonly upTo: number;
}

/**
 * A unit is on where its value is at least the threshold. A span chooses those units that are on throughout it and off at the step before
 * it and at the step after it, as far as there are such steps (Strobelt et al., LSTMVis, 2018).
 */
export function chosenUnits(series: Series, span: Stretch, threshold: number): number[] {
  return Array.from({ length: series.units }, (_, unit) => unit).filter((unit) => {
    const { below, upTo } = choiceOf(series, unit, span);
    return below < threshold && threshold <= upTo;
  });
}

/**
 * The threshold that a span suggests: one by which it chooses as many units as by any, in the middle of the widest such range. Where
 * values lie around zero, only what is above zero is on. Null where no threshold chooses a unit.
 */
export function suggestedThreshold(series: Series, span: Stretch): number | null {
  const choices = Array.from({ length: series.units }, (_, unit) => choiceOf(series, unit, span))
    .map(({ below, upTo }) => ({ below: Math.max(0, below), upTo }))
    .filter(({ below, upTo }) => below < upTo);
  const edges = [
    ...choices.map(({ below }) => ({ at: below, change: 1 })),
    ...choices.map(({ upTo }) => ({ at: upTo, change: -1 })),
  ].sort((a, b) => a.at - b.at);
  let chosen = 0;
  let most = 0;
  let widest = 0;
  let threshold: number | null = null;
  edges.forEach(({ at, change }, i) => {
    chosen += change;
    const width = (edges[i + 1]?.at ?? at) - at;
    if (width <= 0 || chosen < most || (chosen === most && width <= widest)) return;
    most = chosen;
    widest = width;
    threshold = chosen === 0 ? null : at + width / 2;
  });
  return threshold;
}

function choiceOf(series: Series, unit: number, { from, to }: Stretch): Choice {
  const at = (step: number) => numberAt(series, step * series.units + unit);
  const around = [from - 1, to].filter((step) => step >= 0 && step < stepsOf(series)).map(at);
  let upTo = Number.POSITIVE_INFINITY;
  for (let step = from; step < to; step++) {
    const value = at(step);
    upTo = isFiniteNumber(value) ? Math.min(upTo, value) : Number.NEGATIVE_INFINITY;
  }
  return { below: around.reduce((most, value) => (value > most ? value : most), Number.NEGATIVE_INFINITY), upTo };
}
