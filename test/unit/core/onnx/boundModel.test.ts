import assert from 'node:assert/strict';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { bindInputs, bound, measuring } from '../../../../extension/core/onnx/boundModel';
import { readModel } from '../../../../extension/core/onnx/read';
import { writeModel } from '../../../../extension/core/onnx/write';
import { at } from '../../../../extension/core/ops/arguments';
import { floats, int64s, toNumbers } from '../../../../extension/core/tensor';
import { run } from '../../../support/session';

/** y = x as [batch·steps, 2], by a shape that is worked out, and the rows that the tokens name. */
function model(): Uint8Array {
  const graph = new Graph('test');
  const b = new Builder(graph);
  const x = graph.input('x', { dtype: 'float32', shape: ['batch', 'steps', 2] });
  const tokens = graph.input('tokens', { dtype: 'int64', shape: ['count'] });
  const shape = at(b.apply('Shape', [x]), 0);
  const rows = b.mul(b.slice(shape, 0, 1, 0), b.slice(shape, 1, 2, 0));
  const target = b.concat([rows, b.int64s([2])], 0);
  // Our own rule wants the shape as a constant, which it is not before the model is bound.
  const flat = at(b.apply('Identity', [x]), 0);
  graph.nodes.pop();
  graph.nodes.push({ op: 'Reshape', domain: '', name: 'flat', inputs: [x, target], outputs: [flat], attributes: {} });
  const next = at(b.apply('Abs', [tokens]), 0);
  b.output('y', at(b.apply('Gather', [flat, next]), 0));
  b.output('z', flat);
  return writeModel(graph);
}

describe('onnx/boundModel', () => {
  const feeds = {
    x: floats(
      'float32',
      [2, 3, 2],
      Array.from({ length: 12 }, (_, i) => i),
    ),
    tokens: int64s([4, 0]),
  };
  const sizes = new Map(Object.entries(feeds));

  it('fixes every size, makes constants of what is made of shapes, and leaves what depends on contents', async () => {
    const half = bindInputs(readModel(model()), sizes);
    const measured = await run(measuring(half), feeds);
    const found = new Map(half.missing.map((name) => [name, measured[name] ?? assert.fail(name)] as const));
    const { graph } = bound(half, found, new Set(['x', 'tokens']), ['y']);
    assert.deepEqual(
      graph.nodes.map(({ op }) => op),
      ['Reshape', 'Abs', 'Gather', ...graph.nodes.slice(3).map(({ op }) => op)],
    );
    const reshape = at(graph.nodes, 0);
    const target = reshape.inputs[1]?.constant;
    assert.deepEqual(target && toNumbers(target), [6, 2]);
    for (const { outputs } of graph.nodes) {
      for (const value of outputs)
        assert.ok(
          value?.type.shape?.every((dim) => typeof dim === 'number'),
          value?.name,
        );
    }
    assert.deepEqual(
      graph.outputs.map(({ name, type }) => [name, type.shape]),
      [['y', [2, 2]]],
    );
    // Tokens that do not vary are constants as well.
    const fixed = bound(half, found, new Set(['x']), ['y']).graph;
    assert.ok(!fixed.nodes.some(({ op }) => op === 'Abs'));
  });

  it('refuses an output that is not there', () => {
    const half = bindInputs(readModel(model()), sizes);
    assert.throws(() => bound(half, new Map(), new Set(), ['w']), /no output "w"/);
  });
});
