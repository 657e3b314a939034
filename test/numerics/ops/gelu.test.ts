import assert from 'node:assert/strict';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { at } from '../../../extension/core/ops/arguments';
import { floats } from '../../../extension/core/tensor';
import { run } from '../../support/session';

/** Φ, by Simpson's rule from 0 to x. */
function normal(x: number): number {
  const parts = 200;
  const density = (z: number) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  let sum = density(0) + density(x);
  for (let i = 1; i < parts; i++) sum += (i % 2 === 1 ? 4 : 2) * density((x * i) / parts);
  return 0.5 + (sum * x) / parts / 3;
}

describe('operators: the exact Gelu', () => {
  it('is x Φ(x), and its gradient is Φ(x) + x φ(x)', async () => {
    const points = Array.from({ length: 41 }, (_, i) => (i - 20) / 5);
    const graph = new Graph('gelu');
    const b = new Builder(graph);
    const x = graph.input('x', { dtype: 'float32', shape: [points.length] });
    const y = at(b.apply('Gelu', [x]), 0);
    const [gradient] = gradients(b, b.reduceSum(y, [0], false), [x]);
    assert.ok(gradient);
    b.output('y', y);
    b.output('gradient', gradient);
    const outputs = await run(writeModel(graph, {}, 20), { x: floats('float32', [points.length], points) });
    points.forEach((point, i) => {
      const density = Math.exp((-point * point) / 2) / Math.sqrt(2 * Math.PI);
      assert.ok(Math.abs(Number(outputs['y']?.data[i]) - point * normal(point)) < 1e-5);
      assert.ok(Math.abs(Number(outputs['gradient']?.data[i]) - (normal(point) + point * density)) < 1e-5);
    });
  });
});
