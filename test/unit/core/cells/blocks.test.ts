import assert from 'node:assert/strict';
import { cutBlocks } from '../../../../extension/core/cells/blocks';
import { cells } from '../../../../extension/core/cells/table';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';

describe('cells/blocks', () => {
  const hidden = 2;
  const setting = () => {
    const graph = new Graph('test');
    const b = new Builder(graph);
    const R = graph.input('R', { dtype: 'float32', shape: [4 * hidden, hidden] });
    return { graph, b, R, layer: { cell: cells.lstm, hidden, parameters: { R } } };
  };

  it('leaves a parameter whole that is asked for whole', () => {
    const { graph, b, R, layer } = setting();
    const all = { name: 'R', gates: cells.lstm.gates } as const;
    assert.equal(cutBlocks(b, layer, [all])(all), R);
    assert.equal(graph.nodes.length, 0);
  });

  it('cuts once where requests begin and end, and joins what does not stand side by side', () => {
    const { graph, b, layer } = setting();
    const [i, o, f, g] = cells.lstm.gates;
    assert.ok(i && o && f && g);
    const first = { name: 'R', gates: [i, o] } as const;
    const apart = { name: 'R', gates: [g, i] } as const;
    const block = cutBlocks(b, layer, [first, apart]);
    assert.deepEqual(block(first).type.shape, [2 * hidden, hidden]);
    assert.deepEqual(block(apart).type.shape, [2 * hidden, hidden]);
    const [split, ...joins] = graph.nodes;
    assert.equal(split?.op, 'Split');
    assert.deepEqual(
      split.outputs.map((output) => output?.type.shape?.[0]),
      [hidden, hidden, hidden, hidden],
    );
    assert.deepEqual(
      joins.map(({ op, inputs }) => [op, ...inputs.map((input) => split.outputs.indexOf(input))]),
      [
        ['Concat', 0, 1],
        ['Concat', 3, 0],
      ],
    );
  });

  it('says which parameter is missing', () => {
    const { b, layer } = setting();
    assert.throws(() => cutBlocks(b, layer, [{ name: 'W', gates: ['i'] }]), /lacks its parameter W/);
  });
});
