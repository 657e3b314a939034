import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

// A training run of PyTorch as a file, schema train-reference/1: a configuration, the weights that it starts from, the batches that
// it is fed, and what came of that. What a configuration may say beyond the fields below is read where it is used.

const tensor = z.object({ shape: z.array(z.int().min(0)), dtype: z.string(), data: z.array(z.number()) });
const weights = z.record(z.string(), tensor);
const size = z.int().min(1);
const flag = z.boolean().nullish();

const config = z.looseObject({
  task: z.string(),
  cell: z.string(),
  nonlinearity: z.string().nullish(),
  input_size: z.int().min(0).default(0),
  hidden: size,
  layers: size.default(1),
  bidirectional: flag,
  bias: flag,
  vocab: size.nullish(),
  embed: size.nullish(),
  output_size: size,
  batch: size,
  seq_len: size,
  loss: z.union([z.string(), z.looseObject({ name: z.string() })]).nullish(),
  class_weights: z.array(z.number()).nullish(),
  /** Sequences of different lengths went through PyTorch packed, so that the reverse direction begins at each one's own end. */
  packed: flag,
  float64: flag,
  optimizer: z.looseObject({ name: z.string(), lr: z.number().optional() }),
});

const reference = z.object({
  config,
  initial_weights: weights,
  batches: z.array(z.object({ x: tensor, y: tensor, lengths: tensor.nullish() })).min(1),
  loss: z.array(z.number()),
  grad_norm_before_clip: z.array(z.number()).optional(),
  gradients_step1_before_clip: weights,
  weights_after_step1: weights.optional(),
  final_weights: weights,
});

export type StoredTensor = z.infer<typeof tensor>;
export type StoredWeights = z.infer<typeof weights>;
export type StoredBatch = z.infer<typeof reference>['batches'][number];
export type ReferenceConfig = z.infer<typeof config>;
export type Reference = z.infer<typeof reference>;

/** The folder of the cases: what `UNROLL_REFERENCE_DIR` names, or the project's own. */
export const referenceFolder = () => process.env['UNROLL_REFERENCE_DIR'] ?? path.resolve('test/fixtures/train');

/** The names of the cases in a folder, without their ending. */
export const referenceNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort();

/** @throws Error that says what about the file is not a case. */
export function readReference(folder: string, name: string): Reference {
  const parsed = reference.safeParse(JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8')));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Error(`This is not a case of train-reference/1: "${issue?.path.join('.')}": ${issue?.message}.`);
}
