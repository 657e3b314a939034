import { statePrefix } from '../../core/graph/carried';
import { batchFeeds } from '../../core/model/feeds';
import type { ModelSpec } from '../../core/model/spec';
import { sizeOf } from '../../core/tensor';
import { type Batch, newBatch } from '../../data/batch';
import type { PreparedData } from '../../data/prepared';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import { type Session, toOrt, type Values } from '../session/session';

/** Steps of all sequences that an exported model is given at a time, and sequences at most. */
const steps = 32768;
const sequences = 256;

/** What an exported model answers about some sequences. */
export interface Answers {
  /** Forecasts, or probabilities of each class; [batch, numbers], or [batch, steps, numbers] where every step is answered. */
  readonly values: Float32Array;
  /** Numbers for one sequence. */
  readonly each: number;
  /** The head's own numbers [batch, outputs] where a target is told by several, such as quantiles. */
  readonly outputs: Float32Array | null;
  /** Of translations, whose tokens are the values: the probability of each, and where it looked, [batch, longest, steps]. */
  readonly translated?: { readonly probability: Float32Array; readonly attention: Float32Array | null };
}

/** What an exported model reads: batch first, scaled. */
export interface ModelInput {
  /** [batch, steps, features], or tokens [batch, steps]. */
  readonly x: Float32Array | Int32Array;
  /** [batch, steps]: 1 for a step, 0 for padding; where sequences differ in length. */
  readonly mask?: Float32Array | undefined;
}

/** Runs an exported model on `count` sequences of the model's length. */
export async function runModel(
  session: Session,
  given: ModelInput,
  shape: InputShape,
  count: number,
): Promise<Answers> {
  const feeds = await feedsOf(given, shape, count);
  return answersOf(await session.run({ ...(await zeroStates(session, count)), ...feeds }), count);
}

/** The states that a model of ours begins with: zeros, where it takes any. */
export async function zeroStates({ inputShapes }: Pick<Session, 'inputShapes'>, batch: number): Promise<Values> {
  const states = [...inputShapes].filter(([name]) => name.startsWith(statePrefix));
  const zeros = states.map(async ([name, shape]) => {
    const whole = [batch, ...shape.slice(1).map(Number)];
    return [name, await toOrt({ dtype: 'float32', shape: whole, data: new Float32Array(sizeOf(whole)) })] as const;
  });
  return Object.fromEntries(await Promise.all(zeros));
}

type InputShape = Pick<ModelSpec, 'steps' | 'input'>;

/** What an exported model is fed. */
export async function feedsOf(
  { x, mask }: ModelInput,
  { steps: length, input }: InputShape,
  count: number,
): Promise<Values> {
  const read =
    input.kind === 'values'
      ? { window: await toOrt({ dtype: 'float32', shape: [count, length, input.features], data: x }) }
      : { tokens: await toOrt({ dtype: 'int32', shape: [count, length], data: x }) };
  if (mask === undefined) return read;
  return { ...read, mask: await toOrt({ dtype: 'float32', shape: [count, length], data: mask }) };
}

/** The answers among what an exported model gave out. @throws UnrollError `model` for a model that answers nothing. */
function answersOf(given: Values, count: number): Answers {
  const [translation, probability, attention] = ['translation', 'probability', 'attention'].map(
    (name) => given[name]?.data,
  );
  if (translation instanceof BigInt64Array && probability instanceof Float32Array) {
    return {
      values: Float32Array.from(translation, Number),
      each: translation.length / count,
      outputs: null,
      translated: { probability, attention: attention instanceof Float32Array ? attention : null },
    };
  }
  const values = (given['forecast'] ?? given['probabilities'])?.data;
  const outputs = given['outputs']?.data;
  if (!(values instanceof Float32Array)) {
    throw new UnrollError(
      'model',
      'The model gives neither a forecast nor probabilities; choose one that Unroll exported.',
    );
  }
  return { values, each: values.length / count, outputs: outputs instanceof Float32Array ? outputs : null };
}

/** Some sequences of a part with what a model answers about them. */
export interface Answered extends Answers {
  readonly indices: Uint32Array;
  /** What the model was given and what is right, with the batch last. */
  readonly batch: Batch;
  /** Sequences in the batch; the first `indices.length` are real. */
  readonly size: number;
}

/** Lets an exported model answer about every sequence of a part, some at a time; this is how everybody who has the file will use it. */
export async function* answerPart(
  session: Session,
  spec: ModelSpec,
  data: PreparedData,
  part: Part,
): AsyncGenerator<Answered, void, undefined> {
  const windows = data.windows[part];
  const size = Math.max(1, Math.min(sequences, Math.floor(steps / spec.steps), windows));
  const batch = newBatch(batchFeeds(spec, size));
  for (let first = 0; first < windows; first += size) {
    const count = Math.min(size, windows - first);
    const indices = Uint32Array.from({ length: count }, (_, index) => first + index);
    data.fill(part, indices, size, batch);
    const answers = await runModel(session, inputOf(batch, size, count), spec, count);
    yield { ...answers, indices, batch, size };
  }
}

/** The first `count` sequences of a batch of `size` as an exported model reads them. */
export const inputOf = ({ x, mask }: Batch, size: number, count: number): ModelInput => ({
  x: batchFirst(x, size, count),
  mask: mask && batchFirst(mask, size, count),
});

/** From `[values, size]` to the first `count` rows of `[size, values]`. */
function batchFirst<T extends Float32Array | Int32Array>(all: T, size: number, count: number): T {
  const values = all.length / size;
  const turned = all.slice(0, count * values) as T;
  for (let value = 0; value < values; value++) {
    for (let item = 0; item < count; item++) turned[item * values + value] = all[value * size + item] ?? 0;
  }
  return turned;
}

/** From `[count, each]` to `[each, count]`, as judges read answers. */
export function batchLast({ values, each }: Answers): Float32Array {
  const count = values.length / each;
  const turned = new Float32Array(values.length);
  for (let item = 0; item < count; item++) {
    for (let value = 0; value < each; value++) turned[value * count + item] = values[item * each + value] ?? 0;
  }
  return turned;
}
