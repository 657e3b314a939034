import type { Part } from '../../protocol/data';
import type { ForecastData } from '../prepared';
import { inCommon } from './commonUnits';
import type { Judge } from './judge';
import { forecastMetrics, type Naive } from './metrics';

/** What must be known of the data. */
export type Judged = Pick<ForecastData, 'horizon' | 'targets' | 'truth' | 'targetScale' | 'naive'>;

/**
 * Judges forecasts of a part by their errors, in the target's units or in those common to several; of answers at every step only the last, which
 * has seen the whole window.
 */
export function judgeForecasts(data: Judged, part: Part): Judge {
  const { horizon, targets } = data;
  const { of, naive } = inCommon(data, part);
  const truth = data.truth(part);
  const told = new Float64Array(truth.length);
  const entries: number[] = [];
  return {
    add(indices, count, answers, batch) {
      const last = answers.length - targets.length * horizon * batch;
      for (let item = 0; item < count; item++) {
        const window = indices[item] ?? 0;
        for (let k = 0; k < targets.length; k++) {
          const answer = window * targets.length + k;
          const { unscale } = data.targetScale(part, answer);
          for (let step = 0; step < horizon; step++) {
            const entry = answer * horizon + step;
            entries.push(entry);
            told[entry] = unscale(answers[last + (k * horizon + step) * batch + item] ?? Number.NaN);
          }
        }
      }
    },
    metrics() {
      if (entries.length === 0) return {};
      const [asked, answered] = [of(truth), of(told)];
      const chosen = (values: Float64Array) => entries.map((entry) => values[entry] ?? Number.NaN);
      const scale: Naive = typeof naive === 'function' ? (i) => naive(entries[i] ?? 0) : naive;
      return forecastMetrics(chosen(asked), chosen(answered), scale);
    },
  };
}
