import { RandomStream } from '../extension/core/random';
import { gateCount, type Row } from './rows';

/** The weights and the batch that a row starts from, one after another as `torch.nn` stores them, row-major. */
export interface StartingPoint {
  /** [T, B, I], standard normal. */
  readonly x: Float32Array;
  /** [B], standard normal. */
  readonly y: Float32Array;
  /** [gates·H, I]. */
  readonly weightIh: Float32Array;
  /** [gates·H, H]. */
  readonly weightHh: Float32Array;
  /** [gates·H]. */
  readonly biasIh: Float32Array;
  /** [gates·H]. */
  readonly biasHh: Float32Array;
  /** [1, H]. */
  readonly headW: Float32Array;
  /** [1]. */
  readonly headB: Float32Array;
}

/** The order of PyTorch's gates, in the names of our cells. */
export const torchGates = { RNN: ['h'], GRU: ['r', 'z', 'n'], LSTM: ['i', 'f', 'g', 'o'] } as const;

/** The same numbers for every side. Weights and biases are uniform in ±1/√H, as PyTorch draws them. */
export function startingPoint({ cell, T, B, I, H }: Row): StartingPoint {
  const random = new RandomStream(1, 0, 0);
  const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
  const uniform = (length: number) => Float32Array.from({ length }, () => (2 * random.uniform() - 1) / Math.sqrt(H));
  const rows = gateCount[cell] * H;
  return {
    x: normal(T * B * I),
    y: normal(B),
    weightIh: uniform(rows * I),
    weightHh: uniform(rows * H),
    biasIh: uniform(rows),
    biasHh: uniform(rows),
    headW: uniform(H),
    headB: uniform(1),
  };
}

/** Rows of stacked gates, PyTorch's order in, the order of `gates` out; `width` numbers a row. */
export function reorderGates(
  { cell, H }: Pick<Row, 'cell' | 'H'>,
  data: Float32Array,
  width: number,
  gates: readonly string[],
): Float32Array {
  const given: readonly string[] = torchGates[cell];
  const block = H * width;
  const result = new Float32Array(data.length);
  for (const [to, gate] of gates.entries()) {
    const from = given.indexOf(gate);
    if (from < 0) throw new Error(`PyTorch's ${cell} has no gate "${gate}".`);
    result.set(data.subarray(from * block, (from + 1) * block), to * block);
  }
  return result;
}

/** [T, B, I] to [T, I, B]: a training graph has the batch last. */
export function batchLast({ T, B, I }: Row, x: Float32Array): Float32Array {
  const result = new Float32Array(x.length);
  for (let t = 0; t < T; t++) {
    for (let b = 0; b < B; b++) {
      for (let i = 0; i < I; i++) result[(t * I + i) * B + b] = x[(t * B + b) * I + i] ?? 0;
    }
  }
  return result;
}
