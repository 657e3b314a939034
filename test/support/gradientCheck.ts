import assert from 'node:assert/strict';
import { gradients } from '../../extension/core/autodiff/backpropagate';
import { Builder } from '../../extension/core/graph/builder';
import { Graph, prune } from '../../extension/core/graph/graph';
import type { Value } from '../../extension/core/graph/value';
import { writeModel } from '../../extension/core/onnx/write';
import { at } from '../../extension/core/ops/arguments';
import { RandomStream } from '../../extension/core/random';
import { floats, sizeOf, type Tensor } from '../../extension/core/tensor';
import { open } from './session';

/** A function of float64 tensors, as nodes. */
export interface Checked {
  /** Shapes of the inputs. */
  readonly inputs: readonly (readonly number[])[];
  /** Inputs are drawn from (`from`, `to`). */
  readonly from?: number;
  readonly to?: number;
  /** The operator set that it is written in, where that is not ours. */
  readonly opset?: number;
  build(b: Builder, inputs: readonly Value[]): readonly Value[];
  /** The same function in operators that run in float64, where those of `build` do not; only the gradient of `build` is used then. */
  twin?(b: Builder, inputs: readonly Value[]): readonly Value[];
}

/**
 * Checks the gradient of Σ r·f(x), with random r, against central differences along random directions, in float64.
 * Returns the largest relative error seen.
 */
export async function checkGradient(f: Checked, { directions = 4, tolerance = 1e-7 } = {}): Promise<number> {
  const random = new RandomStream(7, 0, 0);
  const between = (from: number, to: number) => from + (to - from) * random.uniform();
  const graph = new Graph('check');
  const b = new Builder(graph);
  const inputs = f.inputs.map((shape, i) => graph.input(`x${i}`, { dtype: 'float64', shape }));
  const outputs = f.build(b, inputs);
  const weights = outputs.map(({ type }) => {
    const shape = type.shape as number[];
    return b.constant(
      floats(
        'float64',
        shape,
        Array.from({ length: sizeOf(shape) }, () => between(-1, 1)),
      ),
      'r',
    );
  });
  const lossOf = (values: readonly Value[]) =>
    values
      .map((value, i) =>
        b.reduceSum(
          b.mul(value, at(weights, i)),
          (value.type.shape ?? []).map((_, axis) => axis),
          false,
        ),
      )
      .reduce((sum, scalar) => b.add(sum, scalar));
  for (const [i, gradient] of gradients(b, lossOf(outputs), inputs).entries()) b.output(`g${i}`, gradient);
  b.output('loss', lossOf(f.twin?.(b, inputs) ?? outputs));
  prune(graph);
  const evaluate = await open(writeModel(graph, {}, f.opset));

  const x = f.inputs.map((shape) =>
    floats(
      'float64',
      shape,
      Array.from({ length: sizeOf(shape) }, () => between(f.from ?? -1, f.to ?? 1)),
    ),
  );
  const feeds = (tensors: readonly Tensor[]) => Object.fromEntries(tensors.map((tensor, i) => [`x${i}`, tensor]));
  const here = await evaluate(feeds(x));
  let worst = 0;
  for (let k = 0; k < directions; k++) {
    const direction = x.map(({ data }) => Float64Array.from(data as Float64Array, () => between(-1, 1)));
    const moved = (by: number) =>
      x.map(({ shape, data }, i) =>
        floats(
          'float64',
          shape,
          Array.from(data as Float64Array, (v, j) => v + by * (direction[i]?.[j] ?? 0)),
        ),
      );
    const epsilon = 1e-5;
    const lossAt = async (by: number) => Number((await evaluate(feeds(moved(by))))['loss']?.data[0]);
    const measured = ((await lossAt(epsilon)) - (await lossAt(-epsilon))) / (2 * epsilon);
    const derived = x.reduce((sum, { data }, i) => {
      const gradient = here[`g${i}`];
      assert.deepEqual(gradient?.shape, f.inputs[i], `the gradient of input ${i} has the input's shape`);
      return Array.from(data as Float64Array).reduce(
        (total, _, j) => total + Number(gradient?.data[j]) * (direction[i]?.[j] ?? 0),
        sum,
      );
    }, 0);
    const error = Math.abs(measured - derived) / Math.max(1, Math.abs(measured));
    worst = Math.max(worst, error);
    assert.ok(error < tolerance, `finite differences give ${measured}, the gradient gives ${derived}`);
  }
  return worst;
}
