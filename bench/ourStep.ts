import { InferenceSession, Tensor } from 'onnxruntime-node';
import { cells } from '../extension/core/cells/table';
import { flatten, layoutOf } from '../extension/core/model/layout';
import { initialParameters } from '../extension/core/model/parameters';
import type { ModelSpec } from '../extension/core/model/spec';
import { buildTrainingGraph } from '../extension/core/model/trainingGraph';
import { sizeOf } from '../extension/core/tensor';
import { layer, model } from '../extension/protocol/choices/model';
import { loss, optimizer } from '../extension/protocol/choices/training';
import type { CellName } from '../extension/protocol/experiment';
import type { Row } from './rows';
import { batchLast, reorderGates, type StartingPoint, startingPoint } from './startingPoint';
import type { TakeStep } from './turns';

/** This engine's side of a row. */
export interface OurStep {
  /** What building the training graph and creating its session took. */
  readonly buildMs: number;
  readonly step: TakeStep;
  release(): Promise<void>;
}

const cellNames: Readonly<Record<Row['cell'], CellName>> = { RNN: 'rnn', GRU: 'gru', LSTM: 'lstm' };

/** One value to forecast from the last step through a linear head, and MSE; what a model may have besides is as it is left out. */
function specOf({ cell, T, I, H }: Row, layers: number): ModelSpec {
  return {
    ...model.parse({
      layers: Array.from({ length: layers }, () => layer.parse({ cell: cellNames[cell], hidden: H })),
      anchor: 'none',
    }),
    steps: T,
    input: { kind: 'values', features: I },
    targets: 1,
    outputs: 1,
    longest: 0,
    masked: false,
    classCounts: null,
    classWeights: null,
    recursive: false,
    target: 'values',
    loss: loss.parse({ name: 'mse' }),
    stateful: false,
  };
}

/** A row's training step, as PyTorch's side does it: last step, linear head, MSE, clipping by global norm 1, Adam. */
export async function ourStep(row: Row, layers = 1, start = startingPoint(row)): Promise<OurStep> {
  const { T, B, I, threads } = row;
  const begin = performance.now();
  const spec = specOf(row, layers);
  const training = buildTrainingGraph(spec, {
    batch: B,
    optimizer: optimizer.parse({ name: 'adam', learningRate: 1e-3, momentum: 0 }),
    clipNorm: 1,
  });
  const session = await InferenceSession.create(training.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  const buildMs = performance.now() - begin;

  const layout = layoutOf(spec);
  const flat = flatten(initialParameters(spec, 1), layout);
  for (const [name, values] of ourParameters(row, start)) {
    const place = layout.find((entry) => entry.name === name);
    if (place !== undefined) flat.set(values, place.offset);
  }
  const batch = {
    x: new Tensor('float32', batchLast(row, start.x), [T, I, B]),
    y: new Tensor('float32', start.y, [1, B]),
    weight: new Tensor('float32', new Float32Array(B).fill(1), [B]),
  };
  // Two sets of state take turns, as in training: a step must not write into what it reads.
  const sets = [0, 1].map(() =>
    training.state.map(
      ({ input, shape }) =>
        new Tensor('float32', input === 'parameters' ? flat.slice() : new Float32Array(sizeOf(shape)), [...shape]),
    ),
  );
  let count = 0;
  const step: TakeStep = async () => {
    const start = performance.now();
    const [from = [], to = []] = count % 2 === 0 ? sets : [...sets].reverse();
    const feeds: Record<string, Tensor> = { ...batch };
    const fetches: Record<string, Tensor | null> = { loss: null };
    for (const [name, value] of Object.entries(training.scalars(++count, 1e-3))) {
      feeds[name] = new Tensor('float32', Float32Array.of(value), []);
    }
    for (const [i, { input, output }] of training.state.entries()) {
      feeds[input] = from[i] as Tensor;
      fetches[output] = to[i] as Tensor;
    }
    const results = await session.run(feeds, fetches as InferenceSession.OnnxValueMapType);
    const loss = Number(results['loss']?.data[0]);
    return { ms: performance.now() - start, loss };
  };
  return { buildMs, step, release: () => session.release() };
}

/** The first layer and the head, in our names and layout. */
function ourParameters(row: Row, start: StartingPoint): ReadonlyMap<string, Float32Array> {
  const { gates } = cells[cellNames[row.cell]];
  return new Map([
    ['layers.0.W', reorderGates(row, start.weightIh, row.I, gates)],
    ['layers.0.R', reorderGates(row, start.weightHh, row.H, gates)],
    ['layers.0.Wb', reorderGates(row, start.biasIh, 1, gates)],
    ['layers.0.Rb', reorderGates(row, start.biasHh, 1, gates)],
    ['head.W', start.headW],
    ['head.b', start.headB],
  ]);
}
