import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cells } from '../../../extension/core/cells/table';
import { headNames, layerNames } from '../../../extension/core/model/parameters';
import type { ForecasterSpec } from '../../../extension/core/model/spec';
import { buildTrainingGraph } from '../../../extension/core/model/trainingGraph';
import { at } from '../../../extension/core/ops/arguments';
import { floats, type Tensor, toNumbers, zeros } from '../../../extension/core/tensor';
import type { CellName } from '../../../extension/protocol/experiment';
import { open } from '../../support/session';

interface Stored {
  readonly shape: number[];
  readonly data: number[];
}
type Weights = Readonly<Record<string, Stored>>;
interface Trajectory {
  readonly config: {
    readonly task: string;
    readonly cell: string;
    readonly nonlinearity: string | null;
    readonly input_size: number;
    readonly hidden: number;
    readonly layers: number;
    readonly bidirectional?: boolean;
    readonly output_size: number;
    readonly batch: number;
    readonly seq_len: number;
    readonly optimizer: {
      readonly name: string;
      readonly lr: number;
      readonly momentum?: number;
      readonly clip_grad_norm?: number;
    };
  };
  readonly initial_weights: Weights;
  readonly final_weights: Weights;
  readonly gradients_step1_before_clip: Weights;
  readonly batches: readonly { readonly x: Stored; readonly y: Stored }[];
  readonly loss: readonly number[];
  readonly grad_norm_before_clip: readonly number[];
}

const folder = process.env['UNROLL_REFERENCE_DIR'] ?? path.resolve('test/fixtures/train');
const trajectories = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => [name, JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as Trajectory] as const);

/** Where our cell keeps each gate in PyTorch's stacked weights (PyTorch: LSTM i f g o, GRU r z n). */
const torchGates: Readonly<Record<string, readonly string[]>> = {
  RNN: ['h'],
  LSTM: ['i', 'f', 'g', 'o'],
  GRU: ['r', 'z', 'n'],
};

const buildable = ({ config }: Trajectory) =>
  config.task === 'forecast' && !config.bidirectional && ['adam', 'sgd'].includes(config.optimizer.name);

describe('training: losses, gradients and weights against PyTorch', () => {
  it('has trajectories to follow', () => assert.ok(trajectories.some(([, trajectory]) => buildable(trajectory))));
  for (const [name, trajectory] of trajectories) {
    if (buildable(trajectory)) it(name, () => follow(trajectory));
  }
});

async function follow({ config, ...reference }: Trajectory): Promise<void> {
  const cell = (config.nonlinearity === 'relu' ? 'rnnRelu' : config.cell.toLowerCase()) as CellName;
  const spec: ForecasterSpec = {
    features: config.input_size,
    lookback: config.seq_len,
    horizon: config.output_size,
    layers: Array.from({ length: config.layers }, () => ({ cell, hidden: config.hidden })),
    anchor: 'none',
  };
  const optimizer = {
    name: config.optimizer.name as 'adam' | 'sgd',
    momentum: config.optimizer.momentum ?? 0,
  };
  const clipNorm = config.optimizer.clip_grad_norm ?? null;
  const training = buildTrainingGraph(spec, { batch: config.batch, optimizer, clipNorm, exposeGradients: true });
  const step = await open(training.bytes);
  const names = parameterNames(config.layers);
  const ours = (weights: Weights) =>
    new Map([...names].map(([our, their]) => [our, fromTorch(cell, config.hidden, our, found(weights, their))]));

  const initial = ours(reference.initial_weights);
  const state = new Map<string, Tensor>(
    training.state.map(({ input, shape }) => [input, initial.get(input) ?? zeros('float32', shape)]),
  );
  for (const [k, { x, y }] of reference.batches.entries()) {
    const scalars = Object.entries(training.scalars(k + 1, config.optimizer.lr));
    const outputs = await step({
      ...Object.fromEntries(state),
      ...Object.fromEntries(scalars.map(([key, value]) => [key, floats('float32', [], [value])])),
      x: transposed(x, [1, 2, 0]),
      y: transposed(y, [1, 0]),
      weight: floats('float32', [config.batch], new Array(config.batch).fill(1)),
    });
    near(found(outputs, 'loss'), [at(reference.loss, k)], 1e-5, `loss of step ${k + 1}`);
    near(
      found(outputs, 'gradientNorm'),
      [at(reference.grad_norm_before_clip, k)],
      1e-4,
      `gradient norm of step ${k + 1}`,
    );
    if (k === 0) {
      for (const [our, expected] of ours(reference.gradients_step1_before_clip)) {
        near(found(outputs, `grad.${our}`), toNumbers(expected), 1e-6, `gradient of ${our}`);
      }
    }
    for (const { input, output } of training.state) state.set(input, found(outputs, output));
  }
  for (const [our, expected] of ours(reference.final_weights))
    near(state.get(our), toNumbers(expected), 1e-4, `final ${our}`);
}

/** From our parameters' names to PyTorch's. */
function parameterNames(layers: number): Map<string, string> {
  const names = new Map<string, string>([
    [headNames.W, 'head.weight'],
    [headNames.b, 'head.bias'],
  ]);
  for (let layer = 0; layer < layers; layer++) {
    const { W, R, Wb, Rb } = layerNames(layer);
    names.set(W, `rec.weight_ih_l${layer}`).set(R, `rec.weight_hh_l${layer}`);
    names.set(Wb, `rec.bias_ih_l${layer}`).set(Rb, `rec.bias_hh_l${layer}`);
  }
  return names;
}

/** Puts PyTorch's gates into our order; biases become columns. */
function fromTorch(cell: CellName, hidden: number, name: string, { shape, data }: Stored): Tensor {
  const columns = shape[1] ?? 1;
  const rows = at(shape, 0);
  if (name === headNames.W || name === headNames.b) return floats('float32', [rows, columns], data);
  const { gates } = cells[cell];
  const theirs = torchGates[cells[cell].fused.op] ?? [];
  const block = hidden * columns;
  const values = gates.flatMap((gate) => {
    const start = theirs.indexOf(gate) * block;
    return data.slice(start, start + block);
  });
  return floats('float32', [rows, columns], values);
}

function transposed({ shape, data }: Stored, perm: readonly number[]): Tensor {
  const strides = shape.map((_, i) => shape.slice(i + 1).reduce((product, dim) => product * dim, 1));
  const to = perm.map((axis) => at(shape, axis));
  const values = data.map((_, flat) => {
    let rest = flat;
    let from = 0;
    for (let i = to.length - 1; i >= 0; i--) {
      from += (rest % at(to, i)) * at(strides, at(perm, i));
      rest = Math.floor(rest / at(to, i));
    }
    return at(data, from);
  });
  return floats('float32', to, values);
}

function near(tensor: Tensor | undefined, expected: readonly number[], tolerance: number, what: string): void {
  const values = tensor === undefined ? [] : toNumbers(tensor);
  assert.equal(values.length, expected.length, what);
  values.forEach((value, i) => {
    const wanted = at(expected, i);
    const error = Math.abs(value - wanted) / Math.max(1, Math.abs(wanted));
    assert.ok(error <= tolerance, `${what}[${i}]: ${value}, PyTorch has ${wanted}`);
  });
}

function found<T>(record: Readonly<Record<string, T>>, name: string): T {
  const value = record[name];
  assert.ok(value !== undefined, `"${name}" is there`);
  return value;
}
