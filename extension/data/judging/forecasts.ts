import { forecastMetrics } from '../metrics';
import type { Judge } from './judge';

/**
 * Judges forecasts by their errors in the target's units; of answers at every step only the last, which has seen the whole window.
 * `truth` is `[windows, horizon]` row-major, `unscale` leads from scaled units to those of `truth`, `naive` is what errors are scaled by.
 */
export function judgeForecasts(
  horizon: number,
  truth: Float64Array,
  unscale: (scaled: number) => number,
  naive: number | null = null,
): Judge {
  const asked: number[] = [];
  const told: number[] = [];
  return {
    add(indices, count, answers, batch) {
      const last = answers.length - horizon * batch;
      for (let item = 0; item < count; item++) {
        for (let step = 0; step < horizon; step++) {
          asked.push(truth[(indices[item] ?? 0) * horizon + step] ?? Number.NaN);
          told.push(unscale(answers[last + step * batch + item] ?? Number.NaN));
        }
      }
    },
    metrics: () => (asked.length === 0 ? {} : forecastMetrics(asked, told, naive)),
  };
}
