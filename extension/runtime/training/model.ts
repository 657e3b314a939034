import type { Tensor as OrtTensor } from 'onnxruntime-node';
import { buildEvaluationGraph } from '../../core/model/evaluationGraph';
import { answeredPlaces } from '../../core/model/feeds';
import { layoutOf } from '../../core/model/layout';
import { initialParameters, type Parameters } from '../../core/model/parameters';
import { type ModelSpec, modelSpec } from '../../core/model/spec';
import { buildTrainingGraph, type TrainingGraph, type TrainingOptions } from '../../core/model/trainingGraph';
import { optimizerOf } from '../../core/optimizers/table';
import { sizeOf } from '../../core/tensor';
import type { PreparedData } from '../../data/prepared';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { Metrics } from '../../protocol/run';
import type { StoredTensor } from '../runs/safetensors';
import { type Device, openSession, type Session, toOrt, type Values, withSession } from '../session/session';
import { type BatchTensors, newBatchTensors } from './batchTensors';
import { brokenLayer } from './brokenLayer';
import { estimateBytes, refuseTooMuch, withinMemory } from './memory';
import { isFinitePass, type PassOrder, type PassResult } from './pass';
import { PassGroup } from './passGroup';
import { PassInputs } from './passInputs';
import { StateSet } from './trainingState';

const largestEvaluation = 256;
/** Passes in one run where the state would otherwise be copied to a device and back for each; a wish to stop waits for them. */
const passesOnDevice = 16;
/** Steps of all sequences of one evaluation together: what they hold at a time is to stay near what a batch of training holds. */
const evaluationSteps = 32768;
/** Logits of one evaluation of translations together. */
const evaluationLogits = 2 ** 23;

/** What is decided before anything is made. */
interface Plan {
  /** The model over the steps of one pass. */
  readonly spec: ModelSpec;
  /** The same over whole sequences. */
  readonly whole: ModelSpec;
  readonly options: TrainingOptions;
  readonly evaluatedSize: number;
  readonly bytes: number;
}

/** What a model in training is made of, once and for all. */
interface Made {
  readonly spec: ModelSpec;
  readonly options: TrainingOptions;
  readonly graph: TrainingGraph;
  readonly data: PreparedData;
  readonly device: Device;
  readonly seed: number;
  /** Estimate of what training takes. */
  readonly bytes: number;
  readonly training: Session;
  readonly evaluation: Session;
  readonly trained: BatchTensors;
  readonly evaluated: BatchTensors;
  readonly inputs: PassInputs;
  /** Null where passes are made one at a time. */
  readonly group: PassGroup | null;
  readonly results: Values;
  readonly judged: Values;
}

/**
 * A model in training: its parameters and what the optimiser keeps beside them, and the two sessions that use them. Every buffer is
 * made once and a pass allocates next to nothing.
 */
export class TrainableModel {
  private best: ReadonlyMap<string, StoredTensor> = new Map();
  private filled: number | null = null;

  private constructor(
    private readonly made: Made,
    private present: StateSet,
    private next: StateSet,
  ) {}

  /**
   * Builds the graphs and opens the sessions; the parameters are the initial ones of the experiment's seed.
   * @throws UnrollError `experiment` for a model that cannot be, or that is too big for this machine.
   */
  static async open(experiment: Experiment, data: PreparedData, device: Device): Promise<TrainableModel> {
    const { batch, optimizer, clipNorm, clipValue, accumulate, truncate } = experiment.training;
    const whole = modelSpec(experiment, data.shape);
    const spec =
      truncate === null || truncate >= whole.steps ? whole : modelSpec(experiment, { ...data.shape, steps: truncate });
    // Measured on the CPU: steps one after another in the cache are faster than all at once.
    const form = device.provider === 'cpu' ? 'step' : 'parallel';
    const options: TrainingOptions = { batch, optimizer, clipNorm, clipValue, accumulates: accumulate > 1, form };
    const evaluatedSize = evaluationSize(whole, batch, data.windows.validation);
    const bytes = estimateBytes(spec, {
      batch,
      evaluated: evaluatedSize,
      evaluatedSteps: whole.steps,
      moments: optimizerOf(optimizer).moments.length,
      accumulates: accumulate > 1,
    });
    // A GPU has memory of its own, which onnxruntime cannot be asked about.
    if (device.provider === 'cpu') refuseTooMuch(bytes);
    return withinMemory(bytes, () =>
      TrainableModel.make({ spec, whole, options, evaluatedSize, bytes }, experiment, data, device),
    );
  }

