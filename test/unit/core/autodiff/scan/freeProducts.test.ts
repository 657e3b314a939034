import assert from 'node:assert/strict';
import { FreeProducts } from '../../../../../extension/core/autodiff/scan/freeProducts';
import { Rewriter } from '../../../../../extension/core/autodiff/scan/rewriter';
import { Builder } from '../../../../../extension/core/graph/builder';
import { Graph } from '../../../../../extension/core/graph/graph';
import type { Value } from '../../../../../extension/core/graph/value';

// A forward step of two gates: s = σ(a) is cut into i and o, and i·g and o·t are made.
function setting() {
  const graph = new Graph('forward');
  const b = new Builder(graph);
  const input = (name: string, rows = 2) => graph.input(name, { dtype: 'float32', shape: [rows, 3] });
  const s = b.sigmoid(input('a', 4));
  const [i, o] = b.split(s, [2, 2], 0);
  assert.ok(i && o);
  const [g, t] = [b.tanh(input('g')), b.tanh(input('t'))];
  const [ig, ot] = [b.mul(i, g), b.mul(o, t)];
  const outer = new Builder(graph);
  const w = new Rewriter(outer, [...graph.nodes], []);
  const free = new FreeProducts(w);
  const one = outer.scalar('float32', 1);
  /** What rewriting has added, as text. */
  const written = () =>
    w.b.graph.nodes.map(({ op, inputs }) => `${op}(${inputs.map((value) => value?.name).join(', ')})`);
  const complement = (value: Value) => w.op('Sub', one, value);
  return { w, free, s, i, o, g, t, ig, ot, one, written, complement };
}

describe('autodiff/scan/freeProducts', () => {
  it('takes the product of two factors from the forward step, wherever they stand', () => {
    const { free, i, g, t, ig, written } = setting();
    assert.equal(free.mul(g, i), ig);
    const product = free.mul(g, free.mul(t, i));
    assert.ok(written().includes(`Mul(${ig.name}, ${t.name})`), written().join(' '));
    assert.equal(free.mul(t, ig), product, 'and makes nothing twice');
  });

  it('writes a·(1 − y²) as a − (a·y)·y where a·y is at hand, and only there', () => {
    const { w, free, i, o, g, ig, written, complement } = setting();
    const derivative = complement(w.op('Mul', g, g));
    const before = written().length;
    free.mul(i, derivative);
    const [product, difference] = w.b.graph.nodes.slice(before);
    assert.equal(product?.op, 'Mul');
    assert.deepEqual(product.inputs, [ig, g]);
    assert.equal(difference?.op, 'Sub');
    assert.deepEqual(difference.inputs, [i, product.outputs[0]]);
    free.mul(o, derivative);
    assert.equal(w.b.graph.nodes.at(-1)?.op, 'Mul');
  });

  it('multiplies joined factors part by part where the parts are at hand', () => {
    const { w, free, s, i, o, g, t, ig, ot, complement } = setting();
    const joined = w.concat([g, t], 0);
    const result = w.maker(free.mul(joined, free.mul(s, complement(s))));
    assert.equal(result?.op, 'Concat');
    const factors = result.inputs.map((part) => (part === null ? undefined : w.maker(part)?.inputs));
    assert.deepEqual(factors, [
      [ig, complement(i)],
      [ot, complement(o)],
    ]);
  });

  it('multiplies joined factors as they are where the other is not cut that way', () => {
    const { w, free, s, g, t, i } = setting();
    const uneven = w.concat([w.b.slice(g, 0, 1, 0), t, w.b.slice(i, 0, 1, 0)], 0);
    assert.equal(w.maker(free.mul(uneven, s))?.op, 'Mul');
  });
});
