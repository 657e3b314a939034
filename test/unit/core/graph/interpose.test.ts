import assert from 'node:assert/strict';
import { Builder } from '../../../../extension/core/graph/builder';
import { Graph } from '../../../../extension/core/graph/graph';
import { first, interpose } from '../../../../extension/core/graph/interpose';
import { Value } from '../../../../extension/core/graph/value';
import { writeModel } from '../../../../extension/core/onnx/write';
import { floats, toNumbers } from '../../../../extension/core/tensor';
import { run } from '../../../support/session';

describe('graph/interpose', () => {
  const setting = () => {
    const b = new Builder(new Graph('test'));
    const x = b.graph.input('x', { dtype: 'float32', shape: [2] });
    const doubled = b.add(x, x);
    b.output('y', b.neg(doubled));
    const result = async (feeds: Record<string, number[]>) => {
      const given = Object.entries(feeds).map(([name, values]) => [name, floats('float32', [2], values)] as const);
      const { y } = await run(writeModel(b.graph), Object.fromEntries(given));
      return y && toNumbers(y);
    };
    return { b, x, doubled, result };
  };

  it('lets all that reads a value read another', async () => {
    const { b, doubled, result } = setting();
    const was = interpose(b, doubled, (before) => b.mul(before, b.scalar('float32', 10)));
    assert.notEqual(was.name, doubled.name);
    assert.deepEqual(await result({ x: [1, 2] }), [-20, -40]);
  });

  it('renames an input that it stands behind', async () => {
    const { b, x, result } = setting();
    const fed = interpose(b, x, (before) => b.add(before, b.scalar('float32', 1)));
    assert.deepEqual(await result({ [fed.name]: [1, 2] }), [-4, -6]);
  });

  it('refuses what nothing makes, and puts first what others read', async () => {
    const { b, x, doubled, result } = setting();
    const stranger = new Value('stranger', { dtype: 'float32', shape: [2] });
    assert.throws(() => interpose(b, stranger, (before) => before), /Nothing in the graph makes "stranger"/);
    b.graph.nodes.length = 2;
    const shift = first(b, () => b.abs(x));
    interpose(b, doubled, (before) => b.add(before, shift));
    assert.deepEqual(await result({ x: [-1, 2] }), [1, -6]);
  });
});
