import { z } from 'zod';
import type { ModelSpec } from '../../core/model/spec';
import { streamingOf, streamings } from '../../core/model/streaming';
import { readColumnsOf } from '../../data/forecast/known';
import { forecastColumns } from '../../data/forecast/readForecast';
import type { ForecastData, PreparedData } from '../../data/prepared';
import { indicatorName } from '../../data/table/tableForm';
import { UnrollError } from '../../protocol/errors';
import { type Experiment, gapRules, tasks } from '../../protocol/experiment';
import { unrollVersion } from '../version';

const scalerSchema = z.object({
  column: z.string(),
  transform: z.enum(['none', 'log', 'difference']),
  floor: z.number().nullable(),
  offset: z.number(),
  scale: z.number(),
});

const texts = z.array(z.string()).nullable().default(null);

const metadataSchema = z.object({
  task: z.enum(tasks),
  /** Input columns in the order of the model's features; of a forecast the targets are the first. Empty for a text. */
  columns: z.array(z.string()),
  target: z.string(),
  /** Columns that are forecast together with the target, which they follow; `forecast` is then [batch, targets, horizon]. */
  moreTargets: z.array(z.string()).default([]),
  /** Columns among these whose values `horizon` rows later follow them as further features, in this order. */
  known: z.array(z.string()).default([]),
  /**
   * One a feature: scaled = (t(x) - offset) / scale, with t(x) = x, or ln(max(x, floor)) for `log`, or for `difference` x less what it is in the
   * row before (0 in the first row); an answer of a target of `difference` is its change from the last value that is read.
   */
  scaler: z.array(scalerSchema),
  /** Steps that the model was trained to read; shorter sequences are padded at their end where `masked` says so. */
  lookback: z.int().min(1),
  masked: z.boolean().default(false),
  /** What the model carries from call to call, so that fewer steps can be given at a time (see `streaming.ts`). */
  stream: z.enum(streamings).default('none'),
  horizon: z.int().min(1),
  season: z.int().min(1).nullable(),
  anchor: z.enum(['last', 'none']),
  split: z.object({ validation: z.number(), test: z.number() }),
  missing: z.enum(['interpolate', 'forwardFill', 'drop', 'mask']),
  /** Columns of which a further one, 1 where they have no value and else 0, is among the last of `columns`, in this order. */
  indicators: z.array(z.string()).default([]),
  /** Which sign stands before decimals in text; null where the file tells. */
  numbers: z.enum(['point', 'comma']).nullable().default(null),
  /** The zone of clocks that say none; null is UTC. */
  zone: z.string().nullable().default(null),
  /** What becomes of steps in time that are longer than usual. */
  gaps: z.enum(gapRules).default('keep'),
  /** How many missing values in a row take the last one seen; null for any number. */
  fillLimit: z.int().min(1).nullable().default(null),
  /** How rows become one for each stretch of time; null where they do not. */
  resample: z
    .object({ every: z.string(), by: z.enum(['mean', 'sum', 'last']) })
    .nullable()
    .default(null),
  /** The column that orders the rows, and the usual step between two of them in ms. */
  time: z.string().nullable(),
  timeStep: z.number().nullable(),
  /** The column that tells sequences apart. */
  series: z.string().nullable().default(null),
  /** How a series is scaled that the model has not seen, where each is scaled for itself. */
  scaling: z.enum(['standard', 'robust', 'minMax', 'none']).default('standard'),
  /** `scaler` for each series that the model has seen, where each is scaled for itself; null where `scaler` is for all. */
  seriesScalers: z
    .array(z.object({ series: z.string(), scaler: z.array(scalerSchema) }))
    .nullable()
    .default(null),
  loss: z.string().default('mse'),
  /** What `outputs` [batch, outputs] holds: all steps of the first target's first quantile, of the second target's, then of the second quantile, and so on. */
  quantiles: z.array(z.number()).nullable().default(null),
  /** The classes by their numbers. */
  classes: texts,
  /** What tokens stand for, such as characters; one token more, the last, stands for everything else. */
  vocabulary: texts,
  /** How sounds are read, and up to which frequency in Hz; null where none are. */
  sound: z
    .object({ mels: z.int(), window: z.number(), hop: z.number(), highest: z.number().nullable() })
    .nullable()
    .default(null),
  /** How the texts of `columns` are read; null where none are. */
  text: z
    .object({ read: z.enum(['characters', 'words']), most: z.int() })
    .nullable()
    .default(null),
  /** The characters of transcripts: number k is `symbols[k - 1]`, and number 0 is the blank. */
  symbols: texts,
  /** What the tokens of translations stand for: number k is `translations[k - 2]`, number 0 ends one, number 1 is every other token. */
  translations: texts,
  unroll: z.string(),
});

