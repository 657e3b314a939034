import { InferenceSession, Tensor } from 'onnxruntime-node';
import { initialParameters } from '../extension/core/model/parameters';
import type { ForecasterSpec } from '../extension/core/model/spec';
import { buildTrainingGraph } from '../extension/core/model/trainingGraph';
import { RandomStream } from '../extension/core/random';
import { sizeOf } from '../extension/core/tensor';
import type { CellName } from '../extension/protocol/experiment';
import { type Row, TorchPeer } from './torchPeer';

// Milliseconds of one optimiser step: this engine and PyTorch, taken in turns, on the same shapes and threads.

const cells: Readonly<Record<Row['cell'], CellName>> = { RNN: 'rnn', GRU: 'gru', LSTM: 'lstm' };
const [turns, stepsInTurn] = [12, 5];
/** Threads of the other side spin for a while after its last step; they must be asleep before this side is timed. */
const restMs = 30;

async function ourStep({ cell, T, B, I, H, threads }: Row): Promise<() => Promise<number>> {
  const spec: ForecasterSpec = {
    features: I,
    lookback: T,
    horizon: 1,
    layers: [{ cell: cells[cell], hidden: H }],
    anchor: 'none',
  };
  const training = buildTrainingGraph(spec, { batch: B, optimizer: { name: 'adam', momentum: 0 }, clipNorm: 1 });
  const session = await InferenceSession.create(training.bytes, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    graphOptimizationLevel: 'all',
  });
  const random = new RandomStream(1, 0, 0);
  const noise = (shape: readonly number[]) =>
    new Tensor(
      'float32',
      Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
      [...shape],
    );
  const parameters = initialParameters(spec, 1);
  const batch = {
    x: noise([T, I, B]),
    y: noise([1, B]),
    weight: new Tensor('float32', new Float32Array(B).fill(1), [B]),
  };
  // Two sets of state take turns, as in training: a step must not write into what it reads.
  const sets = [0, 1].map(() =>
    training.state.map(({ input, shape }) => {
      const data =
        (parameters.get(input)?.data as Float32Array | undefined)?.slice() ?? new Float32Array(sizeOf(shape));
      return new Tensor('float32', data, [...shape]);
    }),
  );
  let count = 0;
  return async () => {
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
    await session.run(feeds, fetches as InferenceSession.OnnxValueMapType);
    return performance.now() - start;
  };
}

const median = (times: readonly number[]) =>
  [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? Number.NaN;

/** Milliseconds of a turn's steps but the first, which wakes this side up. */
async function takeTurn(step: () => Promise<number>): Promise<number[]> {
  await new Promise((resolve) => setTimeout(resolve, restMs));
  const times: number[] = [];
  for (let k = 0; k < stepsInTurn; k++) times.push(await step());
  return times.slice(1);
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const torch = await TorchPeer.start();
  if (!json) {
    console.log(
      torch === null ? 'PyTorch: missing (set UNROLL_PYTHON to a Python that has it)' : `PyTorch ${torch.version}`,
    );
    console.log('cell   T   B   I    H  threads   ours ms  torch ms  torch/ours');
  }
  for (const threads of [1, 2]) {
    for (const cell of ['LSTM', 'GRU', 'RNN'] as const) {
      const row: Row = { cell, T: 50, B: 32, I: 16, H: 128, threads };
      const step = await ourStep(row);
      await torch?.load(row);
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let turn = 0; turn < turns; turn++) {
        ours.push(...(await takeTurn(step)));
        if (torch !== null) theirs.push(...(await takeTurn(() => torch.step())));
      }
      const [oursMs, torchMs] = [median(ours), theirs.length > 0 ? median(theirs) : null];
      if (json) console.log(JSON.stringify({ ...row, oursMs, torchMs, tfjsMs: null, brainMs: null }));
      else console.log(tableRow(row, oursMs, torchMs));
    }
  }
  torch?.stop();
}

function tableRow({ cell, T, B, I, H, threads }: Row, ours: number, torch: number | null): string {
  const ratio = torch === null ? 'missing' : (torch / ours).toFixed(2);
  const cellsOfRow = [
    cell.padEnd(4),
    `${T}`.padStart(3),
    `${B}`.padStart(3),
    `${I}`.padStart(3),
    `${H}`.padStart(4),
    `${threads}`.padStart(8),
  ];
  return `${cellsOfRow.join(' ')} ${ours.toFixed(2).padStart(9)} ${(torch?.toFixed(2) ?? 'missing').padStart(9)} ${ratio.padStart(11)}`;
}

void main();
