import assert from 'node:assert/strict';
import { Builder } from '../../../../extension/core/graph/builder';
import { cutProducts } from '../../../../extension/core/graph/cutProducts';
import { bodiesOf, Graph } from '../../../../extension/core/graph/graph';
import type { Value } from '../../../../extension/core/graph/value';
import { writeModel } from '../../../../extension/core/onnx/write';
import { at } from '../../../../extension/core/ops/arguments';
import { type FloatType, floats } from '../../../../extension/core/tensor';
import { open } from '../../../support/session';

/** A loop whose step is `step` of the product W·s, [4, 3]. */
function loop(dtype: FloatType, step: (b: Builder, product: Value) => Value): Graph {
  const graph = new Graph('test');
  const b = new Builder(graph);
  const w = graph.input('w', { dtype, shape: [4, 4] });
  const xs = graph.input('xs', { dtype, shape: [2, 4, 3] });
  const { states } = b.scan([b.zeros(dtype, [4, 3])], [xs], false, (inner, [s], [x]) => {
    assert.ok(s && x);
    return { states: [step(inner, inner.matMul(w, inner.add(s, x)))], outputs: [] };
  });
  b.output('y', at(states, 0));
  return graph;
}

const gates = (b: Builder, product: Value) => {
  const [i, g] = b.split(product, [3, 1], 0);
  assert.ok(i && g);
  return b.concat([b.tanh(g), b.sigmoid(i)], 0);
};
const bodyOps = (graph: Graph) => {
  const scan = graph.nodes.find(({ op }) => op === 'Scan') ?? assert.fail();
  return at(bodiesOf(scan), 0).nodes.map(({ op }) => op);
};

describe('graph/cutProducts', () => {
  it('cuts the weights before the loop instead of the product in it, to the same numbers', async () => {
    const graph = loop('float32', gates);
    const feeds = {
      w: floats(
        'float32',
        [4, 4],
        Array.from({ length: 16 }, (_, i) => Math.sin(i)),
      ),
      xs: floats(
        'float32',
        [2, 4, 3],
        Array.from({ length: 24 }, (_, i) => Math.cos(i)),
      ),
    };
    const before = (await (await open(writeModel(graph)))(feeds))['y'];
    cutProducts(graph);
    assert.deepEqual(bodyOps(graph), ['Add', 'Gemm', 'Gemm', 'Tanh', 'Sigmoid', 'Concat']);
    assert.equal(graph.nodes.filter(({ op }) => op === 'Split').length, 1);
    const after = (await (await open(writeModel(graph)))(feeds))['y'];
    for (const [i, value] of [...(before?.data ?? [])].entries()) {
      assert.ok(Math.abs(Number(value) - Number(after?.data[i])) < 1e-6);
    }
  });

  it('leaves alone what no function reads whole, and what is not float32', () => {
    const untouched = [
      loop('float32', (b, product) => b.mul(product, b.tanh(product))),
      loop('float32', (b, product) => b.concat([...b.split(product, [2, 2], 0)].reverse(), 0)),
      loop('float64', gates),
    ];
    for (const graph of untouched) {
      const before = bodyOps(graph);
      cutProducts(graph);
      assert.deepEqual(bodyOps(graph), before);
    }
  });

  it('makes a Gemm of a product that a function reads whole', () => {
    const graph = loop('float32', (b, product) => b.tanh(product));
    cutProducts(graph);
    assert.deepEqual(bodyOps(graph), ['Add', 'Gemm', 'Tanh']);
  });
});
