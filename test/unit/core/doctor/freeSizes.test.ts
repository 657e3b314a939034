import assert from 'node:assert/strict';
import { FreeSizes } from '../../../../extension/core/doctor/freeSizes';
import { Builder, int } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { type Dim, Value } from '../../../../extension/core/graph/value';
import { at } from '../../../../extension/core/ops/arguments';

/** A node whose output says nothing of its own shape, as in a file that declares none. */
function node(graph: Graph, op: string, inputs: (Value | null)[], dtype: 'int64' | 'float32' = 'int64'): Value {
  const output = new Value(graph.names.claim(op), { dtype, shape: null });
  const attributes = op === 'Concat' || op === 'Gather' ? { axis: int(0) } : {};
  graph.nodes.push({ op, domain: '', name: output.name, inputs, outputs: [output], attributes });
  return output;
}

describe('doctor: sizes that follow free dimensions', () => {
  const graph = new Graph('sizes');
  const b = new Builder(graph);
  const input = (...shape: Dim[]) => graph.input('x', { dtype: 'float32', shape });
  const size = (x: Value, axis: number) => {
    const shape = node(graph, 'Shape', [x]);
    return node(graph, 'Slice', [shape, b.int64s([axis]), b.int64s([axis + 1])]);
  };
  const shapeOf = (value: Value) => new FreeSizes(graph).shapeOf(value);

  it('follows arithmetic on shapes into a Reshape', () => {
    const x = input('time', 1, 2, 6);
    const units = node(graph, 'Mul', [size(x, 2), size(x, 3)]);
    const target = node(graph, 'Concat', [size(x, 0), size(x, 1), units]);
    assert.deepEqual(shapeOf(node(graph, 'Reshape', [x, target], 'float32')), ['time', 1, 12]);
    const product = node(graph, 'ReduceProd', [target, null]);
    assert.deepEqual(shapeOf(node(graph, 'Expand', [b.scalar('float32', 1), product], 'float32')), ['time']);
    const half = node(graph, 'Div', [size(x, 3), b.int64s([4])]);
    const rows = node(graph, 'Concat', [half, b.int64s([-1])]);
    assert.deepEqual(shapeOf(node(graph, 'Reshape', [x, rows], 'float32')), [1, 'time']);
  });

  it('ends its way silently at what has no rule', () => {
    const x = input('time', 4);
    const odd = node(graph, 'Unheard', [x], 'float32');
    assert.equal(shapeOf(odd), null);
    assert.equal(shapeOf(node(graph, 'Tanh', [odd], 'float32')), null);
    assert.deepEqual(shapeOf(node(graph, 'Tanh', [x], 'float32')), ['time', 4]);
  });

  it('makes nothing of sizes that nobody could hold', () => {
    const x = input('time', 2 ** 53, 2 ** 60);
    const shape = node(graph, 'Shape', [x]);
    assert.equal(shapeOf(node(graph, 'Tanh', [x], 'float32')), null);
    assert.equal(shapeOf(node(graph, 'ConstantOfShape', [shape], 'float32')), null);
    const wide = node(graph, 'ConstantOfShape', [b.int64s([2 ** 39, 2 ** 39])], 'float32');
    const range = node(graph, 'Range', [b.int64s([0]), b.int64s([2 ** 50]), b.int64s([1])]);
    assert.equal(shapeOf(node(graph, 'Expand', [wide, range], 'float32')), null);
  });

  it('takes time in proportion to the nodes', () => {
    const long = new Graph('long');
    const timed = (count: number) => {
      let x = long.input('x', { dtype: 'float32', shape: ['time', 3] });
      for (let i = 0; i < count; i++) {
        const shape = node(long, 'Shape', [x]);
        x = node(long, 'Reshape', [x, shape], 'float32');
      }
      const start = performance.now();
      assert.deepEqual(new FreeSizes(long).shapeOf(x), ['time', 3]);
      return performance.now() - start;
    };
    timed(100);
    assert.ok(timed(2000) < 1000);
  });

  it('knows the outputs of nodes with several', () => {
    const x = input('time', 6);
    const parts = b.apply('Split', [x], { axis: int(1), num_outputs: int(2) }, ['a', 'b']);
    assert.deepEqual(shapeOf(at(parts, 1)), ['time', 3]);
  });
});
