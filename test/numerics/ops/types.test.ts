import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { RandomStream } from '../../../extension/core/random';
import { type FloatType, floats, sizeOf, type Tensor, toNumbers } from '../../../extension/core/tensor';
import type { Checked } from '../../support/gradientCheck';
import { run } from '../../support/session';
import { allCases } from './cases/all';

/** Runs what `build` makes of random inputs, every value of it, and returns each beside what was inferred of it. */
async function everyValue(dtype: FloatType, check: Checked, build: Checked['build']) {
  const graph = new Graph('check');
  const b = new Builder(graph);
  const inputs = check.inputs.map((shape, i) => graph.input(`x${i}`, { dtype, shape }));
  // The cases write their constants in float64; here they take the type of the inputs.
  b.scalar = (_, value) => b.constant(floats(dtype, [], [value]));
  b.zeros = (_, shape) => b.constant(floats(dtype, shape, new Array<number>(sizeOf(shape)).fill(0)));
  const results = build(b, inputs);
  const made = graph.nodes.flatMap((node) => node.outputs).filter((value) => value !== null);
  graph.outputs.push(...made.filter((value, i) => made.indexOf(value) === i));
  const random = new RandomStream(11, 0, 0);
  const between = (from: number, to: number) => from + (to - from) * random.uniform();
  const feeds = Object.fromEntries(
    check.inputs.map((shape, i) => {
      const values = Array.from({ length: sizeOf(shape) }, () => between(check.from ?? -1, check.to ?? 1));
      return [`x${i}`, floats(dtype, shape, values)];
    }),
  );
  return { results, made: graph.outputs, values: await run(writeModel(graph, {}, check.opset), feeds) };
}

const tensorOf = (values: Readonly<Record<string, Tensor>>, { name }: Value): Tensor => {
  const tensor = values[name];
  assert.ok(tensor, `${name} was computed`);
  return tensor;
};

describe('operators: what is inferred against what onnxruntime computes', () => {
  for (const [op, functions] of Object.entries(allCases)) {
    functions.forEach((check, i) => {
      // Where there is a twin, onnxruntime has no float64 kernel of the operator.
      const dtype = check.twin ? 'float32' : 'float64';
      it(`${op} ${i + 1}: element type and shape`, async () => {
        const { made, values } = await everyValue(dtype, check, check.build);
        for (const value of made) {
          const tensor = tensorOf(values, value);
          assert.equal(tensor.dtype, value.type.dtype, value.name);
          const shape = value.type.shape?.map((dim, axis) => (typeof dim === 'string' ? tensor.shape[axis] : dim));
          assert.deepEqual(tensor.shape, shape, value.name);
        }
      });
      const { twin } = check;
      if (twin === undefined) return;
      it(`${op} ${i + 1}: as its twin computes it`, async () => {
        const mine = await everyValue('float32', check, check.build);
        const other = await everyValue('float32', check, twin);
        mine.results.forEach((value, k) => {
          const expected = toNumbers(tensorOf(other.values, at(other.results, k)));
          toNumbers(tensorOf(mine.values, value)).forEach((number, j) => {
            const wanted = at(expected, j);
            assert.ok(Math.abs(number - wanted) < 1e-5, `${value.name}[${j}] is ${number}, the twin says ${wanted}`);
          });
        });
      });
    });
  }
});
