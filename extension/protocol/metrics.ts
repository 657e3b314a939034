import type { Task } from './experiment';
import { format, type Message, message } from './messages';

type Better = 'less' | 'more';

/** Every metric: how it is written, which is translated where it is a word, and whether less or more of it is better. */
const metrics = {
  rmse: { title: 'RMSE', better: 'less' },
  mae: { title: 'MAE', better: 'less' },
  mase: { title: 'MASE', better: 'less' },
  smape: { title: 'sMAPE %', better: 'less' },
  accuracy: { title: message('accuracy'), better: 'more' },
  macroF1: { title: message('macro F1'), better: 'more' },
  mcc: { title: 'MCC', better: 'more' },
  spanF1: { title: message('span F1'), better: 'more' },
  nats: { title: message('nats'), better: 'less' },
  perplexity: { title: message('perplexity'), better: 'less' },
  cer: { title: 'CER', better: 'less' },
  wer: { title: 'WER', better: 'less' },
  bleu: { title: 'BLEU', better: 'more' },
  exactMatch: { title: message('exact match'), better: 'more' },
} as const satisfies Readonly<Record<string, { readonly title: string | Message; readonly better: Better }>>;
type MetricName = keyof typeof metrics;

const isMetric = (name: string): name is MetricName => Object.hasOwn(metrics, name);

/** How a metric is written for a person. */
export function metricMessage(name: string): Message {
  const title = isMetric(name) ? metrics[name].title : name;
  return typeof title === 'string' ? { template: '{0}', args: [title] } : title;
}

/** The same in English. */
export const metricTitle = (name: string): string => format(metricMessage(name));

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
