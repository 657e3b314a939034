import type { Part } from '../../protocol/data';
import type { IntervalReport } from '../../protocol/run';
import type { ForecastData } from '../prepared';
import { inCommon } from './commonUnits';

/** Between which two values the truth is expected with a probability of `level`; `[windows, targets, horizon]` row-major, in each target's units. */
export interface Intervals {
  readonly method: IntervalReport['method'];
  readonly level: number;
  /** Empty for a part that has none. */
  readonly low: Readonly<Record<Part, Float64Array>>;
  readonly high: Readonly<Record<Part, Float64Array>>;
}

/** How often intervals of forecasts that have none of their own are to hold the truth. */
export const conformalLevel = 0.9;

/**
 * Split conformal prediction (Papadopoulos et al. 2002; Lei et al. 2018) for each target and step of the horizon: as far to both sides of a forecast of
 * the test part as the ⌈(n + 1) · level⌉-th smallest of the n errors in the validation part. Errors are taken where the model works, so
 * that an interval grows with the level of a series that is forecast by its log, or of one that is scaled for itself. Null where the validation part has too few windows.
 * It is exact where errors of both parts could change places; in time they drift, so the coverage is measured.
 * @param points forecasts of every window of the two parts
 */
export function conformalIntervals(
  data: ForecastData,
  points: Readonly<Record<'validation' | 'test', Float64Array>>,
): Intervals | null {
  const { horizon } = data;
  const numbers = data.targets.length * horizon;
  const count = data.windows.validation;
  const rank = Math.ceil((count + 1) * conformalLevel);
  if (data.windows.test === 0 || rank > count) return null;
  const truth = data.truth('validation');
  const reach = Array.from({ length: numbers }, (_, number) => {
    const errors = Float64Array.from({ length: count }, (_entry, window) => {
      const at = window * numbers + number;
      const { scale } = data.targetScale('validation', Math.floor(at / horizon));
      return Math.abs(scale(truth[at] ?? Number.NaN) - scale(points.validation[at] ?? Number.NaN));
    }).sort();
    return errors[rank - 1] ?? Number.NaN;
  });
  const none = new Float64Array(0);
  const edge = (side: number) => ({
    train: none,
    validation: none,
    test: points.test.map((point, i) => {
      const { scale, unscale } = data.targetScale('test', Math.floor(i / horizon));
      return unscale(scale(point) + side * (reach[i % numbers] ?? 0));
    }),
  });
  return { method: 'conformal', level: conformalLevel, low: edge(-1), high: edge(1) };
}

/** How often the truth of the test part really lay inside, over all targets, and how wide that is; null where nothing can be said. */
export function judgeIntervals(data: ForecastData, { method, level, low, high }: Intervals): IntervalReport | null {
  const { of } = inCommon(data, 'test');
  const [truth, lows, highs] = [of(data.truth('test')), of(low.test), of(high.test)];
  if (truth.length === 0 || lows.length !== truth.length) return null;
  const { horizon } = data;
  const held = new Float64Array(horizon);
  let width = 0;
  for (let i = 0; i < truth.length; i++) {
    const [value, from, to] = [truth[i] ?? Number.NaN, lows[i] ?? Number.NaN, highs[i] ?? Number.NaN];
    if (value >= from && value <= to) held[i % horizon] = (held[i % horizon] ?? 0) + 1;
    width += to - from;
  }
  const answers = truth.length / horizon;
  const perHorizon = Array.from(held, (count) => count / answers);
  return {
    method,
    level,
    coverage: perHorizon.reduce((sum, share) => sum + share, 0) / horizon,
    width: width / truth.length,
    perHorizon,
  };
}
