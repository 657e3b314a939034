import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { gradients } from '../autodiff/backpropagate';
import { Builder } from '../graph/builder';
import { Graph, prune } from '../graph/graph';
import type { Value } from '../graph/value';
import { meanSquaredError } from '../losses/meanSquaredError';
import { writeModel } from '../onnx/write';
import { at } from '../ops/arguments';
import { clipByGlobalNorm, globalNorm } from '../optimizers/clip';
import { optimizerOf } from '../optimizers/table';
import type { FloatType } from '../tensor';
import { forward } from './forward';
import { parameterShapes } from './parameters';
import type { ForecasterSpec } from './spec';

/** A tensor that a step reads and replaces: a parameter, or a moment of the optimiser (zero at first). */
export interface StateTensor {
  /** Fed under this name; a parameter's is its name. */
  readonly input: string;
  /** Fetched under this name; never into the tensor that was fed, which the step may still read after it has written this. */
  readonly output: string;
  readonly shape: readonly number[];
  readonly kind: 'parameter' | 'moment';
}

/**
 * One optimiser step as an ONNX model: forward, backward through time, clipping, update.
 *
 * Feeds: `x` [lookback, features, batch], `y` [horizon, batch], `weight` [batch] (0 for a window that only fills the batch),
 * the inputs of `state`, and `scalars` (shape []). Fetches: the outputs of `state`, `loss` [] (before the update) and
 * `gradientNorm` [] (before clipping).
 */
export interface TrainingGraph {
  readonly bytes: Uint8Array;
  readonly batch: number;
  readonly state: readonly StateTensor[];
  scalars(step: number, learningRate: number): Readonly<Record<string, number>>;
}

export interface TrainingOptions {
  readonly batch: number;
  readonly optimizer: Pick<Experiment['training']['optimizer'], 'name' | 'momentum'>;
  /** Largest global norm of the gradient, or null. */
  readonly clipNorm: number | null;
  /** Adds every gradient before clipping as an output `grad.<parameter>`. */
  readonly exposeGradients?: boolean;
  readonly dtype?: FloatType;
}

/** Builds the training graph of a forecaster. */
export function buildTrainingGraph(spec: ForecasterSpec, options: TrainingOptions): TrainingGraph {
  const { batch, dtype = 'float32' } = options;
  const optimizer = optimizerOf(options.optimizer);
  const graph = new Graph('training');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype, shape: [spec.lookback, spec.features, batch] });
  const y = graph.input('y', { dtype, shape: [spec.horizon, batch] });
  const weight = graph.input('weight', { dtype, shape: [batch] });
  const scalars = new Map(optimizer.scalars.map((name) => [name, graph.input(name, { dtype, shape: [] })]));
  const shapes = parameterShapes(spec);
  const parameters = new Map(shapes.map(({ name, shape }) => [name, graph.input(name, { dtype, shape })]));

  const prediction = forward(b, spec, x, batch, (name) => named(parameters, name));
  const loss = meanSquaredError(b, prediction, y, weight);
  const raw = gradients(b, loss, [...parameters.values()]);
  const norm = globalNorm(b, raw);
  const clipped = options.clipNorm === null ? raw : clipByGlobalNorm(b, raw, norm, options.clipNorm);

  const state: StateTensor[] = [];
  const keep = (input: string, value: Value, shape: readonly number[], kind: StateTensor['kind']) => {
    const output = `${input}.next`;
    b.output(output, value);
    state.push({ input, output, shape, kind });
  };
  shapes.forEach(({ name, shape }, i) => {
    const moments = optimizer.moments.map((moment) => graph.input(`${moment}.${name}`, { dtype, shape }));
    const scalar = (wanted: string) => named(scalars, wanted);
    const update = optimizer.update(b, named(parameters, name), at(clipped, i), moments, scalar);
    keep(name, update.parameter, shape, 'parameter');
    for (const [k, moment] of moments.entries()) keep(moment.name, at(update.moments, k), shape, 'moment');
    if (options.exposeGradients) b.output(`grad.${name}`, at(raw, i));
  });
  b.output('loss', loss);
  b.output('gradientNorm', norm);
  prune(graph);
  return { bytes: writeModel(graph), batch, state, scalars: (step, rate) => optimizer.values(step, rate) };
}

function named(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new UnrollError('internal', 'The training graph has no value "{0}".', name);
  return value;
}
