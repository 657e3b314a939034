import { mainMetric } from '../protocol/metrics';
import type { Metrics } from '../protocol/run';

const titles: Readonly<Record<string, string>> = {
  rmse: 'RMSE',
  mae: 'MAE',
  macroF1: 'macro F1',
  mcc: 'MCC',
  cer: 'CER',
  wer: 'WER',
};

/** How a metric is written for a person. */
export const metricTitle = (name: string) => titles[name] ?? name;

/** The metric that says most among some of one task. */
export function mainOf(metrics: Metrics): readonly [name: string, value: number | undefined] {
  const name = Object.values(mainMetric).find((main) => metrics[main.name] !== undefined)?.name ?? '';
  return [name, metrics[name]];
}
