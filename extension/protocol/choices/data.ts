import { z } from 'zod';
import { count, fraction, optional } from './fields';

/** What a model learns; `core/model/task.ts` says what each needs of model and data. */
export const tasks = ['forecast', 'classify', 'label', 'language', 'transcribe'] as const;
export type Task = (typeof tasks)[number];

export const split = z.strictObject({
  validation: fraction('Fraction of the rows, just before the test part, that chooses the best epoch.'),
  test: fraction('Fraction of the rows, the last ones in time, that no decision ever sees.'),
});

export const data = z.strictObject({
  path: z.string().min(1).describe('The data file, relative to the workspace folder.'),
  time: z.string().nullable().describe('The column that orders the rows; null keeps the order of the file.'),
  series: optional(
    z.string().min(1),
    'The column that tells sequences apart: rows with the same value are one sequence. null reads the file as one.',
  ),
  target: z.string().min(1).describe('The column to forecast, or that holds the class; for a text, "character".'),
  features: z.array(z.string()).describe('Further columns that the model reads beside the past of the target.'),
  missing: z
    .enum(['interpolate', 'forwardFill', 'drop'])
    .describe('What stands for a missing value: a line between its neighbours, the last value seen, or no row at all.'),
  transform: z
    .enum(['none', 'log'])
    .describe('Applied to the target before scaling; log suits series that grow by percentages.'),
  scaler: z.enum(['standard', 'minMax', 'none']).describe('How columns are scaled; fitted on the training part alone.'),
  split,
  lookback: count('How many past rows the model reads; with data.series, the longest sequence.'),
  horizon: count('How many future rows the model forecasts.'),
  season: z
    .int()
    .min(1)
    .nullable()
    .describe('Rows in one season, for the seasonal-naive baseline; null where there is none.'),
});
