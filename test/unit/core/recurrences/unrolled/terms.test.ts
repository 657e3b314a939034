import assert from 'node:assert/strict';
import { Builder, int } from '../../../../../extension/core/graph/builder';
import { Graph } from '../../../../../extension/core/graph/graph';
import { Terms } from '../../../../../extension/core/recurrences/unrolled/terms';
import { floats } from '../../../../../extension/core/tensor';

describe('the terms of a graph', () => {
  const made = () => {
    const graph = new Graph('terms');
    const b = new Builder(graph);
    return { graph, b, x: graph.input('x', { dtype: 'float32', shape: ['batch', 6, 4] }) };
  };

  it('are one for copies, casts to the same type and the same work done twice', () => {
    const { graph, b, x } = made();
    const first = b.tanh(x);
    const [cast] = b.apply('Cast', [b.identity(x)], { to: int(1) });
    const second = b.tanh(cast ?? x);
    const terms = new Terms(graph);
    assert.equal(terms.of(first), terms.of(second));
    assert.notEqual(terms.of(first), terms.of(x));
    assert.equal(terms.makers.get(terms.of(first))?.length, 2);
  });

  it('are one for constants of equal content, and several for others', () => {
    const { graph, b } = made();
    const weights = (name: string, last: number) =>
      graph.initializer(name, floats('float32', [100], [...new Array<number>(99).fill(1), last]));
    const [one, same, other] = [weights('one', 2), weights('same', 2), weights('other', 3)];
    b.add(b.add(one, same), other);
    const terms = new Terms(graph);
    assert.equal(terms.of(one), terms.of(same));
    assert.notEqual(terms.of(one), terms.of(other));
  });

  it('know numbers that follow from shapes, and choices that follow from them', () => {
    const { graph, b, x } = made();
    const [shape] = b.apply('Shape', [x]);
    assert.ok(shape);
    const steps = b.gather(shape, b.int64s([1]), 0);
    const half = b.div(steps, b.int64s([2]));
    const chosen = b.where(b.greater(steps, b.int64s([5])), x, b.neg(x));
    const free = b.where(b.greater(b.gather(shape, b.int64s([0]), 0), b.int64s([5])), x, b.neg(x));
    const terms = new Terms(graph);
    assert.deepEqual(Array.from(terms.of(half).value.constant?.data ?? [], Number), [3]);
    assert.equal(terms.of(chosen), terms.of(x));
    assert.notEqual(terms.of(free), terms.of(x));
  });

  it('have the shapes that follow from those numbers', () => {
    const { graph, b, x } = made();
    const [shape] = b.apply('Shape', [x]);
    assert.ok(shape);
    const batch = b.gather(shape, b.int64s([0]), 0);
    const [zeros] = b.apply('ConstantOfShape', [b.concat([batch, b.int64s([7])], 0)]);
    assert.ok(zeros);
    const term = new Terms(graph).of(zeros);
    assert.deepEqual(term.value.type.shape, ['batch', 7]);
    assert.ok(term.fixed);
  });

  it('tell what varies from what is the same in every run', () => {
    const { graph, b, x } = made();
    const weights = b.transpose(graph.initializer('W', floats('float32', [2, 1], [1, 2])), [1, 0]);
    const terms = new Terms(graph);
    assert.ok(terms.of(weights).fixed);
    assert.ok(!terms.of(x).fixed);
  });
});
