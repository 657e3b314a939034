import assert from 'node:assert/strict';
import { Builder } from '../../../../extension/core/graph/builder';
import { bodiesOf, capturesOf, Graph, prune } from '../../../../extension/core/graph/graph';
import { floats } from '../../../../extension/core/tensor';

describe('graph/builder', () => {
  const setting = () => {
    const graph = new Graph('test');
    const b = new Builder(graph);
    return { graph, b, x: graph.input('x', { dtype: 'float32', shape: [2, 3] }) };
  };

  it('infers shapes as it goes, and refuses what does not fit', () => {
    const { b, x, graph } = setting();
    const w = graph.input('w', { dtype: 'float32', shape: [3, 5] });
    assert.deepEqual(b.matMul(x, w).type.shape, [2, 5]);
    assert.throws(() => b.matMul(w, x), /MatMul cannot multiply \[3, 5\] by \[2, 3\]/);
  });

  it('keeps equal constants once and gives every value a name of its own', () => {
    const { b, x, graph } = setting();
    assert.equal(b.scalar('float32', 1), b.scalar('float32', 1));
    assert.notEqual(b.scalar('float32', 1), b.scalar('float64', 1));
    const names = [b.tanh(x), b.tanh(x), b.constant(floats('float32', [1], [3]))].map(({ name }) => name);
    assert.equal(new Set(names).size, 3);
    assert.equal(graph.names.claim('Tanh') === 'Tanh', false);
  });

  it('gives back what a transpose was made from when it is undone', () => {
    const { b, x } = setting();
    assert.equal(b.transpose(b.transpose(x, [1, 0]), [1, 0]), x);
  });

  it('gives back a part that was joined when exactly it is cut out, inside a loop too', () => {
    const { b, x, graph } = setting();
    const w = graph.input('w', { dtype: 'float32', shape: [4, 3] });
    const joined = b.concat([x, w], 0);
    assert.equal(b.slice(joined, 2, 6, 0), w);
    assert.equal(new Builder(new Graph('inside', graph.names), b).slice(joined, 0, 2, 0), x);
    assert.notEqual(b.slice(joined, 0, 3, 0), x);
    assert.deepEqual(b.slice(joined, 0, 2, 1).type.shape, [6, 2]);
  });

  it('names an output without a copy, and copies what is one already or comes from outside', () => {
    const { b, x, graph } = setting();
    const y = b.tanh(x);
    assert.equal(b.output('y', y), y);
    assert.equal(y.name, 'y');
    assert.notEqual(b.output('again', y), y);
    assert.notEqual(b.output('input', x), x);
    assert.throws(() => b.output('y', b.tanh(x)), /is taken/);
    assert.equal(graph.outputs.length, 3);
  });

  it('gives the outputs of a Scan the steps first, and names what the body captures', () => {
    const { b, graph } = setting();
    const xs = graph.input('xs', { dtype: 'float32', shape: [7, 3] });
    const scale = graph.input('scale', { dtype: 'float32', shape: [3] });
    const { states, outputs } = b.scan([b.zeros('float32', [3])], [xs], false, (step, [s], [slice]) => {
      assert.ok(s && slice);
      const next = step.mul(step.add(s, slice), scale);
      return { states: [next], outputs: [next] };
    });
    assert.deepEqual(states[0]?.type.shape, [3]);
    assert.deepEqual(outputs[0]?.type.shape, [7, 3]);
    const [body] = bodiesOf(graph.nodes.at(-1) ?? assert.fail());
    assert.ok(body);
    assert.deepEqual(capturesOf(body), [scale]);
    assert.notEqual(body.outputs[0], body.outputs[1], 'a value that is state and output at once gets a copy');
  });

  it('prunes what no output needs, constants included', () => {
    const { b, x, graph } = setting();
    b.add(b.tanh(x), b.scalar('float32', 4));
    b.output('y', b.mul(x, b.scalar('float32', 2)));
    prune(graph);
    assert.deepEqual(
      graph.nodes.map(({ op }) => op),
      ['Mul'],
    );
    assert.equal(graph.initializers.size, 1);
  });

  it('knows what a reshape leaves for a free dimension', () => {
    const graph = new Graph('g');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: [5, 2, 3, 'batch'] });
    assert.deepEqual(b.reshape(x, [5, 6, -1]).type.shape, [5, 6, 'batch']);
    assert.notEqual(b.reshape(x, [15, -1]).type.shape?.[1], 'batch');
  });
});
