import type { ForecastChoice } from '../../extension/protocol/run';

/** Which forecasts are looked at; the first ones where nothing is said. */
export const choice = (
  horizonStep = 1,
  series: string | null = null,
  target: string | null = null,
): ForecastChoice => ({ horizonStep, series, target });
