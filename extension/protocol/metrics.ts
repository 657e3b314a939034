import type { Task } from './experiment';

/** The metric that a run is first judged by, and whether less or more of it is better. */
export interface MainMetric {
  readonly name: 'rmse' | 'accuracy' | 'nats' | 'cer';
  readonly better: 'less' | 'more';
}

export const mainMetric: Readonly<Record<Task, MainMetric>> = {
  forecast: { name: 'rmse', better: 'less' },
  classify: { name: 'accuracy', better: 'more' },
  label: { name: 'accuracy', better: 'more' },
  language: { name: 'nats', better: 'less' },
  transcribe: { name: 'cer', better: 'less' },
};
