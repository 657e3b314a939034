import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { buildEvaluationGraph } from '../../core/model/evaluationGraph';
import { initialParameters, type Parameters } from '../../core/model/parameters';
import { forecasterSpec } from '../../core/model/spec';
import { buildTrainingGraph, type TrainingGraph } from '../../core/model/trainingGraph';
import { sizeOf, type Tensor } from '../../core/tensor';
import { type Batch, newBatch, type PreparedData } from '../../data/windows';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { StoredTensor } from '../runs/safetensors';
import { type Device, openSession, type Session, toOrt, type Values } from '../session/session';

const evaluationBatch = 256;

export interface Step {
  /** Weighted mean of the squared error before the update, in scaled units. */
  readonly loss: number;
  /** Global norm of the gradient before clipping. */
  readonly gradientNorm: number;
}

/**
 * One of two sets of parameters and moments. A step reads one set and writes the other: onnxruntime may write an output before the
 * last reader of an input has run, so a step that replaced the state in place would depend on the order of the graph's nodes.
 */
interface Side {
  readonly state: ReadonlyMap<string, OrtTensor>;
  readonly feeds: Values;
  /** The outputs of a step that reads the other side. */
  readonly fetches: Values;
  readonly evaluationFeeds: Values;
}

/**
 * A model in training: its parameters and moments, and the two sessions that use them. Every buffer is made once and a step allocates
 * nothing.
 */
export class TrainableModel {
  private best: ReadonlyMap<string, StoredTensor> = new Map();

  private constructor(
    private readonly graph: TrainingGraph,
    private readonly data: PreparedData,
    private readonly training: Session,
    private readonly evaluation: Session,
    private present: Side,
    private next: Side,
    private readonly scalars: ReadonlyMap<string, Float32Array>,
    private readonly prediction: OrtTensor,
    private readonly batch: Batch,
    private readonly evaluated: Batch,
  ) {}

  /** Builds the graphs and opens the sessions; the parameters are the initial ones of the experiment's seed. */
  static async open(experiment: Experiment, data: PreparedData, device: Device): Promise<TrainableModel> {
    const spec = forecasterSpec(experiment);
    const { batch: size, optimizer, clipNorm, seed } = experiment.training;
    const { lookback, features, horizon } = data;
    const evaluatedSize = Math.max(1, Math.min(evaluationBatch, data.windows.validation));
    const graph = buildTrainingGraph(spec, { batch: size, optimizer, clipNorm });
    const training = await openSession(graph.bytes, device);
    const evaluation = await openSession(buildEvaluationGraph(spec, evaluatedSize), device);

    const float32 = (shape: readonly number[], values: Float32Array = new Float32Array(sizeOf(shape))) =>
      toOrt({ dtype: 'float32', shape, data: values });
    const batch = newBatch(lookback, features, horizon, size);
    const evaluated = newBatch(lookback, features, horizon, evaluatedSize);
    const scalars = new Map<string, Float32Array>();
    const feeds: Record<string, OrtTensor> = {
      x: await float32([lookback, features, size], batch.x),
      y: await float32([horizon, size], batch.y),
      weight: await float32([size], batch.weight),
    };
    for (const name of Object.keys(graph.scalars(1, optimizer.learningRate))) {
      const value = new Float32Array(1);
      scalars.set(name, value);
      feeds[name] = await float32([], value);
    }
    const fetches = { loss: await float32([]), gradientNorm: await float32([]) };
    const evaluationFeeds = { x: await float32([lookback, features, evaluatedSize], evaluated.x) };
    const newSide = async (): Promise<Side> => {
      const tensors = await Promise.all(
        graph.state.map(async (entry) => ({ ...entry, tensor: await float32(entry.shape) })),
      );
      const byInput = tensors.map(({ input, tensor }) => [input, tensor] as const);
      const parameters = tensors.filter(({ kind }) => kind === 'parameter');
      return {
        state: new Map(byInput),
        feeds: { ...feeds, ...Object.fromEntries(byInput) },
        fetches: { ...fetches, ...Object.fromEntries(tensors.map(({ output, tensor }) => [output, tensor])) },
        evaluationFeeds: {
          ...evaluationFeeds,
          ...Object.fromEntries(parameters.map(({ input, tensor }) => [input, tensor])),
        },
      };
    };
    const sides = [await newSide(), await newSide()] as const;
    const prediction = await float32([horizon, evaluatedSize]);
    const model = new TrainableModel(
      graph,
      data,
      training,
      evaluation,
      ...sides,
      scalars,
      prediction,
      batch,
      evaluated,
    );
    model.copyIn(initialParameters(spec, seed));
    return model;
  }

