import type { AnswerResults } from '../../protocol/results';
import type { Metrics } from '../../protocol/run';
import type { Tally } from './tally';

/** Gathers a model's answers about one part, batch by batch. */
export interface Judge {
  /**
   * Takes the answers about sequences `indices`, of which the first `count` are looked at. `answers` are what the evaluation graph
   * gives: `[outputs, batch]`, or `[steps, outputs, batch]` where every step is answered. Outputs are scaled values, or the
   * probability of each class or symbol.
   */
  add(indices: ArrayLike<number>, count: number, answers: Float32Array, batch: number): void;
  /** Metrics by name over everything taken so far, in the data's own units; empty where that is nothing. */
  metrics(): Metrics;
  /** What else a report says of it. */
  results?(): AnswerResults;
  /** What the metric of the task is made of, a row for each sequence in the order in which they were taken; not of forecasts. */
  tally?(): Tally;
}

/** What answers that need no model come to. */
export interface Baseline {
  readonly metrics: Metrics;
  /** A row for each sequence of the part, as that of its judge has. */
  readonly tally: Tally;
}
