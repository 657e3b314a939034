import { z } from 'zod';
import { data, split, taskSentences, tasks } from './choices/data';
import { count, oneOf } from './choices/fields';
import { type layer, model } from './choices/model';
import { lossSnippets, offering, optimizerSnippets, scheduleSnippets } from './choices/snippets';
import { loss, optimizer, schedule, training } from './choices/training';
import { providerWishes } from './devices';

export { type CellName, cellNames, cellTitles } from './choices/cells';
export { decimalMarks, gapRules, missingRules, resampleWays, type Task, tasks } from './choices/data';
export {
  type Activation,
  type Attention,
  attentions,
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
const task = oneOf(tasks, taskSentences).describe('What is learnt.');

/** A whole experiment, with every choice made. This is what a run folder keeps. */
export const experimentSchema = z.strictObject({ $schema, version, name, task, data, model, training, device });
export type Experiment = z.infer<typeof experimentSchema>;

/** One recurrent layer of an experiment. */
export type LayerChoice = z.infer<typeof layer>;

type Undecided<S extends z.ZodRawShape> = { [K in keyof S]: S[K] extends z.ZodDefault<infer T> ? T : S[K] };

/**
 * The fields of an object without what they are where nothing is said: in a draft that may depend on the data. Editors still show it.
 */
function undecided<S extends z.ZodRawShape>(shape: S): Undecided<S> {
  const fields = Object.entries(shape).map(([name, field]) => {
    if (!(field instanceof z.ZodDefault)) return [name, field];
    const inner = field.unwrap() as z.ZodType;
    return [name, inner.meta({ ...inner.meta(), ...field.meta(), default: field.def.defaultValue })];
  });
  return Object.fromEntries(fields) as Undecided<S>;
}

/** A field of a draft in place of one of the experiment's: what may be left out is different, the words are the same. */
const inPlaceOf = <S extends z.ZodType>(whole: z.ZodType, draft: S) =>
  draft.optional().describe(whole.description ?? '');

/** What a person writes: only the data's path must be there; every other choice has a default, most depend on the data. */
export const draftSchema = z.strictObject({
  $schema,
  version: version.optional(),
  name: name.optional(),
  task: task.optional(),
  data: z
    .strictObject(undecided(data.shape))
    .partial()
    .extend({
      path: data.shape.path,
      split: inPlaceOf(data.shape.split, split.partial()),
      series: inPlaceOf(data.shape.series, data.shape.series.unwrap()),
      scaleBy: inPlaceOf(data.shape.scaleBy, data.shape.scaleBy.unwrap()),
      known: inPlaceOf(data.shape.known, data.shape.known.unwrap()),
    })
    .describe('What is learnt from.'),
  model: z.strictObject(undecided(model.shape)).partial().optional().describe('What is trained.'),
  training: z
    .strictObject(undecided(training.shape))
    .partial()
    .extend({
      optimizer: inPlaceOf(
        training.shape.optimizer,
        offering(z.strictObject(undecided(optimizer.shape)).partial(), optimizerSnippets),
      ),
      loss: inPlaceOf(training.shape.loss, offering(z.strictObject(undecided(loss.shape)).partial(), lossSnippets)),
      schedule: inPlaceOf(
        training.shape.schedule,
        offering(z.strictObject(undecided(schedule.shape)).partial(), scheduleSnippets),
      ),
    })
    .optional()
    .describe('How it is trained.'),
  device: device.partial().optional().describe('Where it is trained.'),
});
export type Draft = z.input<typeof draftSchema>;
/** A draft that was read and found right: it holds what was written, and no more. */
export type CheckedDraft = z.output<typeof draftSchema>;

/** The JSON schema of a draft, for completion and checking in the editor. */
export function draftJsonSchema(): object {
  return z.toJSONSchema(draftSchema, { io: 'input' });
}
