import type { BacktestOrigin } from './backtest';
import type { Part } from './data';
import type { Failure } from './errors';
import type { Experiment, Task } from './experiment';
import type { Message } from './messages';
import type { ModelDescription } from './model';
import type { AnswerResults } from './results';

/**
 * Where a run stands. `stopped` and `interrupted` runs can be resumed; `interrupted` means nobody asked it to stop, and `goesOn` that it
 * trained until its window closed, so that the next window goes on with it.
 */
export type RunState =
  | { readonly kind: 'preparing' }
  | { readonly kind: 'training' }
  | { readonly kind: 'paused' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'interrupted'; readonly goesOn: boolean }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'done' };

/** One row of metrics.csv. Losses are in scaled units. */
export interface EpochMetrics {
  /** Counts from 1. */
  readonly epoch: number;
  /** Optimiser steps taken so far. */
  readonly step: number;
  readonly trainLoss: number;
  readonly validationLoss: number | null;
  /** The task's metrics on the validation part, in the data's own units; null where that part is empty. */
  readonly validation: Metrics | null;
  /** Of the epoch's last optimiser step. */
  readonly learningRate: number;
  /** Mean over the epoch's optimiser steps of the global gradient norm before clipping. */
  readonly gradientNorm: number;
  /** Seconds of training so far, interruptions left out. */
  readonly seconds: number;
  /** Measured after some of the epochs; not a column of metrics.csv. */
  readonly lags?: readonly LagNorms[];
}

/**
 * How strongly the loss depends on a recurrent state, by the steps that lie between the state and the last one that matters to an answer:
 * the Euclidean norm over the units, the root mean square over some sequences.
 */
export interface LagNorms {
  /** Which recurrent layer, from 0. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /** As the cell calls it. */
  readonly state: string;
  /** The lag of the last norm, in steps of the sequence; the others lie between 0 and it at equal distances, to the next step of the layer. */
  readonly reach: number;
  /** At most {@link mostLags}. */
  readonly norms: readonly number[];
}

/** Norms that are told of one state. */
export const mostLags = 64;

/** Between epochs: how far the current one is. */
export interface Progress {
  readonly epoch: number;
  readonly epochs: number;
  /** Batches, or stretches of batches, done in this epoch, of `steps`. */
  readonly step: number;
  readonly steps: number;
  readonly secondsLeft: number | null;
}

/** Metrics by name, in the data's own units; `protocol/metrics.ts` says which one a task is first judged by. */
export type Metrics = Readonly<Record<string, number>>;

/** Forecasts that need no model, in the order in which they are shown; `seasonalNaive` only where there is a season. */
export const forecastBaselines = ['persistence', 'seasonalNaive', 'drift', 'linear'] as const;
export type ForecastBaseline = (typeof forecastBaselines)[number];

/** How good prediction intervals are on the test part. */
export interface IntervalReport {
  /** Where they come from: errors in the validation part, the outermost quantiles of the model, or its normal distribution. */
  readonly method: 'conformal' | 'quantiles' | 'gaussian';
  /** How often they should hold the truth, from 0 to 1, and how often they did. */
  readonly level: number;
  readonly coverage: number;
  /** Their mean width, in the target's units. */
  readonly width: number;
  /** The coverage at each step of the horizon. */
  readonly perHorizon: readonly number[];
}

/** A feature that is almost the target `shift` rows later (0: at the same row), by its correlation in the training part. */
export interface Leak {
  readonly feature: string;
  readonly shift: number;
  readonly correlation: number;
}

/** How good some of the forecasts are, of so many test windows. */
export interface Scores {
  readonly windows: number;
  readonly model: Metrics;
  /** What the baseline comes to that is best on these. */
  readonly baseline: { readonly name: string; readonly metrics: Metrics } | null;
}

/** Those of one series. */
export interface SeriesScores extends Scores {
  readonly series: string;
}

/** Those of one of several targets, in its own units. */
export interface TargetScores extends Scores {
  readonly target: string;
}

/** Series that stand in a report with metrics of their own. */
export const mostSeriesScores = 1000;
/** So many series are named beside the forecasts of one. */
export const mostSeriesNamed = 1000;

