import assert from 'node:assert/strict';
import { Stacks } from '../../../extension/core/autodiff/scan/stacks';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { operator } from '../../../extension/core/ops/table';
import { RandomStream } from '../../../extension/core/random';
import { floats, sizeOf, toNumbers } from '../../../extension/core/tensor';
import type { Checked } from '../../support/gradientCheck';
import { run } from '../../support/session';
import { allCases } from './cases/all';

const steps = 3;

/**
 * Computes `build` for three steps, one after the other and all at once, where only input `single` is the same in every step.
 */
async function bothWays(check: Checked, single: number): Promise<{ lifted: number[]; oneByOne: number[] }[]> {
  const graph = new Graph('lifts');
  const b = new Builder(graph);
  const shapes = check.inputs.map((shape, i) => (i === single ? shape : [steps, ...shape]));
  const inputs = shapes.map((shape, i) => graph.input(`x${i}`, { dtype: 'float64', shape }));
  const step = new Builder(new Graph('step', graph.names), b);
  const slices = check.inputs.map((shape, i) => step.graph.input(`x${i}_t`, { dtype: 'float64', shape }));
  const results = check.build(step, slices);
  const made = new Set(step.graph.nodes.flatMap((node) => node.outputs));
  const stacks = new Stacks(b, step.graph.nodes, (value) => {
    const input = slices.indexOf(value);
    if (input >= 0) return { value: at(inputs, input), stacked: input !== single };
    return made.has(value) ? null : { value, stacked: false };
  });
  const lifted = results.map((value) => stacks.of(value));
  const oneByOne = results.map(() => [] as ReturnType<Builder['identity']>[]);
  for (let t = 0; t < steps; t++) {
    const here = inputs.map((input, i) => (i === single ? input : b.squeeze(b.slice(input, t, t + 1, 0), [0])));
    for (const [k, value] of check.build(b, here).entries()) oneByOne[k]?.push(b.unsqueeze(value, [0]));
  }
  results.forEach((_, k) => {
    b.output(`lifted${k}`, at(lifted, k).value);
    b.output(`oneByOne${k}`, b.concat(at(oneByOne, k), 0));
  });
  const random = new RandomStream(5, 0, 0);
  const [from, to] = [check.from ?? -1, check.to ?? 1];
  const feeds = Object.fromEntries(
    shapes.map((shape, i) => [
      `x${i}`,
      floats(
        'float64',
        shape,
        Array.from({ length: sizeOf(shape) }, () => from + (to - from) * random.uniform()),
      ),
    ]),
  );
  const values = await run(writeModel(graph, {}, check.opset), feeds);
  const numbers = (name: string) => toNumbers(values[name] ?? assert.fail(name));
  return results.map((_, k) => {
    assert.deepEqual(values[`lifted${k}`]?.shape, values[`oneByOne${k}`]?.shape);
    return { lifted: numbers(`lifted${k}`), oneByOne: numbers(`oneByOne${k}`) };
  });
}

/** Whether every operator of a function can run for all steps at once. */
function lifts(check: Checked): boolean {
  const b = new Builder(new Graph('step'));
  check.build(
    b,
    check.inputs.map((shape, i) => b.graph.input(`x${i}`, { dtype: 'float64', shape })),
  );
  return b.graph.nodes.every(({ op }) => operator(op).lift !== undefined);
}

describe('operators: all steps of a Scan at once', () => {
  const checked = new Set<string>();
  for (const [op, functions] of Object.entries(allCases)) {
    functions.forEach((check, i) => {
      // Two stacks of matrices that both repeat are products of steps, which MatMul's rule is not asked for.
      if (check.twin || (op === 'MatMul' && i > 0) || !lifts(check)) return;
      checked.add(op);
      for (const single of check.inputs.length === 1 ? [-1] : [-1, ...check.inputs.keys()]) {
        it(`${op} ${i + 1}${single < 0 ? '' : `, input ${single} the same in every step`}`, async () => {
          const results = await bothWays(check, single);
          for (const { lifted, oneByOne } of results) {
            for (const [j, expected] of oneByOne.entries()) assert.ok(Math.abs(at(lifted, j) - expected) < 1e-12);
          }
        });
      }
    });
  }
  it('has met the operators that gradients are made of', () => {
    const expected = [
      'Cast',
      'Clip',
      'CumSum',
      'LogSoftmax',
      'Pad',
      'ReduceLogSumExp',
      'ReduceMax',
      'Softmax',
      'Where',
    ];
    assert.deepEqual(
      expected.filter((op) => !checked.has(op)),
      [],
    );
  });
});
