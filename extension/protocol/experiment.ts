import { z } from 'zod';
import { data, split, tasks } from './choices/data';
import { count } from './choices/fields';
import { type layer, model } from './choices/model';
import { loss, optimizer, schedule, training } from './choices/training';
import { providerWishes } from './devices';

export { type Task, tasks } from './choices/data';
export {
  type Activation,
  type CellName,
  cellNames,
  type InitName,
  initNames,
  type Pooling,
  poolings,
} from './choices/model';
export {
  type LossName,
  lossNames,
  type OptimizerName,
  optimizerNames,
  type ScheduleName,
  scheduleNames,
} from './choices/training';

const device = z.strictObject({
  provider: z
    .enum(providerWishes)
    .describe('Where the arithmetic runs; auto takes CUDA where it really works, else the CPU.'),
  threads: count('Threads of one operator on the CPU; the same number gives the same bits.').max(256),
});

const $schema = z.string().optional().describe('Where the JSON schema of this file is.');
const version = z.literal(1).describe('Version of this format.');
const name = z.string().min(1).max(80).describe('Names the run.');
const task = z
  .enum(tasks)
  .describe(
    'What is learnt: the next values, the class of a sequence, the class of every step, the next character, or a transcript.',
  );

/** A whole experiment, with every choice made. This is what a run folder keeps. */
export const experimentSchema = z.strictObject({ $schema, version, name, task, data, model, training, device });
export type Experiment = z.infer<typeof experimentSchema>;

/** One recurrent layer of an experiment. */
export type LayerChoice = z.infer<typeof layer>;

/** What a person writes: only the data's path must be there; every other choice has a default, most depend on the data. */
export const draftSchema = z.strictObject({
  $schema,
  version: version.optional(),
  name: name.optional(),
  task: task.optional(),
  data: data.partial().extend({ path: data.shape.path, split: split.partial().optional() }),
  // What is left out depends on the data, so null must be told apart from nothing.
  model: model
    .partial()
    .extend({
      embedding: model.shape.embedding
        .unwrap()
        .optional()
        .describe(model.shape.embedding.description ?? ''),
    })
    .optional(),
  training: training
    .partial()
    .extend({
      optimizer: optimizer.partial().optional(),
      loss: loss.partial().optional(),
      schedule: schedule.partial().optional(),
    })
    .optional(),
  device: device.partial().optional(),
});
export type Draft = z.input<typeof draftSchema>;
/** A draft that was read and found right: what has a fixed default has it. */
export type CheckedDraft = z.output<typeof draftSchema>;

/** The JSON schema of a draft, for completion and checking in the editor. */
export function draftJsonSchema(): object {
  return z.toJSONSchema(draftSchema, { io: 'input' });
}
