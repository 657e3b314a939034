import { z } from 'zod';
import { count, fraction, oneOf, optional } from './fields';
import { offering, resampleSnippets, soundSnippets, textSnippets } from './snippets';

/** What a model learns; `core/model/task.ts` says what each needs of model and data. */
export const tasks = ['forecast', 'classify', 'label', 'language', 'transcribe', 'translate'] as const;
export type Task = (typeof tasks)[number];

/** What each task is, for who has to choose one. */
export const taskSentences: Readonly<Record<Task, string>> = {
  forecast: 'The next values of a column of numbers.',
  classify: 'One class for a whole sequence, such as which machine made it.',
  label: 'A class for every step, such as whether it is an outlier, or for every word.',
  language: 'The next character of a text.',
  transcribe: 'A text for a sequence of numbers or a sound, without knowing which steps make which letter.',
  translate: 'A text for a text, such as the same sentence in another language.',
};

export const split = z.strictObject({
  validation: fraction(
    'Fraction of the rows, or with data.series of the sequences, just before the test part; it chooses the best epoch. A forecast takes it of the rows of each series.',
  ),
  test: fraction(
    'Fraction of the rows, or with data.series of the sequences, the last ones; no decision ever sees it.',
  ),
});

/** What becomes of steps in time that are longer than usual. */
export const gapRules = ['keep', 'fill', 'cut'] as const;

/** What stands for a missing value. */
export const missingRules = ['interpolate', 'forwardFill', 'drop', 'mask'] as const;

/** What numbers of many rows become. */
export const resampleWays = ['mean', 'sum', 'last'] as const;

/** Signs before the decimals of a number. */
export const decimalMarks = ['point', 'comma'] as const;

