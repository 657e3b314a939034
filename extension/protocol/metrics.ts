import type { Task } from './experiment';

type Better = 'less' | 'more';

/** Every metric: how it is written, and whether less or more of it is better. */
const metrics = {
  rmse: { title: 'RMSE', better: 'less' },
  mae: { title: 'MAE', better: 'less' },
  mase: { title: 'MASE', better: 'less' },
  smape: { title: 'sMAPE %', better: 'less' },
  accuracy: { title: 'accuracy', better: 'more' },
  macroF1: { title: 'macro F1', better: 'more' },
  mcc: { title: 'MCC', better: 'more' },
  spanF1: { title: 'span F1', better: 'more' },
  nats: { title: 'nats', better: 'less' },
  perplexity: { title: 'perplexity', better: 'less' },
  cer: { title: 'CER', better: 'less' },
  wer: { title: 'WER', better: 'less' },
  bleu: { title: 'BLEU', better: 'more' },
  exactMatch: { title: 'exact match', better: 'more' },
} as const satisfies Readonly<Record<string, { readonly title: string; readonly better: Better }>>;
type MetricName = keyof typeof metrics;

const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

/** How a metric is written for a person. */
export const metricTitle = (name: string): string => (isMetric(name) ? metrics[name].title : name);

/** Whether less or more of a metric is better; of one that nobody knows, less. */
export const betterOf = (name: string): Better => (isMetric(name) ? metrics[name].better : 'less');

/** The metric that a run is first judged by, and whether less or more of it is better. */
export interface MainMetric {
  readonly name: MetricName;
  readonly better: Better;
}

const by = (name: MetricName): MainMetric => ({ name, better: metrics[name].better });

export const mainMetric: Readonly<Record<Task, MainMetric>> = {
  forecast: by('rmse'),
  classify: by('accuracy'),
  label: by('accuracy'),
  language: by('nats'),
  transcribe: by('cer'),
  translate: by('bleu'),
};
