import type { DataShape } from '../core/model/spec';
import type { Part } from '../protocol/data';
import type { Message } from '../protocol/messages';
import type { ForecastBaseline, Leak, Metrics } from '../protocol/run';
import type { Batch } from './batch';
import type { ScalerDescription } from './forecast/scaling';
import type { Series } from './forecast/series';
import type { Target } from './forecast/targets';
import type { Baseline, Judge } from './judging/judge';
import type { Naive } from './judging/metrics';
import type { PartWindows, Stretch } from './several/stretches';

/** Data of any task: split, scaled, and ready to be fed to a model. The sequences of a part are numbered from 0. */
interface SequenceData {
  /** What a model must know of it. */
  readonly shape: DataShape;
  /** How many sequences each part has. */
  readonly windows: Readonly<Record<Part, number>>;
  /** Of the file that was read. */
  readonly fingerprint: string;
  /** What was done to the data, in words. */
  readonly notes: readonly Message[];
  /**
   * Writes sequences `indices` of a part into the buffers of a batch of `batch` sequences, laid out as `core/model/feeds.ts` says. At
   * most `batch` of them are taken; the rest becomes zero with weight 0.
   */
  fill(part: Part, indices: ArrayLike<number>, batch: number, into: Batch): void;
  /** To judge a model's answers about a part. */
  judge(part: Part): Judge;
}

/** Data of which answers are judged one by one. */
interface AnsweredData extends SequenceData {
  /** What answers that need no model come to on a part, by their names; empty where the part is. */
  baselines(part: Part): Readonly<Record<string, Baseline>>;
  /** What a sequence is called, where each is a file of its own. */
  readonly nameOf?: (part: Part, index: number) => string;
}

/**
 * A series to be forecast. A window is `lookback` input rows and the `horizon` rows after them, all inside one part, in time order.
 * Where every step is answered, the answer at a step is the `horizon` rows after it. Each window has an answer for each target, window by window:
 * answer `window · targets + target` is `horizon` numbers.
 */
export interface ForecastData extends SequenceData {
  readonly task: 'forecast';
  readonly series: Series;
  readonly lookback: number;
  readonly horizon: number;
  /** Input columns, the targets included. */
  readonly features: number;
  /** What is forecast: the first of the columns. */
  readonly targets: readonly Target[];
  /** The series, each with its own parts; one where the file is one series. */
  readonly stretches: readonly Stretch[];
  /** The same data with no more windows of the training part than answers can be told of; itself where that is all of them. */
  readonly answered: ForecastData;
  /** Where the windows of each part lie. Of very many windows of the validation and the test part every so many are judged. */
  readonly windowsOf: Readonly<Record<Part, PartWindows>>;
  /** One a column, targets first; fitted on the training part alone. */
  readonly scalers: readonly ScalerDescription[];
  /** The same for each series, where each is scaled by its own training rows. */
  readonly seriesScalers: readonly (readonly ScalerDescription[])[] | null;
  /** First input row of a window; its inputs are rows `row` to `row + lookback - 1`. */
  row(part: Part, window: number): number;
  /** First target row of every window of a part: `row + lookback`. */
  origins(part: Part): Int32Array;
  /** What really followed every window of a part, each target in its own units; `[windows, targets, horizon]` row-major. */
  truth(part: Part): Float64Array;
  /** What the forecasts of the baselines come to on a part; empty where the part is. */
  baselines(part: Part): Readonly<Record<string, Metrics>>;
  /** What the baselines of this series forecast for every window of a part, laid out as {@link truth}. */
  baselineForecasts(part: Part): Readonly<Partial<Record<ForecastBaseline, Float64Array>>>;
  /** Features that say too much of the target. */
  readonly leaks: readonly Leak[];
  /** Test windows that the training part has too, value by value. */
  readonly repeated: number;
  /** What scaled errors of entries of {@link truth} are divided by, in their units. */
  naive(part: Part): Naive;
  /** Between a target's own units and those that an answer about it is in. */
  targetScale(part: Part, answer: number): TargetScale;
}

/** How a target leads to scaled numbers and back. */
export interface TargetScale {
  scale(value: number): number;
  unscale(scaled: number): number;
}

/** Sequences of which each has a class, or each of whose steps has one. */
export interface ClassData extends AnsweredData {
  readonly task: 'classify' | 'label';
  /** Input columns in the order of the features. */
  readonly columns: readonly string[];
  /** One an input column; fitted on the training part alone. */
  readonly scalers: readonly ScalerDescription[];
  /** The classes by their numbers. */
  readonly classes: readonly string[];
  /** How many sequences of each class a part has, where chance puts each into one. */
  readonly countsIn?: (part: Part) => readonly number[];
  /** Where texts are read: what their tokens stand for; one token more, the last, stands for everything else. Null where numbers are. */
  readonly vocabulary: readonly string[] | null;
  /** The words of a sequence as they stand, where each has a label. */
  readonly wordsOf?: (part: Part, index: number) => readonly string[];
}

/** A text whose next character is asked for at every step. */
export interface LanguageData extends AnsweredData {
  readonly task: 'language';
  /** The characters by the numbers of their tokens; one token more, the last, stands for every other character. */
  readonly vocabulary: readonly string[];
}

/** Sequences of which each has a transcript. */
export interface TranscriptData extends AnsweredData {
  readonly task: 'transcribe';
  readonly columns: readonly string[];
  readonly scalers: readonly ScalerDescription[];
  /** The characters: symbol `k` is `symbols[k - 1]`, and symbol 0 is the blank. */
  readonly symbols: readonly string[];
}

/** Pairs of texts, of which the second is to be written where the first was read. */
export interface TranslationData extends AnsweredData {
  readonly task: 'translate';
  readonly columns: readonly string[];
  readonly scalers: readonly ScalerDescription[];
  /** What a token is. */
  readonly read: 'characters' | 'words';
  /** What the tokens of sources stand for; one token more, the last, stands for everything else. */
  readonly vocabulary: readonly string[];
  /** What the tokens of translations stand for (see `pairs/writing.ts`). */
  readonly translations: readonly string[];
  source(part: Part, index: number): string;
  /** What a source is translated as in this pair. */
  truth(part: Part, index: number): string;
}

/** Data that an experiment can be trained on; `task` tells what is known of it besides. */
export type PreparedData = ForecastData | AnswerData;

/** That of every task but forecasts. */
export type AnswerData = ClassData | LanguageData | TranscriptData | TranslationData;