  /** Takes one optimiser step on training windows. `step` counts from 1. */
  async step(windows: Uint32Array, step: number, learningRate: number): Promise<Step> {
    this.data.fill('train', windows, this.graph.batch, this.batch);
    for (const [name, value] of Object.entries(this.graph.scalars(step, learningRate))) {
      const scalar = this.scalars.get(name);
      if (scalar !== undefined) scalar[0] = value;
    }
    const { loss, gradientNorm } = await this.training.run(this.present.feeds, this.next.fetches);
    [this.present, this.next] = [this.next, this.present];
    return { loss: scalarOf(loss), gradientNorm: scalarOf(gradientNorm) };
  }

  /** Mean squared error in scaled units and RMSE in the target's own, over every window of a part; null where it has none. */
  async evaluate(part: Part): Promise<{ readonly loss: number; readonly rmse: number } | null> {
    const windows = this.data.windows[part];
    if (windows === 0) return null;
    const { horizon } = this.data;
    const size = this.evaluated.weight.length;
    const truth = this.data.truth(part);
    const predicted = floatsOf(this.prediction);
    let loss = 0;
    let squares = 0;
    for (let first = 0; first < windows; first += size) {
      const count = Math.min(size, windows - first);
      this.data.fill(
        part,
        Uint32Array.from({ length: count }, (_, index) => first + index),
        size,
        this.evaluated,
      );
      await this.evaluation.run(this.present.evaluationFeeds, { prediction: this.prediction });
      for (let step = 0; step < horizon; step++) {
        for (let column = 0; column < count; column++) {
          const at = step * size + column;
          const scaled = predicted[at] ?? Number.NaN;
          loss += (scaled - (this.evaluated.y[at] ?? 0)) ** 2;
          squares += (this.data.unscaleTarget(scaled) - (truth[(first + column) * horizon + step] ?? 0)) ** 2;
        }
      }
    }
    return { loss: loss / truth.length, rmse: Math.sqrt(squares / truth.length) };
  }

  /** Makes the present parameters the best ones. */
  keepBest(): void {
    this.best = new Map([...this.parameters()].map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
  }

  /** The parameters of the best epoch, or the present ones before any was kept. */
  bestParameters(): Parameters {
    const chosen = this.best.size > 0 ? this.best : this.parameters();
    return new Map([...chosen].map(([name, tensor]): [string, Tensor] => [name, { dtype: 'float32', ...tensor }]));
  }

  /** What a checkpoint must hold; the arrays are the live ones, to be written before the next step. */
  stored(): { readonly state: ReadonlyMap<string, StoredTensor>; readonly best: ReadonlyMap<string, StoredTensor> } {
    const state = new Map([...this.present.state].map(([name, tensor]) => [name, storedOf(tensor)] as const));
    return { state, best: this.best };
  }

  /** Goes on from a checkpoint. @throws UnrollError `run` where the checkpoint is of another model. */
  restore(state: ReadonlyMap<string, StoredTensor>, best: ReadonlyMap<string, StoredTensor>): void {
    const fits = [...this.present.state].every(([name, { size }]) => state.get(name)?.data.length === size);
    if (!fits || state.size !== this.present.state.size) {
      throw new UnrollError(
        'run',
        'The checkpoint does not fit the model in experiment.json; undo the change there, or train it as a new run.',
      );
    }
    this.copyIn(state);
    this.best = best;
  }

  async release(): Promise<void> {
    await this.training.release();
    await this.evaluation.release();
  }

  private parameters(): Map<string, StoredTensor> {
    const parameters = new Map<string, StoredTensor>();
    for (const { input, kind } of this.graph.state) {
      const tensor = this.present.state.get(input);
      if (kind === 'parameter' && tensor !== undefined) parameters.set(input, storedOf(tensor));
    }
    return parameters;
  }

  private copyIn(values: ReadonlyMap<string, { readonly data: ArrayLike<number | bigint> }>): void {
    for (const [name, { data }] of values) {
      const tensor = this.present.state.get(name);
      if (tensor !== undefined && data instanceof Float32Array) floatsOf(tensor).set(data);
    }
  }
}

const storedOf = (tensor: OrtTensor): StoredTensor => ({ shape: tensor.dims, data: floatsOf(tensor) });

function floatsOf({ data }: OrtTensor): Float32Array {
  if (data instanceof Float32Array) return data;
  throw new UnrollError('internal', 'A training tensor holds no 32-bit floats.');
}

const scalarOf = (tensor: OrtTensor | undefined): number =>
  tensor === undefined ? Number.NaN : (floatsOf(tensor)[0] ?? Number.NaN);
