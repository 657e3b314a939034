import type { TraceOutline } from '../../extension/protocol/inspection';

/** What is said to follow a window in one column, and what did; one entry a step. */
export type TargetOutcome = Pick<TraceOutline, 'target' | 'forecast' | 'truth'>;

/** The forecasts of a trace column by column: a trace has those of several one after the other. */
export function forecastsIn({ target, targets, forecast, truth }: TraceOutline): readonly TargetOutcome[] {
  if (targets === undefined) return [{ target, forecast, truth }];
  const horizon = forecast.length / targets.length;
  const own = (values: readonly number[], k: number) => values.slice(k * horizon, (k + 1) * horizon);
  return targets.map((name, k) => ({ target: name, forecast: own(forecast, k), truth: own(truth, k) }));
}

/** Steps after the window that are forecast. */
export const horizonIn = (outline: TraceOutline): number => forecastsIn(outline)[0]?.forecast.length ?? 0;

/** So many of several targets have a sentence. */
export const mostTargets = 3;
