/** What report.json says of classes and transcripts beside metrics. */

export interface ClassScores {
  /** Of the answers with this class, how many are right; null where it was never answered. */
  readonly precision: number | null;
  /** Of what is of this class, how much was told; null where there is none. */
  readonly recall: number | null;
  /** Their harmonic mean; null where the class is neither there nor answered. */
  readonly f1: number | null;
  /** How often it is the right answer. */
  readonly support: number;
}

/** Which class was taken for which. */
export interface ClassResults {
  /** The classes by number, or where they are more than {@link mostNamed} the most frequent of them in that order. */
  readonly names: readonly string[];
  /** How many other classes the last row and column, and the last scores, stand for; 0 where all are named. */
  readonly others: number;
  /** How often the class of a row was answered by the class of a column. Among the others it counts what stays among them. */
  readonly confusion: readonly (readonly number[])[];
  /** One for each row. Those of the others count only what is exactly right. */
  readonly perClass: readonly ClassScores[];
}

/** Classes that stand for themselves in a report. */
export const mostNamed = 100;

/** Answers of about the same confidence: the probability that the model gave what it answered. Means are null where there are none. */
export interface ConfidenceBin {
  readonly confidence: number | null;
  readonly accuracy: number | null;
  readonly count: number;
}

/** Whether a model is right as often as it says. */
export interface Calibration {
  /** Ten, each a tenth of the confidences from 0 to 1, its upper end included. */
  readonly bins: readonly ConfidenceBin[];
  /** Expected calibration error (Guo et al. 2017): mean distance of accuracy and confidence of the bins, by their counts. */
  readonly error: number;
}

/** What a span of labels is: told by the prefixes B- and I-, or as far as a label stays the same. */
export type SpanRule = 'iob' | 'runs';

/** A wrong answer. */
export interface Mistake {
  /** Number of the sequence in the test part. */
  readonly sequence: number;
  /** Where every step is answered. */
  readonly step: number | null;
  readonly truth: string;
  readonly prediction: string;
  /** What the model gave its answer; null for transcripts. */
  readonly probability: number | null;
  /** What was read, where that can be said: a text, or the name of a sound. */
  readonly title: string | null;
}

/** A translation of the test part, and where the decoder looked while it wrote. */
export interface TranslationSample {
  /** Number of the pair in the test part. */
  readonly sequence: number;
  /** What was read, token by token; a token that the vocabulary does not have stands as it is in the text. */
  readonly source: readonly string[];
  /** What was written, without the end. */
  readonly translation: readonly string[];
  /** What is right in this pair. */
  readonly truth: string;
  readonly probability: number;
  /** Shares of the source's tokens: a row for each token that was written. Null where the decoder does not look. */
  readonly attention: readonly (readonly number[])[] | null;
}

/** Translations that a report shows. */
export const mostTranslations = 12;

/** Mistakes that a report tells, and characters of what was read. */
export const mostMistakes = 10;
export const longestTitle = 200;

/** What a report says beside metrics; each only where it makes sense. */
export interface AnswerResults {
  readonly classes?: ClassResults;
  readonly calibration?: Calibration;
  /** What `spanF1` counts. */
  readonly spans?: SpanRule;
  /** Classes: the wrong answers that the model was surest of. Transcripts: those with the most wrong characters. */
  readonly mistakes?: readonly Mistake[];
  /** Some translations, from all over the test part. */
  readonly translations?: readonly TranslationSample[];
}
