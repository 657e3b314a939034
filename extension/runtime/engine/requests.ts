import path from 'node:path';
import { z } from 'zod';
import { mostOrigins } from '../../protocol/backtest';
import { findingCodes } from '../../protocol/doctor';
import type { EngineContract } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import { inspectionSchemas } from './inspectionRequests';

const absolute = z.string().refine((text) => path.isAbsolute(text), 'must be an absolute path');
const nothing = z.object({});
const run = z.object({ run: absolute });
// A draft is checked where it is used: what is wrong with it is a sentence for the user.
const draft = z.record(z.string(), z.unknown());

/** The parameters of every request, as far as they must be right before anything is done with them. */
const schemas = {
  info: nothing,
  devices: nothing,
  setUpCuda: z.object({ mirror: z.string().nullable() }),
  profile: z.object({ path: absolute }),
  dataFacts: z.object({ path: absolute, draft: draft.nullable() }),
  dataProposal: z.object({ path: absolute, draft: draft.nullable() }),
  soundPicture: z.object({
    path: absolute,
    name: z.string().max(4096),
    draft: draft.nullable(),
    highest: z.number().positive(),
  }),
  propose: z.object({ root: absolute, draft }),
  train: z.object({ root: absolute, draft }),
  resume: run,
  control: run.extend({ action: z.enum(['stop', 'pause', 'continue']) }),
  runs: z.object({ root: absolute }),
  open: run,
  forecast: run.extend({
    horizonStep: z.int().min(1),
    series: z.string().nullable().default(null),
    target: z.string().nullable().default(null),
  }),
  backtest: run.extend({ origins: z.int().min(1).max(mostOrigins) }),
  trace: run.extend({
    window: z.object({ part: z.enum(['train', 'validation', 'test']), index: z.int().min(0) }),
  }),
  model: run,
  describe: z.object({ model: absolute }),
  openModel: z.object({ model: absolute }),
  initializer: z.object({ model: absolute, name: z.string() }),
  traceModel: z.object({
    model: absolute,
    wish: z.object({
      kind: z.enum(['zeros', 'noise', 'impulse', 'file', 'rows', 'text']),
      seed: z.int().min(0),
      steps: z.int().min(1),
      batch: z.int().min(1),
      row: z.int().min(0),
      standardised: z.boolean(),
      text: z.string().max(100_000),
    }),
    file: absolute.nullable(),
  }),
  examine: z.object({ model: absolute }),
  repair: z.object({ model: absolute, out: absolute, codes: z.array(z.enum(findingCodes)) }),
  generate: z.object({
    model: absolute,
    wish: z.object({
      prompt: z.string().max(1_000_000),
      length: z.int().min(1).max(1_000_000),
      temperature: z.number().min(0),
      topK: z.int().min(1).nullable(),
      topP: z.number().gt(0).max(1),
      seed: z.int().min(0),
    }),
  }),
  predict: z.object({ model: absolute, data: absolute }),
  ...inspectionSchemas,
} as const satisfies Record<keyof EngineContract['requests'], z.ZodType>;

type Parameters<K extends keyof typeof schemas> = z.infer<(typeof schemas)[K]>;

/** Checks what came from the other process. @throws UnrollError `usage`. */
export function checkedParams<K extends keyof typeof schemas>(name: K, params: unknown): Parameters<K> {
  const checked = schemas[name].safeParse(params);
  if (checked.success) return checked.data as Parameters<K>;
  const { path: where = [], message = '' } = checked.error.issues[0] ?? {};
  throw new UnrollError('usage', 'The request "{0}" makes no sense: {1} {2}.', name, where.join('.'), message);
}
