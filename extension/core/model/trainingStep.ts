import { UnrollError } from '../../protocol/errors';
import { gradients } from '../autodiff/backpropagate';
import { Builder } from '../graph/builder';
import { cutProducts } from '../graph/cutProducts';
import { Graph, prune } from '../graph/graph';
import type { Value } from '../graph/value';
import type { Context } from '../layers/context';
import { batchLast } from '../layers/dense';
import { writtenOut } from '../layers/recurrentLayer';
import { at } from '../ops/arguments';
import { clipGradients } from '../optimizers/clip';
import type { OptimizerSettings } from '../optimizers/optimizer';
import { optimizerOf } from '../optimizers/table';
import type { FloatType } from '../tensor';
import { batchFeeds, type Feed, presentFeeds } from './feeds';
import { layoutOf, pack, sizeOfLayout, unpack } from './layout';
import { lossOf } from './loss';
import { network } from './network';
import { horizonOf, type ModelSpec } from './spec';

/**
 * A tensor that a step reads and replaces; all are zero at first but the parameters. `parameters`: all of them laid end to end, as
 * `layoutOf` says; `moment`: one of the optimiser's, `sum`: of the gradients since the last update, both laid out like the
 * parameters; `carried`: a recurrent state on its way to the next stretch of the same sequences.
 */
export interface StateTensor {
  /** Fed under this name. */
  readonly input: string;
  /** Fetched under this name; never into the tensor that was fed, which the step may still read after it has written this. */
  readonly output: string;
  readonly shape: readonly number[];
  readonly kind: 'parameters' | 'moment' | 'sum' | 'carried';
}

/** Zeros and ones that say what is dropped: 0 with this probability. Fed as uint8, drawn anew as often as the steps' batches are. */
export interface NoiseFeed extends Feed {
  readonly probability: number;
}

/**
 * One optimiser step: forward, backward through time, clipping, update.
 *
 * Feeds: `feeds`, `noise`, the inputs of `state`, and `scalars` (shape []). Fetches: the outputs of `state`, `loss` [] (before the
 * update), `mass` [] (what the losses of several batches are weighed by) and `gradientNorm` [] (before clipping).
 */
export interface TrainingStep {
  readonly batch: number;
  /** The batch: `x`, `y`, `weight`, and `mask` where sequences differ in length. */
  readonly feeds: readonly Feed[];
  readonly noise: readonly NoiseFeed[];
  /** Of a recursive decoder: at which steps ahead it reads the truth, [horizon, batch]; null for others. */
  readonly teacher: Feed | null;
  readonly state: readonly StateTensor[];
  /**
   * The scalars of optimiser step `step`, from 1. Where gradients are accumulated, `share` is what each batch's gradient counts in
   * the update, or null for a batch after which there is none yet.
   */
  scalars(step: number, learningRate: number, share?: number | null): Readonly<Record<string, number>>;
}

export interface StepOptions {
  readonly batch: number;
  readonly optimizer: OptimizerSettings;
  /** Largest global norm of the gradient, or null. */
  readonly clipNorm: number | null;
  /** Largest size of each number of the gradient, before the norm is taken; or null. */
  readonly clipValue?: number | null;
  /** Whether gradients are summed over several runs before the parameters change. */
  readonly accumulates?: boolean;
  /** How cells that are linear in their state run: solved for all steps at once, unless steps one after another are faster. */
  readonly form?: 'step' | 'parallel';
  /** Adds every gradient before clipping as an output `grad.<parameter>`. */
  readonly exposeGradients?: boolean;
  readonly dtype?: FloatType;
}

/** A step written as a graph, with its inputs and outputs by the names that they are fed and fetched under. */
export interface WrittenStep extends TrainingStep {
  readonly graph: Graph;
  readonly inputs: ReadonlyMap<string, Value>;
  readonly outputs: ReadonlyMap<string, Value>;
}

