import { mainMetric } from '../protocol/metrics';
import type { Metrics } from '../protocol/run';

export { metricTitle } from '../protocol/metrics';

/** The metric that says most among some of one task. */
export function mainOf(metrics: Metrics): readonly [name: string, value: number | undefined] {
  const name = Object.values(mainMetric).find((main) => metrics[main.name] !== undefined)?.name ?? '';
  return [name, metrics[name]];
}