  private static async make(
    { spec, whole, options, evaluatedSize, bytes }: Plan,
    { training: { batch, seed } }: Experiment,
    data: PreparedData,
    device: Device,
  ): Promise<TrainableModel> {
    const graph = buildTrainingGraph(spec, options);
    const training = await openSession(graph.bytes, device);
    const evaluation = await openSession(buildEvaluationGraph(whole, evaluatedSize), device);
    const layout = layoutOf(spec);
    const alone = device.provider === 'cpu' || spec.stateful;
    const group = alone ? null : await PassGroup.open(spec, options, seed, device, passesOnDevice);
    const places = answeredPlaces(whole);
    const answers = { symbols: whole.outputs, tokens: 1, classes: whole.targets, values: whole.targets }[whole.target];
    const made: Made = {
      spec,
      options,
      graph,
      data,
      device,
      seed,
      bytes,
      training,
      evaluation,
      trained: await newBatchTensors(whole, spec, batch),
      evaluated: await newBatchTensors(whole, whole, evaluatedSize),
      inputs: await PassInputs.open(graph, seed),
      group,
      results: { loss: await floats([]), mass: await floats([]), gradientNorm: await floats([]) },
      judged: {
        loss: await floats([]),
        mass: await floats([]),
        prediction: await floats([...places, answers, evaluatedSize]),
      },
    };
    const model = new TrainableModel(
      made,
      await StateSet.open(graph.state, layout),
      await StateSet.open(graph.state, layout),
    );
    model.copyIn(initialParameters(spec, seed));
    return model;
  }

  /** An estimate of the bytes that training takes. */
  get bytes(): number {
    return this.made.bytes;
  }

  /** The present parameters as graphs are fed them: one vector, as `layoutOf` lays it out. */
  get fedParameters(): Values {
    const { parameters } = this.present.feeds;
    return parameters === undefined ? {} : { parameters };
  }

  /** How many passes a batch takes. */
  get stretches(): number {
    return this.made.trained.stretches.length;
  }

  /**
   * Makes one pass. Where its loss or its gradient is no finite number, the state stays what it was before it.
   */
  async pass(order: PassOrder): Promise<PassResult> {
    this.fill(order);
    if (order.stretch === 0) this.present.forgetSequences();
    this.made.inputs.set(0, order);
    const values = await withinMemory(this.made.bytes, () =>
      this.made.training.run(this.feeds(order.stretch), { ...this.made.results, ...this.next.fetches }),
    );
    const result = {
      loss: scalarOf(values['loss']),
      mass: scalarOf(values['mass']),
      gradientNorm: scalarOf(values['gradientNorm']),
    };
    if (isFinitePass(result)) [this.present, this.next] = [this.next, this.present];
    return result;
  }

  /** How many passes are best made at once. */
  get groupSize(): number {
    return this.made.group?.size ?? 1;
  }

  /** Makes passes, in one run where they are as many as `groupSize`; the last result is the first that is no finite number. */
  async passes(orders: readonly PassOrder[]): Promise<PassResult[]> {
    const { group, data, bytes } = this.made;
    if (group !== null && orders.length === group.size) {
      const results = await withinMemory(bytes, () => group.run(data, orders, this.present, this.next));
      if (results.every(isFinitePass)) {
        [this.present, this.next] = [this.next, this.present];
        return results;
      }
    }
    const results: PassResult[] = [];
    for (const order of orders) {
      const result = await this.pass(order);
      results.push(result);
      if (!isFinitePass(result)) break;
    }
    return results;
  }

  /** Whether every number of the state is finite. */
  isFinite(): boolean {
    return this.present.isFinite();
  }

  /**
   * The layer that broke first, of a state that is not finite or of a pass that gave no finite numbers; the pass is made once more to
   * see its gradients. `stretch` is that pass's.
   */
  async brokenLayer(stretch: number): Promise<string> {
    const layout = layoutOf(this.made.spec);
    const { bytes } = buildTrainingGraph(this.made.spec, { ...this.made.options, exposeGradients: true });
    return withSession(bytes, this.made.device, async (session) => {
      const names = layout.map(({ name }) => `grad.${name}`);
      const values = await session.run(this.feeds(stretch), ['loss', ...names]);
      const gradients = new Map(layout.map(({ name }) => [name, floatsOf(values[`grad.${name}`])] as const));
      return brokenLayer(this.present.parameters, scalarOf(values['loss']), gradients);
    });
  }

