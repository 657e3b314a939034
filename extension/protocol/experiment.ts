import { z } from 'zod';

/** The cells that a layer can have; `core/cells` holds their equations under these names. */
export const cellNames = ['rnn', 'rnnRelu', 'rnnSigmoid', 'lstm', 'gru', 'gruResetBefore'] as const;
export type CellName = (typeof cellNames)[number];

const optimizers = ['adam', 'sgd'] as const;
const count = (text: string) => z.int().min(1).describe(text);
const positive = (text: string) => z.number().positive().describe(text);
const fraction = (text: string) => z.number().min(0).max(0.9).describe(text);

const split = z.strictObject({
  validation: fraction('Fraction of the rows, just before the test part, that chooses the best epoch.'),
  test: fraction('Fraction of the rows, the last ones in time, that no decision ever sees.'),
});

const data = z.strictObject({
  path: z.string().min(1).describe('The data file, relative to the workspace folder.'),
  time: z.string().nullable().describe('The column that orders the rows; null keeps the order of the file.'),
  target: z.string().min(1).describe('The column to forecast.'),
  features: z.array(z.string()).describe('Further columns that the model reads beside the past of the target.'),
  missing: z
    .enum(['interpolate', 'forwardFill', 'drop'])
    .describe('What stands for a missing value: a line between its neighbours, the last value seen, or no row at all.'),
  transform: z
    .enum(['none', 'log'])
    .describe('Applied to the target before scaling; log suits series that grow by percentages.'),
  scaler: z.enum(['standard', 'minMax', 'none']).describe('How columns are scaled; fitted on the training part alone.'),
  split,
  lookback: count('How many past rows the model reads.'),
  horizon: count('How many future rows the model forecasts.'),
  season: z
    .int()
    .min(1)
    .nullable()
    .describe('Rows in one season, for the seasonal-naive baseline; null where there is none.'),
});

const layer = z.strictObject({
  cell: z.enum(cellNames).describe('The recurrent cell.'),
  hidden: count('Units in the hidden state.').max(4096),
});

const model = z.strictObject({
  layers: z.array(layer).min(1).max(16).describe('Recurrent layers, first to last.'),
  anchor: z
    .enum(['last', 'none'])
    .describe('last: the model sees each window relative to its last value, and forecasts the change from it.'),
});

const optimizer = z.strictObject({
  name: z.enum(optimizers).describe('The update rule.'),
  learningRate: positive('Step size.'),
  momentum: z.number().min(0).max(0.9999).describe('SGD only: how much of the last step is kept.'),
});

const training = z.strictObject({
  epochs: count('Passes over the training windows.'),
  batch: count('Windows in one optimiser step.').max(65536),
  optimizer,
  clipNorm: z.number().positive().nullable().describe('Largest global norm of the gradient; null does not clip.'),
  seed: z.int().min(0).max(0xffffffff).describe('Seeds the initial weights and the order of the windows.'),
});

const device = z.strictObject({
  provider: z
    .enum(['auto', 'cpu', 'cuda'])
    .describe('Where the arithmetic runs; auto takes CUDA where it really works.'),
  threads: count('Threads of one operator on the CPU; the same number gives the same bits.').max(256),
});

const $schema = z.string().optional().describe('Where the JSON schema of this file is.');
const version = z.literal(1).describe('Version of this format.');
const name = z.string().min(1).max(80).describe('Names the run.');
const task = z.literal('forecast').describe('What is learnt: the next values of a series.');

/** A whole experiment, with every choice made. This is what a run folder keeps. */
export const experimentSchema = z.strictObject({ $schema, version, name, task, data, model, training, device });
export type Experiment = z.infer<typeof experimentSchema>;

/** What a person writes: only the data's path must be there; every other choice has a default that depends on the data. */
export const draftSchema = z.strictObject({
  $schema,
  version: version.optional(),
  name: name.optional(),
  task: task.optional(),
  data: data.partial().extend({ path: data.shape.path, split: split.partial().optional() }),
  model: model.partial().optional(),
  training: training.partial().extend({ optimizer: optimizer.partial().optional() }).optional(),
  device: device.partial().optional(),
});
export type Draft = z.infer<typeof draftSchema>;

/** The JSON schema of a draft, for completion and checking in the editor. */
export function draftJsonSchema(): object {
  return z.toJSONSchema(draftSchema, { io: 'input' });
}
