import { buildEvaluationGraph } from '../../extension/core/model/evaluationGraph';
import { flatten, layoutOf } from '../../extension/core/model/layout';
import { initialParameters } from '../../extension/core/model/parameters';
import type { ModelSpec } from '../../extension/core/model/spec';
import { buildTrainingGraph } from '../../extension/core/model/trainingGraph';
import { at } from '../../extension/core/ops/arguments';
import type { OptimizerSettings } from '../../extension/core/optimizers/optimizer';
import { floats, sizeOf, type Tensor, toNumbers, zeros } from '../../extension/core/tensor';
import { open } from '../support/session';

/** What a training graph is fed besides its state: `x`, `y`, `weight` and, where the model asks for it, `mask`. */
export type Batch = Readonly<Record<string, Tensor>>;

/** A model's answers to a batch. */
export interface Answers {
  /** Output `k` of item `n`, at step `t` where every step is answered; a probability where classes are. */
  value(k: number, n: number, t?: number): number;
}

const adam: OptimizerSettings = {
  name: 'adam',
  momentum: 0,
  nesterov: false,
  weightDecay: 0,
  beta1: 0.9,
  beta2: 0.999,
  alpha: 0.99,
  centered: false,
  epsilon: null,
};

/** A model that learns: Adam with the gradient's norm clipped, one thread. States go on from one batch to the next if the spec says so. */
export class Learner {
  /** Sequences that it has learnt from, or stretches of them. */
  seen = 0;
  private steps = 0;
  private readonly judges = new Map<string, ReturnType<typeof open>>();

  private constructor(
    private readonly spec: ModelSpec,
    private readonly graph: ReturnType<typeof buildTrainingGraph>,
    private readonly run: Awaited<ReturnType<typeof open>>,
    private readonly state: Map<string, Tensor>,
  ) {}

  static async start(spec: ModelSpec, batch: number, clipNorm: number, seed: number): Promise<Learner> {
    const graph = buildTrainingGraph(spec, { batch, optimizer: adam, clipNorm });
    const state = new Map(graph.state.map(({ input, shape }) => [input, zeros('float32', shape)]));
    const layout = layoutOf(spec);
    const parameters = flatten(initialParameters(spec, seed), layout);
    state.set('parameters', { dtype: 'float32', shape: [parameters.length], data: parameters });
    return new Learner(spec, graph, await open(graph.bytes), state);
  }

  /** One optimiser step; gives the batch's loss before it. */
  async learn(batch: Batch, learningRate: number): Promise<number> {
    this.steps++;
    this.seen += this.graph.batch;
    const scalars = Object.entries(this.graph.scalars(this.steps, learningRate));
    const given = await this.run({
      ...Object.fromEntries(this.state),
      ...Object.fromEntries(scalars.map(([name, value]) => [name, floats('float32', [], [value])])),
      ...batch,
    });
    for (const { input, output } of this.graph.state) this.state.set(input, named(given, output));
    const loss = at(toNumbers(named(given, 'loss')), 0);
    if (!Number.isFinite(loss)) throw new Error(`The loss of step ${this.steps} is ${loss}.`);
    return loss;
  }

  /** Answers a batch of any number of sequences of any length, each from a zero state. */
  async answer(batch: Batch): Promise<Answers> {
    const [steps, count] = [
      at(named(batch, 'x').shape, 0),
      at(named(batch, 'x').shape, -1 + named(batch, 'x').shape.length),
    ];
    const key = `${steps}x${count}`;
    const judge = this.judges.get(key) ?? open(buildEvaluationGraph({ ...this.spec, steps, stateful: false }, count));
    this.judges.set(key, judge);
    const given = await (await judge)({ ...batch, parameters: named(Object.fromEntries(this.state), 'parameters') });
    const { shape, data } = named(given, 'prediction');
    const outputs = at(shape, shape.length - 2);
    if (sizeOf(shape) !== data.length) throw new Error('The answers do not fill their shape.');
    return { value: (k, n, t = 0) => Number(data[(t * outputs + k) * count + n]) };
  }
}

function named<T>(values: Readonly<Record<string, T>>, name: string): T {
  const value = values[name];
  if (value === undefined) throw new Error(`There is no "${name}".`);
  return value;
}
