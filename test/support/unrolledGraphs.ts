import { Builder } from '../../extension/core/graph/builder';
import { Graph } from '../../extension/core/graph/graph';
import type { Value } from '../../extension/core/graph/value';
import { at } from '../../extension/core/ops/arguments';
import { floats } from '../../extension/core/tensor';
import { noise } from './noise';

// Recurrences written as exporters write them that know no loops: every step with nodes of its own.

export interface UnrolledWriter {
  readonly b: Builder;
  /** Weights of so many rows and columns, which differ from all others. */
  weights(rows: number, columns: number): Value;
  /** [steps, batch, size] */
  readonly x: Value;
  /** One step of x, [batch, size]. */
  read(step: number): Value;
  /** Makes values of all steps an output, [steps, batch, units]. */
  collect(name: string, values: readonly Value[]): void;
}

export interface UnrolledSizes {
  readonly steps: number;
  readonly batch: number | string;
  readonly input: number;
}

/** A graph with one input x, [steps, batch, input]. */
export function unrolledGraph({ steps, batch, input }: UnrolledSizes, write: (writer: UnrolledWriter) => void): Graph {
  const graph = new Graph('unrolled');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: [steps, batch, input] });
  const next = noise(7);
  write({
    b,
    x,
    weights: (rows, columns) =>
      graph.initializer('weights', floats('float32', [rows, columns], Array.from({ length: rows * columns }, next))),
    read: (step) => b.squeeze(b.slice(x, step, step + 1, 0), [0]),
    collect(name, values) {
      b.output(
        name,
        b.concat(
          values.map((value) => b.unsqueeze(value, [0])),
          0,
        ),
      );
    },
  });
  return graph;
}

/** h' = tanh(W x + R h), the first step without a product, since it begins with zeros. */
export function unrolledRnn({ b, weights }: UnrolledWriter, xs: readonly Value[], hidden: number): Value[] {
  const [W, R] = [weights(Number(xs[0]?.type.shape?.[1]), hidden), weights(hidden, hidden)];
  const hs: Value[] = [];
  for (const x of xs) {
    const fromInput = b.matMul(x, W);
    const before = hs.at(-1);
    hs.push(b.tanh(before === undefined ? fromInput : b.add(b.matMul(before, R), fromInput)));
  }
  return hs;
}

/** An LSTM with one product for all gates, which reads the state as it stands beside the input. */
export function unrolledLstm({ b, weights }: UnrolledWriter, xs: readonly Value[], hidden: number): Value[] {
  const input = Number(xs[0]?.type.shape?.[1]);
  const batch = Number(xs[0]?.type.shape?.[0]);
  const W = weights(input + hidden, 4 * hidden);
  let [h, c] = [b.zeros('float32', [batch, hidden]), b.zeros('float32', [batch, hidden])];
  const hs: Value[] = [];
  for (const x of xs) {
    const gates = b.split(b.matMul(b.concat([x, h], 1), W), [hidden, hidden, hidden, hidden], 1);
    const [i, f, o] = gates.slice(0, 3).map((gate) => b.sigmoid(gate)) as [Value, Value, Value];
    c = b.add(b.mul(f, c), b.mul(i, b.tanh(at(gates, 3))));
    h = b.mul(o, b.tanh(c));
    hs.push(h);
  }
  return hs;
}