/** What an exported model says of itself: enough to scale raw numbers for it and to read what it answers. */
export type ModelMetadata = z.infer<typeof metadataSchema>;

export function modelMetadata(experiment: Experiment, spec: ModelSpec, prepared: PreparedData): ModelMetadata {
  const { data, model, training } = experiment;
  const hasColumns = prepared.task !== 'language';
  const columns = columnsOf(data, prepared);
  return {
    task: prepared.task,
    columns,
    target: data.target,
    moreTargets: prepared.task === 'forecast' ? data.moreTargets : [],
    scaler: hasColumns ? prepared.scalers.map((scaler) => ({ ...scaler })) : [],
    lookback: prepared.shape.steps,
    masked: prepared.shape.masked,
    stream: streamingOf(spec),
    horizon: data.horizon,
    season: data.season,
    anchor: model.anchor,
    split: data.split,
    missing: data.missing,
    known: prepared.task === 'forecast' ? data.known : [],
    indicators: indicatorsIn(data, columns),
    numbers: data.numbers,
    zone: data.zone,
    resample: data.resample,
    gaps: data.gaps,
    fillLimit: data.fillLimit,
    time: data.time,
    timeStep: prepared.task === 'forecast' ? usualStep(prepared) : null,
    series: data.series,
    scaling: data.scaler,
    seriesScalers: prepared.task === 'forecast' ? seriesScalersOf(prepared) : null,
    loss: training.loss.name,
    quantiles: training.loss.name === 'quantile' ? training.loss.quantiles : null,
    classes: prepared.task === 'classify' || prepared.task === 'label' ? [...prepared.classes] : null,
    vocabulary: vocabularyOf(prepared),
    text: data.text,
    sound: data.sound,
    symbols: prepared.task === 'transcribe' ? [...prepared.symbols] : null,
    translations: prepared.task === 'translate' ? [...prepared.translations] : null,
    unroll: unrollVersion,
  };
}

/** What the model reads, targets first in a forecast, the columns that tell what is missing last. */
function columnsOf({ text, features }: Experiment['data'], prepared: PreparedData): string[] {
  if (text !== null) return features;
  if (prepared.task === 'forecast') return readColumnsOf(prepared.series).map(({ name }) => name);
  return prepared.task === 'language' ? [] : [...prepared.columns];
}

function indicatorsIn(data: Experiment['data'], columns: readonly string[]): string[] {
  if (data.missing !== 'mask') return [];
  const read = columns[0] === data.target ? forecastColumns(data) : data.features;
  const further = columns.slice(read.length);
  return read.filter((name) => further.includes(indicatorName(name)));
}

// A column may be called "null" or "12": which values are text is fixed, not guessed.
const plain: ReadonlySet<string> = new Set([
  'task',
  'target',
  'anchor',
  'missing',
  'scaling',
  'stream',
  'loss',
  'unroll',
]);

function vocabularyOf(prepared: PreparedData): string[] | null {
  const { vocabulary = null } = 'vocabulary' in prepared ? prepared : {};
  return vocabulary === null ? null : [...vocabulary];
}

/** ONNX metadata holds strings: text stands as it is, everything else in JSON. */
export function encodeMetadata(metadata: ModelMetadata): Record<string, string> {
  return Object.fromEntries(
    Object.entries(metadata).map(([key, value]) => [key, plain.has(key) ? String(value) : JSON.stringify(value)]),
  );
}

/** @throws UnrollError `model` where the model does not say how its numbers are to be read. */
export function decodeMetadata(properties: Readonly<Record<string, string>>, where: string): ModelMetadata {
  const decoded = metadataSchema.safeParse(
    Object.fromEntries(Object.entries(properties).map(([key, text]) => [key, plain.has(key) ? text : parse(text)])),
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

const seriesScalersOf = ({ seriesScalers, stretches }: ForecastData): ModelMetadata['seriesScalers'] =>
  seriesScalers &&
  stretches.map(({ name }, s) => ({
    series: name ?? '',
    scaler: (seriesScalers[s] ?? []).map((each) => ({ ...each })),
  }));

/** The median step within a series, which neither a gap nor a double row moves. */
function usualStep({ series: { time }, stretches }: ForecastData): number | null {
  if (time === null || time.length < 2) return null;
  const starts = new Set(stretches.map(({ rows }) => rows.start));
  const steps = time.map((at, row) => at - (time[row - 1] ?? at)).filter((_, row) => !starts.has(row));
  return steps.sort()[Math.floor(steps.length / 2)] ?? null;
}