export const data = z.strictObject({
  path: z.string().min(1).describe('The data file, relative to the workspace folder.'),
  time: z.string().nullable().describe('The column that orders the rows; null keeps the order of the file.'),
  series: optional(
    z.string().min(1),
    'The column that tells sequences apart: rows with the same value are one sequence. null reads the file as one. For forecast, where each series has its own parts, classify, label and transcribe.',
  ),
  target: z
    .string()
    .min(1)
    .describe(
      'The column to forecast, or that holds the class, the transcript or the translation; for a text, "character".',
    ),
  moreTargets: z
    .array(z.string())
    .default([])
    .describe(
      'forecast: further columns of numbers that are forecast together with the target, each with its own scale. The model reads them too, so they are no features.',
    ),
  features: z
    .array(z.string())
    .describe(
      'Columns of numbers that the model reads: in a forecast beside the past of the target, in other tasks instead of it. With data.text the column of text.',
    ),
  known: z
    .array(z.string())
    .default([])
    .describe(
      'forecast: columns of numbers whose values are known ahead, such as a calendar or a price: the model reads them like features, and what they will be at the rows that it forecasts. Where neither these nor data.features are said, those that the file gives in rows without a target, or that the time determines.',
    ),
  text: optional(
    offering(
      z.strictObject({
        read: oneOf(['characters', 'words'], {
          characters: 'One character after the other: for names and short texts.',
          words: 'Words and signs, in lower case: for sentences.',
        }).describe('What a step of a text is.'),
        most: count(
          'At most so many different ones are told apart, the most frequent; all others are read as one.',
        ).default(20_000),
      }),
      textSnippets,
    ),
    'classify: how a column of text is read, one sequence a row; null where columns of numbers are read. label: what has a label of its own, each word of a sentence as it stands between spaces, or each row where data.series tells the sentences apart. language: null reads characters.',
  ),
  sound: optional(
    offering(
      z.strictObject({
        mels: z.int().min(4).max(256).default(40).describe('Bands of frequency, equally wide on the mel scale.'),
        window: z.number().min(2).max(1000).default(32).describe('Milliseconds of a window.'),
        hop: z.number().min(1).max(1000).default(16).describe('Milliseconds from one window to the next.'),
        highest: z
          .number()
          .min(100)
          .nullable()
          .default(null)
          .describe('Upper end of the bands in Hz; null takes what all sounds can hold.'),
      }),
      soundSnippets,
    ),
    'classify and transcribe: how the sounds of a folder of WAV files are read; null where there are none.',
  ),
  numbers: optional(
    oneOf(decimalMarks, {
      point: 'Decimals stand after a point: 1234.5, 1,234.5, 1 234.5.',
      comma: 'Decimals stand after a comma: 1234,5, 1.234,5, 1 234,5.',
    }),
    'How numbers are written in a text file; the other sign, spaces and apostrophes may part thousands. null lets the file tell.',
  ),
  zone: optional(
    z.string().min(1),
    'The time zone of clocks that say none, such as Europe/Berlin, so that summer time makes no gap and no hour stands twice; null is UTC. Offsets that stand beside times are heeded, and days stay days.',
  ),
  resample: optional(
    offering(
      z.strictObject({
        every: z
          .string()
          .regex(/^[1-9]\d{0,4}(min|h|d|w|M|y)$/, 'write it as 15min, 1h, 1d, 1w, 1M or 1y')
          .describe('How long a stretch is: a count of min, h, d, w (from Monday), M (months) or y.'),
        by: oneOf(resampleWays, {
          mean: 'The mean: for what is measured at a time, such as a temperature.',
          sum: 'The sum: for what is counted over a time, such as sales.',
          last: 'The last value: for what stands until it changes, such as a price.',
        }).describe('What the numbers of a stretch become.'),
      }),
      resampleSnippets,
    ),
    'Makes one row of all rows in a stretch of time, of each series for itself; null keeps the rows. Needs data.time.',
  ),
  gaps: oneOf(gapRules, {
    keep: 'Rows are taken as equally far apart.',
    fill: 'Rows are put in, whose values are missing (see data.missing).',
    cut: 'No window reaches over one.',
  })
    .default('keep')
    .describe('forecast: what becomes of steps in time that are half as long again as usual, or longer.'),
  missing: oneOf(missingRules, {
    interpolate: 'A line between its neighbours.',
    forwardFill: 'The last value seen.',
    drop: 'The row is left out.',
    mask: 'It is 0 once the column is scaled, and a further column tells the model where; a target of a forecast takes the last value seen.',
  }).describe('What stands for a missing value; never one of another sequence.'),
  fillLimit: optional(
    z.int().min(1),
    'forecast with data.missing "forwardFill": so many missing values in a row take the last one seen; where there are more, rows are left out and no window reaches over them. null sets no limit.',
  ),
  transform: oneOf(['none', 'log', 'difference'], {
    none: 'Values are scaled as they are.',
    log: 'For positive series that grow by percentages.',
    difference:
      'The change from the row before; a forecast is the change from the last value that is known, and is added to it. For series that wander.',
  }).describe('forecast: applied to the target before scaling.'),
  scaler: oneOf(['standard', 'robust', 'minMax', 'none'], {
    standard: 'To mean 0 and deviation 1.',
    robust: 'To median 0 and interquartile range 1: for values with outliers.',
    minMax: 'From the smallest value, 0, to the largest, 1.',
    none: 'Not at all.',
  }).describe('How columns are scaled; fitted on the training part alone.'),
  scaleBy: oneOf(['all', 'series'], {
    all: 'All series alike, so that the model sees which of them are larger.',
    series:
      'Each series by its own training rows, for series of different levels; one that the model has not seen, by the rows that it is given.',
  })
    .default('all')
    .describe('forecast with data.series: what a scaler is fitted on.'),
  split: split.describe('How the rows are divided; in time, or series by series.'),
  lookback: count(
    'How many rows, or characters of a text, the model reads at once; of a longer sequence the last ones, of a text to be translated the first.',
  ),
  horizon: count(
    'forecast: how many future rows the model forecasts. translate: how many words or characters a translation has at most.',
  ),
  embargo: optional(
    z.int().min(0),
    'forecast: rows left out before the validation and before the test part, so that no part begins where the targets of the one before end; null leaves out as many as the horizon.',
  ),
  season: z
    .int()
    .min(1)
    .nullable()
    .describe('forecast: rows in one season, for the seasonal-naive baseline; null where there is none.'),
});
