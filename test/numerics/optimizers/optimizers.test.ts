import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import { optimizerOf } from '../../../extension/core/optimizers/table';
import { floats, toNumbers } from '../../../extension/core/tensor';
import { optimizer as schema } from '../../../extension/protocol/choices/training';
import { run } from '../../support/session';

const near = (value: number | undefined, expected: number, tolerance = 1e-12) =>
  assert.ok(Math.abs((value ?? Number.NaN) - expected) < tolerance, `${value}, expected ${expected}`);

/** Takes one step of a rule in float64 for one parameter. */
async function step(name: 'adam' | 'sgd', momentum: number, at: number, p: number, g: number, moments: number[]) {
  const optimizer = optimizerOf(schema.parse({ name, momentum, learningRate: 0.1 }));
  const graph = new Graph('step');
  const b = new Builder(graph);
  const type = { dtype: 'float64', shape: [1] } as const;
  const inputs = moments.map((_, i) => graph.input(`m${i}`, type));
  const scalars = new Map(optimizer.scalars.map((key) => [key, graph.input(key, { dtype: 'float64', shape: [] })]));
  const [parameter, gradient] = [graph.input('p', type), graph.input('g', type)];
  const update = optimizer.update(b, parameter, gradient, inputs, (key) => scalars.get(key) ?? parameter);
  b.output('p.next', update.parameter);
  for (const [i, moment] of update.moments.entries()) b.output(`m${i}.next`, moment);
  const one = (value: number) => floats('float64', [1], [value]);
  const outputs = await run(writeModel(graph), {
    p: one(p),
    g: one(g),
    ...Object.fromEntries(moments.map((value, i) => [`m${i}`, one(value)])),
    ...Object.fromEntries(
      Object.entries(optimizer.values(at, 0.1)).map(([key, v]) => [key, floats('float64', [], [v])]),
    ),
  });
  return Object.fromEntries(Object.entries(outputs).map(([key, tensor]) => [key, toNumbers(tensor)[0]]));
}

describe('optimizers, by hand', () => {
  it("Adam's first step is the learning rate in the gradient's direction, whatever the gradient's size", async () => {
    const { 'p.next': p, 'm0.next': m, 'm1.next': v } = await step('adam', 0, 1, 2, 5, [0, 0]);
    near(p, 2 - 0.1 * (5 / (5 + 1e-8)));
    near(m, 5);
    near(v, 25);
  });

  it("Adam's third step follows the published formula", async () => {
    const [m, v] = [0.9 * 0.4 + 0.1 * -3, 0.999 * 0.2 + 0.001 * 9];
    const expected = 1 - (0.1 * (m / (1 - 0.9 ** 3))) / (Math.sqrt(v / (1 - 0.999 ** 3)) + 1e-8);
    near((await step('adam', 0, 3, 1, -3, [0.4 / 0.1, 0.2 / 0.001]))['p.next'], expected);
  });

  it('SGD steps against the gradient, with momentum against what was gathered', async () => {
    near((await step('sgd', 0, 1, 2, 5, []))['p.next'], 1.5);
    const { 'p.next': p, 'm0.next': u } = await step('sgd', 0.9, 2, 2, 5, [10]);
    near(u, 14);
    near(p, 0.6);
  });
});
