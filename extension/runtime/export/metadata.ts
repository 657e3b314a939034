import { z } from 'zod';
import type { PreparedData } from '../../data/windows';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { unrollVersion } from '../version';

const scalerSchema = z.object({
  column: z.string(),
  transform: z.enum(['none', 'log']),
  floor: z.number().nullable(),
  offset: z.number(),
  scale: z.number(),
});

const metadataSchema = z.object({
  task: z.literal('forecast'),
  /** Input columns in the order of the model's features; the target is the first. */
  columns: z.array(z.string()).min(1),
  target: z.string(),
  /** One a column: scaled = (t(x) - offset) / scale, with t(x) = x, or ln(max(x, floor)) for `log`. */
  scaler: z.array(scalerSchema).min(1),
  lookback: z.int().min(1),
  horizon: z.int().min(1),
  season: z.int().min(1).nullable(),
  anchor: z.enum(['last', 'none']),
  split: z.object({ validation: z.number(), test: z.number() }),
  missing: z.enum(['interpolate', 'forwardFill', 'drop']),
  /** The column that orders the rows, and the usual step between two of them in ms. */
  time: z.string().nullable(),
  timeStep: z.number().nullable(),
  unroll: z.string(),
});

/** What an exported model says of itself: enough to scale raw numbers for it and to undo the scaling of what it answers. */
export type ForecasterMetadata = z.infer<typeof metadataSchema>;

export function forecasterMetadata({ data, model, task }: Experiment, prepared: PreparedData): ForecasterMetadata {
  return {
    task,
    columns: prepared.series.columns.map(({ name }) => name),
    target: data.target,
    scaler: prepared.scalers.map((scaler) => ({ ...scaler })),
    lookback: data.lookback,
    horizon: data.horizon,
    season: data.season,
    anchor: model.anchor,
    split: data.split,
    missing: data.missing,
    time: data.time,
    timeStep: usualStep(prepared.series.time),
    unroll: unrollVersion,
  };
}

// A column may be called "null" or "12": which values are text is fixed, not guessed.
const texts: ReadonlySet<string> = new Set(['task', 'target', 'anchor', 'missing', 'unroll']);

/** ONNX metadata holds strings: text stands as it is, everything else in JSON. */
export function encodeMetadata(metadata: ForecasterMetadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, texts.has(key) ? String(value) : JSON.stringify(value)]),
  );
}

/** @throws UnrollError `model` where the model does not say how its numbers are to be read. */
export function decodeMetadata(properties: Readonly<Record<string, string>>, where: string): ForecasterMetadata {
  const decoded = metadataSchema.safeParse(
    Object.fromEntries(Object.entries(properties).map(([key, text]) => [key, texts.has(key) ? text : parse(text)])),
  );
  if (decoded.success) return decoded.data;
  throw new UnrollError(
    'model',
    '{0} does not say how its numbers are scaled, as models trained by Unroll do; choose a run or a model that Unroll exported.',
    where,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Somebody else's text; the schema says whether it matters.
    return text;
  }
}

/** The median step, which neither a gap nor a double row moves. */
function usualStep(time: Float64Array | null): number | null {
  if (time === null || time.length < 2) return null;
  const steps = time.subarray(1).map((at, row) => at - (time[row] ?? at));
  return steps.sort()[Math.floor(steps.length / 2)] ?? null;
}