  /** Mean loss in scaled units and the task's metrics in the data's own, over a whole part; null where it has no sequences. */
  async evaluate(part: Part): Promise<{ readonly loss: number; readonly metrics: Metrics } | null> {
    const windows = this.made.data.windows[part];
    if (windows === 0) return null;
    const { batch, stretches } = this.made.evaluated;
    const [feeds = {}] = stretches;
    const answers = floatsOf(this.made.judged['prediction']);
    const size = sizeOfBatch(this.made.judged['prediction']);
    const judge = this.made.data.judge(part);
    let [loss, mass] = [0, 0];
    for (let first = 0; first < windows; first += size) {
      const count = Math.min(size, windows - first);
      const indices = Uint32Array.from({ length: count }, (_, index) => first + index);
      this.made.data.fill(part, indices, size, batch);
      const values = await withinMemory(this.made.bytes, () =>
        this.made.evaluation.run({ ...feeds, ...this.fedParameters }, this.made.judged),
      );
      loss += scalarOf(values['loss']) * scalarOf(values['mass']);
      mass += scalarOf(values['mass']);
      judge.add(indices, count, answers, size);
    }
    return { loss: loss / mass, metrics: judge.metrics() };
  }

  /** Makes the present parameters the best ones. */
  keepBest(): void {
    const { stored, parameters } = this.present;
    const named = [...stored].filter(([name]) => parameters.has(name));
    this.best = new Map(named.map(([name, { shape, data }]) => [name, { shape, data: data.slice() }]));
  }

  /** The parameters of the best epoch, or the present ones before any was kept. */
  bestParameters(): Parameters {
    if (this.best.size === 0) return this.present.parameters;
    return new Map([...this.best].map(([name, tensor]) => [name, { dtype: 'float32', ...tensor }] as const));
  }

  /** What a checkpoint must hold; the arrays are the live ones, to be written before the next pass. */
  stored(): { readonly state: ReadonlyMap<string, StoredTensor>; readonly best: ReadonlyMap<string, StoredTensor> } {
    return { state: this.present.stored, best: this.best };
  }

  /** Goes on from a checkpoint. @throws UnrollError `run` where the checkpoint is of another model. */
  restore(state: ReadonlyMap<string, StoredTensor>, best: ReadonlyMap<string, StoredTensor>): void {
    const own = this.present.stored;
    const fits = [...own].every(([name, { data }]) => state.get(name)?.data.length === data.length);
    if (!fits || state.size !== own.size) {
      throw new UnrollError(
        'run',
        'The checkpoint does not fit the model in experiment.json; undo the change there, or train it as a new run.',
      );
    }
    this.copyIn(state);
    this.best = best;
    this.filled = null;
  }

  async release(): Promise<void> {
    await this.made.group?.release();
    await this.made.training.release();
    await this.made.evaluation.release();
  }

  private feeds(stretch: number): Values {
    return { ...this.made.trained.stretches[stretch], ...this.made.inputs.feeds, ...this.present.feeds };
  }

  private fill({ windows, batch }: PassOrder): void {
    if (this.filled === batch) return;
    this.made.data.fill('train', windows, this.made.options.batch, this.made.trained.batch);
    this.made.trained.settle();
    this.filled = batch;
  }

  private copyIn(values: ReadonlyMap<string, { readonly data: ArrayLike<number | bigint> }>): void {
    for (const [name, { data }] of values) {
      if (data instanceof Float32Array) this.present.stored.get(name)?.data.set(data);
    }
  }
}

/** Sequences that are evaluated at a time. */
function evaluationSize({ steps, target, longest, outputs }: ModelSpec, batch: number, windows: number): number {
  // The probabilities of all words at all places of a translation take far more room than what was read.
  const room = target === 'tokens' ? Math.floor(evaluationLogits / (longest * outputs)) : Number.POSITIVE_INFINITY;
  const roomy = Math.min(Math.max(batch, Math.floor(evaluationSteps / steps)), Math.max(1, room));
  return Math.max(1, Math.min(largestEvaluation, roomy, windows));
}

function floats(shape: readonly number[], values = new Float32Array(sizeOf(shape))): Promise<OrtTensor> {
  return toOrt({ dtype: 'float32', shape, data: values });
}

function floatsOf(tensor: OrtTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new UnrollError('internal', 'A training tensor holds no 32-bit floats.');
}

const sizeOfBatch = (tensor: OrtTensor | undefined) => tensor?.dims.at(-1) ?? 1;
const scalarOf = (tensor: OrtTensor | undefined): number => floatsOf(tensor)[0] ?? Number.NaN;
