import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { writeModel } from '../../../extension/core/onnx/write';
import { RandomStream, streams } from '../../../extension/core/random';
import { constantsOf } from '../../../extension/core/recurrences/numeric/constants';
import { evaluate } from '../../../extension/core/recurrences/numeric/evaluate';
import { made, NotNumeric } from '../../../extension/core/recurrences/numeric/numbers';
import { floats, type Tensor } from '../../../extension/core/tensor';
import { run } from '../../support/session';

const random = new RandomStream(7, streams.input, 0);
const draw = (shape: readonly number[]): Tensor =>
  floats(
    'float32',
    shape,
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal()),
  );

/** A graph of one input x and one output y. */
function graphOf(shape: readonly number[], write: (b: Builder, x: Value) => Value) {
  const graph = new Graph('numeric');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape });
  const y = b.output('y', write(b, x));
  return { graph, x, y };
}

// Every rule beside onnxruntime's own kernel, which knows nothing of ours.
const rules: Record<string, { readonly shape: readonly number[]; readonly write: (b: Builder, x: Value) => Value }> = {
  'a sum that broadcasts': { shape: [3, 4], write: (b, x) => b.add(x, b.constant(draw([4]))) },
  'a quotient': { shape: [2, 3], write: (b, x) => b.div(x, b.constant(draw([2, 1]))) },
  'a product of many matrices': { shape: [2, 3, 4], write: (b, x) => b.matMul(x, b.constant(draw([4, 5]))) },
  'a product with the weights on the left': { shape: [4, 3], write: (b, x) => b.matMul(b.constant(draw([5, 4])), x) },
  'a product of turned matrices': { shape: [4, 3], write: (b, x) => b.gemm(x, b.constant(draw([5, 4])), true, true) },
  'a part with steps': {
    shape: [5, 6],
    write: (b, x) => b.apply('Slice', [x, b.int64s([-1]), b.int64s([0]), b.int64s([1]), b.int64s([-2])])[0] as Value,
  },
  'uneven parts': { shape: [2, 7], write: (b, x) => b.split(x, [3, 4], 1)[1] as Value },
  'other axes': { shape: [2, 3, 4], write: (b, x) => b.reshape(b.transpose(x, [2, 0, 1]), [8, 3]) },
  'axes that are gone and come back': { shape: [1, 3], write: (b, x) => b.unsqueeze(b.squeeze(x, [0]), [0, 2]) },
  'joined values': { shape: [2, 3], write: (b, x) => b.concat([x, b.constant(draw([2, 2])), x], 1) },
  'rows of a table': { shape: [4, 3], write: (b, x) => b.gather(x, b.int64s([2, 0, 3]), 0) },
  'sums over axes': { shape: [2, 3, 4], write: (b, x) => b.reduceSum(x, [0, 2], false) },
  'means over axes': { shape: [2, 3], write: (b, x) => b.reduceMean(x, [1], true) },
  'bounded numbers': { shape: [9], write: (b, x) => b.clip(x, -0.5, 0.5) },
  'a choice': { shape: [9], write: (b, x) => b.where(b.greater(x, b.scalarLike(x, 0)), x, b.scalarLike(x, 2)) },
  'an activation of every kind': {
    shape: [9],
    write: (b, x) =>
      [
        b.sigmoid(x),
        b.tanh(x),
        b.relu(x),
        b.elu(x, 0.7),
        b.leakyRelu(x, 0.2),
        b.softplus(x),
        b.softsign(x),
        b.hardSigmoid(x, 0.3, 0.4),
      ].reduce((sum, part) => b.add(b.mul(sum, b.scalarLike(x, 0.5)), part)),
  },
};

describe('recurrences: parts of a model evaluated in float64', () => {
  for (const [name, { shape, write }] of Object.entries(rules)) {
    it(`${name}, as onnxruntime does`, async () => {
      const { graph, x, y } = graphOf(shape, write);
      const input = draw(shape);
      const constants = constantsOf(graph);
      const given = new Map([[x, made(shape, Array.from(input.data, Number))]]);
      for (const value of graph.initializers) {
        const numbers = constants(value);
        if (numbers !== null) given.set(value, numbers);
      }
      const ours = evaluate(graph.nodes, given, [y]).get(y);
      const theirs = (await run(writeModel(graph), { x: input }))['y'];
      assert.ok(ours !== undefined && theirs !== undefined);
      assert.equal(ours.data.length, theirs.data.length);
      ours.data.forEach((value, i) => {
        const expected = Number(theirs.data[i]);
        assert.ok(
          Math.abs(value - expected) <= 1e-5 * Math.max(1, Math.abs(expected)),
          `${value} at ${i}, not ${expected}`,
        );
      });
    });
  }

  it('knows what nodes make of constants alone, and nothing that hangs on an input', () => {
    const graph = new Graph('numeric');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: [2] });
    const two = b.add(b.constant(floats('float32', [2], [1, 2])), b.constant(floats('float32', [1], [1])));
    const constants = constantsOf(graph);
    assert.deepEqual(Array.from(constants(two)?.data ?? []), [2, 3]);
    assert.equal(constants(b.mul(x, two)), null);
    assert.equal(constants(x), null);
  });

  it('refuses what it has no rule for, shapes that do not fit, and values that are too large', () => {
    const { graph, x, y } = graphOf([2, 3], (b, x) => b.softmax(x, 1));
    assert.throws(() => evaluate(graph.nodes, new Map([[x, made([2, 3])]]), [y]), NotNumeric);
    const sum = graphOf([2, 3], (b, x) => b.add(x, x));
    assert.throws(() => evaluate(sum.graph.nodes, new Map(), [sum.y]), NotNumeric);
    assert.throws(() => made([2 ** 20, 2 ** 20]), NotNumeric);
  });
});
