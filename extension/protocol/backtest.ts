import type { Metrics } from './run';

/** What an earlier origin came to: the same experiment, trained and tested as if what follows were not known yet. */
export interface BacktestOrigin {
  /** How many test parts before the end of the data its own test part ends; the run itself is 0. */
  readonly origin: number;
  /** Time of the first row that it tests, in ms since 1970; null where the data has no time column. */
  readonly tested: number | null;
  /** Training and test windows. */
  readonly windows: { readonly train: number; readonly test: number };
  readonly test: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
}

/** More origins than this say no more of a model. */
export const mostOrigins = 100;

/** As many origins as most need to see how much a result hangs on its test part. */
const enough = 5;

/**
 * How many origins leave something to learn from: before each of them lie a validation part and as much to train on as there is in a test part
 * at least. Never none: whoever asks for one is told what it lacks.
 * @param split shares of the data
 */
export function usualOrigins({ validation, test }: { readonly validation: number; readonly test: number }): number {
  // A hair more, for shares such as 0.2 that floats have only nearly.
  const most = Math.floor((1 - validation - 2 * test) / test + 1e-9);
  return Math.max(1, Math.min(enough, most));
}

/** A figure over the origins. */
export interface Spread {
  readonly mean: number;
  /** Sample standard deviation; null of fewer than two values. */
  readonly deviation: number | null;
}

/** Mean and spread of what somebody (`model` or a baseline) came to in a metric; null where no origin has it. */
export function spreadOf(origins: readonly BacktestOrigin[], who: string, metric: string): Spread | null {
  const values = origins.flatMap(({ test, baselines }) => (who === 'model' ? test : baselines[who])?.[metric] ?? []);
  if (values.length === 0) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? null : Math.sqrt(squares / (values.length - 1)) };
}
