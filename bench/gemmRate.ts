import { InferenceSession, Tensor } from 'onnxruntime-node';
import { Builder } from '../extension/core/graph/builder';
import { Graph } from '../extension/core/graph/graph';
import type { Value } from '../extension/core/graph/value';
import { writeModel } from '../extension/core/onnx/write';
import { RandomStream } from '../extension/core/random';
import { sizeOf } from '../extension/core/tensor';
import { gateCount, type Row } from './rows';
import type { TakeStep } from './turns';

/** Matrix products alone, at some shapes, through onnxruntime. */
export interface Products {
  /** Multiplications and additions of one run. */
  readonly flops: number;
  readonly run: TakeStep;
  release(): Promise<void>;
}

type Shapes = Readonly<Record<string, readonly number[]>>;

/**
 * The products of a row's step and nothing else: the rate that they reach is what the step is measured against. The recurrent
 * ones are chained as in the step, T times R [G·H, H] on [H, B] and back through Rᵀ; W x is one product for all steps; the
 * gradients of W and R are one product [G·H, T·B] on [T·B, I + H]. Weights are fed, for the step's weights are no constants.
 */
export function stepProducts({ cell, T, B, I, H, threads }: Row): Promise<Products> {
  const rows = gateCount[cell] * H;
  const shapes = {
    R: [rows, H],
    Rt: [H, rows],
    h: [H, B],
    W: [rows, I],
    x: [T, I, B],
    dG: [rows, T * B],
    in: [T * B, I + H],
  };
  const flops = 2 * T * B * rows * (2 * I + 3 * H);
  return products(shapes, flops, threads, (b, { R, Rt, h, W, x, dG, in: input }) => {
    let state = h;
    for (let t = 0; t < T; t++) state = b.matMul(Rt, b.matMul(R, state));
    // A piece of a large product is given out, so that copying the whole to the outside is not measured.
    return [state, b.slice(b.matMul(W, x), 0, 1, 0), b.slice(b.matMul(dG, input), 0, 1, 0)];
  });
}

/** One large square product: what the machine reaches where shapes are kindest. */
export function squareProduct(side: number, threads: number): Promise<Products> {
  return products({ A: [side, side], B: [side, side] }, 2 * side ** 3, threads, (b, { A, B }) => [
    b.slice(b.matMul(A, B), 0, 1, 0),
  ]);
}

async function products<S extends Shapes>(
  shapes: S,
  flops: number,
  threads: number,
  build: (b: Builder, inputs: Readonly<Record<keyof S, Value>>) => readonly Value[],
): Promise<Products> {
  const graph = new Graph('products');
  const b = new Builder(graph);
  const inputs = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => [name, graph.input(name, { dtype: 'float32', shape })]),
  ) as Record<keyof S, Value>;
  const outputs = build(b, inputs).map((value, i) => b.output(`out${i}`, value));
  const session = await InferenceSession.create(writeModel(graph), {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
  });
  const random = new RandomStream(2, 0, 0);
  const feeds = Object.fromEntries(
    Object.entries(shapes).map(([name, shape]) => {
      // Numbers of this size keep the size of what R and then Rᵀ multiply: denormal numbers, to which it would sink, are slow.
      const scale = shape.slice(-2).reduce((product, size) => product * size, 1) ** -0.25;
      return [name, tensor(shape, () => scale * random.normal())];
    }),
  );
  const fetches = Object.fromEntries(outputs.map(({ name, type }) => [name, tensor(known(type.shape), () => 0)]));
  const run = async () => {
    const start = performance.now();
    await session.run(feeds, fetches);
    return { ms: performance.now() - start, loss: Number.NaN };
  };
  return { flops, run, release: () => session.release() };
}

const tensor = (shape: readonly number[], value: () => number) =>
  new Tensor('float32', Float32Array.from({ length: sizeOf(shape) }, value), [...shape]);

/** The fixed shape of a value here, where every one is known. */
function known(shape: readonly (number | string)[] | null): readonly number[] {
  return (shape ?? []).map(Number);
}
