import type { Part } from '../../protocol/data';
import type { ForecastData } from '../prepared';
import type { Naive } from './metrics';

/** Forecasts in units in which those of all targets can be added up: the target's own where it is one, else deviations of its training rows. */
export interface CommonUnits {
  /** `values` are `[windows, targets, horizon]` row-major, each target in its own units. */
  of(values: Float64Array): Float64Array;
  /** What scaled errors of entries in these units are divided by. */
  readonly naive: Naive;
}

export function inCommon(
  { targets, horizon, naive }: Pick<ForecastData, 'targets' | 'horizon' | 'naive'>,
  part: Part,
): CommonUnits {
  const own = naive(part);
  if (targets.length === 1) return { of: (values) => values, naive: own };
  const unitOf = (entry: number) => targets[Math.floor(entry / horizon) % targets.length]?.deviation ?? 1;
  return {
    of: (values) => values.map((value, entry) => value / unitOf(entry)),
    naive(entry) {
      const error = typeof own === 'function' ? own(entry) : own;
      return error === null ? null : error / unitOf(entry);
    },
  };
}
