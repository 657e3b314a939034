import type { Judge } from './judge';
import { forecastMetrics, type Naive } from './metrics';

/**
 * Judges forecasts by their errors in the target's units; of answers at every step only the last, which has seen the whole window.
 * `truth` is `[windows, horizon]` row-major, `unscale` leads from a window's scaled units to those of `truth`, `naive` says what the errors
 * of an entry of `truth` are scaled by.
 */
export function judgeForecasts(
  horizon: number,
  truth: Float64Array,
  unscale: (window: number) => (scaled: number) => number,
  naive: Naive = null,
): Judge {
  const asked: number[] = [];
  const told: number[] = [];
  const entries: number[] = [];
  return {
    add(indices, count, answers, batch) {
      const last = answers.length - horizon * batch;
      for (let item = 0; item < count; item++) {
        const window = indices[item] ?? 0;
        const own = unscale(window);
        for (let step = 0; step < horizon; step++) {
          entries.push(window * horizon + step);
          asked.push(truth[window * horizon + step] ?? Number.NaN);
          told.push(own(answers[last + step * batch + item] ?? Number.NaN));
        }
      }
    },
    metrics() {
      if (asked.length === 0) return {};
      const scale: Naive = typeof naive === 'function' ? (i) => naive(entries[i] ?? 0) : naive;
      return forecastMetrics(asked, told, scale);
    },
  };
}
