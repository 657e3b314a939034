import type { MainMetric } from '../../protocol/metrics';
import type { Metrics } from '../../protocol/run';

/** The baseline that is best by a metric, and what it comes to; null where none was measured. */
export function bestBaseline(
  baselines: Readonly<Record<string, Metrics>>,
  { name, better }: MainMetric,
): { readonly name: string; readonly value: number } | null {
  const sign = better === 'less' ? 1 : -1;
  const [best] = Object.entries(baselines)
    .flatMap(([baseline, metrics]) => {
      const value = metrics[name];
      return value === undefined || Number.isNaN(value) ? [] : [{ name: baseline, value }];
    })
    .sort((a, b) => sign * (a.value - b.value));
  return best ?? null;
}