/** Writes one step. `suffix` is added to the names of inputs and outputs in the graph, so that the graph can be the body of another. */
export function writeStep(spec: ModelSpec, options: StepOptions, suffix = ''): WrittenStep {
  const { batch, dtype = 'float32', accumulates = false } = options;
  const optimizer = optimizerOf(options.optimizer);
  const graph = new Graph('training');
  const b = new Builder(graph);
  const inputs = new Map<string, Value>();
  const take = (name: string, type: Omit<Feed, 'name'>): Value => {
    const value = graph.input(`${name}${suffix}`, type);
    inputs.set(name, value);
    return value;
  };
  const outputs = new Map<string, Value>();
  const give = (name: string, value: Value) => outputs.set(name, b.output(`${name}${suffix}`, value));
  const state: StateTensor[] = [];
  const keep = (input: string, value: Value, shape: readonly number[], kind: StateTensor['kind']) => {
    const output = `${input}.next`;
    give(output, value);
    state.push({ input, output, shape, kind });
  };

  const feeds = batchFeeds(spec, batch, dtype);
  for (const feed of presentFeeds(feeds)) take(feed.name, feed);
  const input = (name: string) => named(inputs, name);
  const teacher: Feed | null = spec.recursive ? { name: 'teacher', dtype, shape: [horizonOf(spec), batch] } : null;
  const scalars = [...optimizer.scalars, ...(accumulates ? ['share', 'apply'] : [])];
  for (const name of scalars) take(name, { dtype, shape: [] });
  // One vector for all parameters: binding a tensor to a run costs as much as a small node, and so does every node of an update.
  const layout = layoutOf(spec);
  const shape = [sizeOfLayout(layout)];
  const flat = take('parameters', { dtype, shape });
  const parameters = unpack(b, flat, layout);

  const noise: NoiseFeed[] = [];
  const carried = new Map<string, { readonly shape: readonly number[]; readonly after: Value }>();
  const context: Context = {
    b,
    float: dtype,
    parameter: ({ name }) => named(parameters, name),
    dropout(name, of, probability) {
      if (probability === 0) return null;
      const feed: NoiseFeed = { name: `kept.${name}`, dtype: 'uint8', shape: [...of, batch], probability };
      noise.push(feed);
      const kept = b.cast(take(feed.name, feed), dtype);
      return b.mul(kept, b.scalarLike(kept, 1 / (1 - probability)));
    },
    carried(name, one) {
      if (!spec.stateful) return null;
      const shape = [...one, batch];
      return { before: take(name, { dtype, shape }), after: (after) => carried.set(name, { shape, after }) };
    },
    recurrent: writtenOut(options.form ?? 'parallel'),
    linear: batchLast,
  };
  const prediction = network(context, spec, {
    x: input('x'),
    mask: feeds.mask === null ? null : input('mask'),
    teacher: teacher === null ? null : { truth: input('y'), reads: take(teacher.name, teacher) },
    truth: input('y'),
  });
  const { value: loss, mass } = lossOf(b, spec, prediction, input('y'), input('weight'));
  const raw = gradients(b, loss, [...parameters.values()]);
  if (options.exposeGradients) for (const [i, { name }] of layout.entries()) give(`grad.${name}`, at(raw, i));

  const gradient = pack(b, raw);
  const sum = accumulates ? take('sum', { dtype, shape }) : null;
  const applies = accumulates ? b.cast(input('apply'), 'bool') : null;
  const total = sum === null ? gradient : b.add(sum, gradient);
  const effective = sum === null ? total : b.mul(total, input('share'));
  const { clipNorm, clipValue = null } = options;
  const { gradients: clipped, norm } = clipGradients(b, [effective], { clipNorm, clipValue });

  /** The new value, or the old one while gradients are still being summed. */
  const settled = (updated: Value, old: Value) => (applies === null ? updated : b.where(applies, updated, old));
  const moments = optimizer.moments.map(
    (moment) => [`moment.${moment}`, take(`moment.${moment}`, { dtype, shape })] as const,
  );
  const update = optimizer.update(
    b,
    flat,
    at(clipped, 0),
    moments.map(([, value]) => value),
    input,
  );
  keep('parameters', settled(update.parameter, flat), shape, 'parameters');
  for (const [k, [name, moment]] of moments.entries())
    keep(name, settled(at(update.moments, k), moment), shape, 'moment');
  if (applies !== null) keep('sum', b.where(applies, b.zerosLike(total, [1]), total), shape, 'sum');
  for (const [name, { shape: of, after }] of carried) keep(name, after, of, 'carried');
  give('loss', loss);
  give('mass', mass);
  give('gradientNorm', norm);
  prune(graph);
  cutProducts(graph);
  return {
    graph,
    inputs,
    outputs,
    batch,
    feeds: presentFeeds(feeds),
    noise,
    teacher,
    state,
    scalars: (step, rate, share = 1) => ({
      ...optimizer.values(step, rate),
      ...(accumulates && { share: share ?? 1, apply: share === null ? 0 : 1 }),
    }),
  };
}

function named(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new UnrollError('internal', 'The training graph has no value "{0}".', name);
  return value;
}