/** How a model stands beside a baseline in the main metric. */
export interface Comparison {
  readonly baseline: string;
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** report.json: test metrics beside their baselines. */
export interface Report extends AnswerResults {
  readonly task: Task;
  readonly provider: string;
  readonly bestEpoch: number;
  readonly seconds: number;
  /** Windows or sequences in each part. */
  readonly windows: Readonly<Record<Part, number>>;
  readonly test: Metrics;
  /** Those of {@link forecastBaselines} for forecasts; others such as `majority`, `unigram`, `empty`. */
  readonly baselines: Readonly<Record<string, Metrics>>;
  /** Forecasts further than one step ahead: the test metrics at each step of the horizon, of the model (`model`) and of every baseline. */
  readonly perHorizon?: Readonly<Record<string, readonly Metrics[]>>;
  /**
   * The main metric of the model less that of the best baseline, with its 95 % interval by a paired bootstrap; where there are enough test
   * items to say.
   */
  readonly comparison?: Comparison;
  /** Forecasts of several series: how good they are of each, the worst first by the scaled error; of very many the worst. */
  readonly perSeries?: readonly SeriesScores[];
  /** Series that have test windows. */
  readonly seriesTested?: number;
  /** Forecasts of several targets: how good they are of each; all other errors are in deviations of the training rows of each target. */
  readonly perTarget?: readonly TargetScores[];
  /** Forecasts: how good their prediction intervals are; where there are any. */
  readonly interval?: IntervalReport;
  /** Forecasts: features that say too much of the target. */
  readonly leaks?: readonly Leak[];
  /** Forecasts: test windows that stand in the training part too, value by value. */
  readonly repeatedWindows?: number;
  /** One sentence: how good this is beside the best baseline, and what to do. */
  readonly verdict: Message;
}

/** A run in a list. */
export interface RunSummary {
  /** Absolute path of the run folder; the run's identity. */
  readonly dir: string;
  readonly name: string;
  readonly state: RunState;
  /** Milliseconds since 1970. */
  readonly created: number;
  /** Path of the data as the experiment says it. */
  readonly data: string;
  readonly target: string;
  /** Such as `LSTM 32`. */
  readonly model: string;
  readonly epoch: number;
  readonly epochs: number;
  readonly best: { readonly epoch: number; readonly validationLoss: number } | null;
  readonly report: Report | null;
}

/** Everything that a run panel shows at once. */
export interface RunDetail {
  readonly summary: RunSummary;
  readonly experiment: Experiment;
  readonly epochs: readonly EpochMetrics[];
  readonly progress: Progress | null;
  /** What training decided and did to the data, in words. */
  readonly notes: readonly Message[];
  readonly architecture: ModelDescription | null;
  /** What earlier origins came to, where the run was backtested; the latest first. */
  readonly backtest?: readonly BacktestOrigin[];
}

/** Which forecasts are looked at. */
export interface ForecastChoice {
  readonly horizonStep: number;
  /** Which of several series and of several targets; null takes the first. */
  readonly series: string | null;
  readonly target: string | null;
}

/** Predictions beside the truth over the whole series; all arrays have one entry a row. */
export interface Forecast {
  readonly target: string;
  /** All of them, where several are forecast together. */
  readonly targets?: readonly string[];
  /** Which step of the horizon these predictions are, from 1. */
  readonly horizonStep: number;
  readonly horizon: number;
  /** Milliseconds since 1970, or null where the data has no time column. */
  readonly time: readonly number[] | null;
  readonly truth: readonly number[];
  /** First row of each part. */
  readonly starts: Readonly<Record<Part, number>>;
  /**
   * Where rows are left out: which row of its series each entry is, from 0, and how many windows of the training part lie from one forecast to
   * the next; those of the other parts are counted as they are told.
   */
  readonly sampled?: { readonly rows: readonly number[]; readonly every: number };
  /**
   * Where the file has several series: which of them this is, what all are called, of very many the first, and how many windows of each part
   * those before it have.
   */
  readonly several?: {
    readonly name: string;
    readonly names: readonly string[];
    readonly before: Readonly<Record<Part, number>>;
  };
  readonly series: readonly ForecastSeries[];
  /** Between which two values the truth is expected with a probability of `level`, where the model says so. */
  readonly band: {
    readonly level: number;
    readonly low: readonly (number | null)[];
    readonly high: readonly (number | null)[];
  } | null;
}

export interface ForecastSeries {
  readonly name: 'model' | ForecastBaseline;
  readonly values: readonly (number | null)[];
}

/** How far a backtest is. */
export interface BacktestProgress {
  /** Origins that are done, of those that were asked for. */
  readonly done: number;
  readonly origins: number;
  /** Of the origin that trains now. */
  readonly epoch: number;
  readonly epochs: number;
}

/** What happens to runs, as it happens. */
export type RunEvent =
  | { readonly kind: 'state'; readonly run: string; readonly state: RunState }
  | { readonly kind: 'progress'; readonly run: string; readonly progress: Progress }
  | { readonly kind: 'epoch'; readonly run: string; readonly metrics: EpochMetrics }
  /** Of a backtest: what it trains now, and what it has done. */
  | { readonly kind: 'backtest'; readonly run: string; readonly progress: BacktestProgress };
