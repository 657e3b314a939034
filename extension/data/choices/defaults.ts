import type { OptimizerName } from '../../protocol/experiment';

/** Every number behind a default choice, in one place to be tuned. The choices themselves are made in `propose`. */

/** Fractions of the rows. They grow up to `most` where a part would hold too few windows. */
export const splitDefaults = {
  validation: { usual: 0.15, most: 0.25 },
  test: { usual: 0.2, most: 0.3 },
} as const;

/** A part with fewer windows than this says little. */
export const fewestWindows = 8;
/** The same for each of several series, which together have more. */
export const fewestOfSeries = 3;

export const horizonDefault = 1;

/** Rows that the model reads: a season where that is between these, `usual` where it is longer or there is none. */
export const lookbackDefaults = { shortest: 12, usual: 24, longest: 48, perHorizon: 2 } as const;

/** When a peak of the autocorrelation counts as a season. */
export const seasonDefaults = {
  /** Correlation at one season, and how far it must stand above half a season away. */
  correlation: 0.2,
  prominence: 0.1,
  /** The same for a season that no calendar suggests, which must also show at two seasons. */
  uncalledCorrelation: 0.4,
  uncalledAgain: 0.1,
  /** Rows and lags looked at. */
  mostRows: 20_000,
  mostLag: 2000,
} as const;

/** Of a very wide table so many columns are looked at, row by row. */
const mostColumns = 32;

/** When a column tells series apart. */
export const seriesDefaults = {
  /** Of the rows, so many times may repeat: within a series by mistake, in a file that is one series too. */
  mostRepeats: 0.01,
  /** Rows of a series, on average. */
  fewestRows: 10,
  mostColumns,
} as const;

/** When rows make sequences that have a class. */
export const classedDefaults = {
  mostColumns,
  /** Rows of a sequence, on average. */
  fewestRows: 4,
  /** Sequences of a class, on average. */
  fewestOfClass: 3,
  /** Values are first counted about. */
  mostOff: 0.2,
} as const;

/** When a column that ends before the others is what is asked for. */
export const unfinishedDefaults = {
  mostColumns,
  /** Of the time that a series spans; a column that lacks more was given up. */
  mostShare: 0.2,
} as const;

/** Where columns that are known ahead are looked for. */
export const knownDefaults = {
  mostColumns,
  /** Values of all of them. */
  mostValues: 10_000_000,
  /** Rows of the training part in which a column must follow from the time. */
  mostRows: 20_000,
} as const;

/** When each series is scaled for itself. */
export const scaleByDefaults = {
  /** How far apart the means are, in deviations of a series. */
  levels: 1,
  /** The ninth decile of the deviations over the first. */
  deviations: 3,
} as const;

/** When the spread of a series counts as growing with its level. */
export const logDefaults = {
  fewestBlocks: 6,
  blockRows: 12,
  /** Rank correlation of the blocks' levels and spreads. */
  correlation: 0.6,
  /** The highest block's level over the lowest one's: less than this needs no log. */
  levelRatio: 1.5,
} as const;

/** The last value anchors where the root mean square of one step is less than this much of the standard deviation. */
export const anchorRatio = 0.8;

/** Characters or words that a language model reads at once, fewer where a part is shorter; and how many of them gradients flow back through. */
export const languageDefaults = {
  lookback: 1000,
  truncate: 100,
  /** Few sequences side by side: a text is learnt in many steps rather than in exact ones. */
  batch: 16,
  /** A longer text takes more units. */
  long: 100_000,
  hidden: { short: 128, long: 256 },
  dropout: 0.2,
  training: { steps: 2000, rate: 0.8, schedule: 'cosine' },
} as const;

/** How texts with classes are read: by words where they have so many as a rule, and at most `longest` of what they are read as. */
export const textDefaults = {
  fewestWords: 4,
  vocabulary: 20_000,
  longest: { characters: 160, words: 64 },
  /** So large a share of the texts is read whole. */
  share: 0.98,
  layer: { cell: 'gru', hidden: 128, bidirectional: true },
  pooling: 'max',
  dropout: 0.5,
  embedding: 64,
  /** Fewer and smaller steps than usual, which become ever smaller: texts are learnt by heart before they are understood. */
  training: { steps: 1500, rate: 0.4, schedule: 'cosine' },
} as const;

/** How pairs of texts are read and translated. A pair says more than a text with a class, so more is kept to train on. */
export const translationDefaults = {
  vocabulary: 20_000,
  longest: { characters: 160, words: 40 },
  /** So large a share of the texts is read and written whole. */
  share: 0.995,
  /** What is kept from training where there are so many pairs; of fewer as of any data. */
  split: { validation: 0.05, test: 0.1 },
  many: 2000,
  layer: { cell: 'gru', hidden: 256, bidirectional: true },
  embedding: 128,
  dropout: 0.2,
  /** Of the usual learning rate. */
  rate: 0.4,
} as const;

/** How sentences are read of which each word has a tag. */
export const tagDefaults = {
  vocabulary: 20_000,
  /** Longer sentences are read in pieces. */
  longest: 128,
  /** Rows that tell whether a table holds such sentences. */
  rowsLookedAt: 200,
  layer: { cell: 'gru', hidden: 64, bidirectional: true },
  embedding: 64,
  dropout: 0.3,
  training: { steps: 2000, rate: 0.6, schedule: 'cosine' },
} as const;

export const soundDefaults = {
  features: { mels: 40, window: 32, hop: 16, highest: null },
  /** Steps that are read at most: about 8 seconds; of a sound that is transcribed, about 24. */
  longest: 500,
  longestSaid: 1500,
  layer: { cell: 'gru', hidden: 64, bidirectional: true },
  pooling: 'mean',
  dropout: 0.3,
} as const;

/** How sounds are transcribed. */
export const transcriptDefaults = {
  layer: { cell: 'gru', hidden: 96, bidirectional: true },
  dropout: 0.2,
  training: { steps: 2000, rate: 0.6, schedule: 'cosine' },
} as const;

/** Up to so many tokens are read one-hot; more are read as `size` learnt numbers each. */
export const embeddingDefaults = { mostOneHot: 128, size: 64 } as const;

export const layerDefault = { cell: 'lstm', hidden: 32 } as const;

/** Training is as long as about `steps` optimiser steps, within these epochs. */
export const trainingDefaults = {
  steps: 5000,
  fewestEpochs: 5,
  mostEpochs: 200,
  /** Smallest batch for up to so many training windows. */
  batches: [
    { windows: 200, batch: 8 },
    { windows: 1000, batch: 16 },
    { windows: 5000, batch: 32 },
    { windows: 50_000, batch: 64 },
    { windows: Number.POSITIVE_INFINITY, batch: 256 },
  ],
  learningRate: {
    sgd: 0.05,
    adagrad: 0.05,
    rmsprop: 0.005,
    adam: 0.005,
    adamw: 0.005,
    nadam: 0.005,
  } satisfies Readonly<Record<OptimizerName, number>>,
  /** RMSProp is used plain; the others have a momentum of their own or none. */
  momentum: { sgd: 0.9, adagrad: 0, rmsprop: 0, adam: 0, adamw: 0, nadam: 0 } satisfies Readonly<
    Record<OptimizerName, number>
  >,
  clipNorm: 1,
  seed: 1,
} as const;

export const deviceDefaults = { provider: 'auto', threads: 1 } as const;
