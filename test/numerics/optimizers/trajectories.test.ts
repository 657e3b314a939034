import assert from 'node:assert/strict';
import { Builder } from '../../../extension/core/graph/builder';
import { Graph } from '../../../extension/core/graph/graph';
import { writeModel } from '../../../extension/core/onnx/write';
import type { Optimizer } from '../../../extension/core/optimizers/optimizer';
import { optimizerOf } from '../../../extension/core/optimizers/table';
import { type FloatType, floats, type Tensor, toNumbers, zeros } from '../../../extension/core/tensor';
import { optimizer as schema } from '../../../extension/protocol/choices/training';
import { optimizerNames } from '../../../extension/protocol/experiment';
import reference from '../../fixtures/optimizers/trajectories.json';
import { open } from '../../support/session';

const { shape, start, rates, gradients, cases } = reference;

const settingsOf = (settings: object) => schema.parse({ learningRate: 1, momentum: 0, ...settings });

/** The update of one parameter as a model: p, g, the moments and the scalars to what comes next. */
function updateModel(optimizer: Optimizer, dtype: FloatType): Uint8Array {
  const graph = new Graph('step');
  const b = new Builder(graph);
  const [p, g] = [graph.input('p', { dtype, shape }), graph.input('g', { dtype, shape })];
  const moments = optimizer.moments.map((name) => graph.input(name, { dtype, shape }));
  const scalars = new Map(optimizer.scalars.map((name) => [name, graph.input(name, { dtype, shape: [] })]));
  const scalar = (name: string) => scalars.get(name) ?? assert.fail(`A scalar "${name}" that is not declared.`);
  const update = optimizer.update(b, p, g, moments, scalar);
  assert.equal(update.moments.length, moments.length);
  b.output('p.next', update.parameter);
  for (const [i, moment] of update.moments.entries()) b.output(`${optimizer.moments[i]}.next`, moment);
  return writeModel(graph);
}

/** The parameter after every step. */
async function trajectory(settings: object, dtype: FloatType): Promise<number[][]> {
  const optimizer = optimizerOf(settingsOf(settings));
  const step = await open(updateModel(optimizer, dtype));
  let state: Record<string, Tensor> = { p: floats(dtype, shape, start) };
  for (const name of optimizer.moments) state[name] = zeros(dtype, shape);
  const passed: number[][] = [];
  for (const [k, gradient] of gradients.entries()) {
    const values = Object.entries(optimizer.values(k + 1, rates[k] ?? Number.NaN));
    const scalars = Object.fromEntries(values.map(([name, value]) => [name, floats(dtype, [], [value])]));
    assert.deepEqual(Object.keys(scalars).sort(), [...optimizer.scalars].sort());
    const next = await step({ ...state, ...scalars, g: floats(dtype, shape, gradient) });
    state = Object.fromEntries(Object.entries(next).map(([name, tensor]) => [name.replace('.next', ''), tensor]));
    passed.push(toNumbers(state['p'] ?? assert.fail('No parameter came back.')));
  }
  return passed;
}

function worst(found: readonly (readonly number[])[], expected: readonly (readonly number[])[]): number {
  const errors = found.flatMap((row, k) =>
    row.map((value, i) => Math.abs(value - (expected[k]?.[i] ?? Number.NaN)) / Math.max(1, Math.abs(value))),
  );
  return errors.reduce((most, error) => (error <= most ? most : error), 0);
}

describe("optimizers, beside PyTorch's trajectories", () => {
  it('has a trajectory for every rule', () => {
    assert.deepEqual(
      optimizerNames.filter((name) => !cases.some(({ settings }) => settings.name === name)),
      [],
    );
  });

  for (const { settings, parameters } of cases) {
    it(JSON.stringify(settings), async () => {
      const exact = worst(await trajectory(settings, 'float64'), parameters);
      assert.ok(exact < 1e-12, `float64: off by ${exact}`);
      const single = worst(await trajectory(settings, 'float32'), parameters);
      assert.ok(single < 2e-6, `float32: off by ${single}`);
    });
  }
});

describe('optimizers, step by step', () => {
  const names = optimizerNames.map((name) => [name, settingsOf({ name, momentum: 0.9, weightDecay: 0.1 })] as const);

  for (const [name, settings] of names) {
    it(`${name} feeds the same scalars for the same step, whatever was asked before`, () => {
      const used = optimizerOf(settings);
      for (let step = 1; step <= 300; step++) used.values(step, 0.1);
      for (const step of [1, 299, 7, 300, 300]) {
        const rate = 0.1 / step;
        assert.deepEqual(used.values(step, rate), optimizerOf(settings).values(step, rate));
      }
    });

    it(`${name} feeds finite scalars after very many steps`, () => {
      for (const value of Object.values(optimizerOf(settings).values(1_000_000, 0.1)))
        assert.ok(Number.isFinite(value));
    });
  }

  it('RMSProp, centred, survives a gradient that never changes', async () => {
    const optimizer = optimizerOf(settingsOf({ name: 'rmsprop', centered: true, alpha: 0.5 }));
    const step = await open(updateModel(optimizer, 'float32'));
    const full = (value: number) =>
      floats(
        'float32',
        shape,
        start.map(() => value),
      );
    let [p, squares, sum] = [full(1), full(0), full(0)];
    for (let k = 1; k <= 60; k++) {
      const scalars = { stepSize: floats('float32', [], [optimizer.values(k, 1e-12)['stepSize'] ?? 0]) };
      const next = await step({ p, g: full(0.7371), squares, gradients: sum, ...scalars });
      [p, squares, sum] = [next['p.next'] ?? p, next['squares.next'] ?? squares, next['gradients.next'] ?? sum];
    }
    assert.ok(toNumbers(p).every(Number.isFinite));
  });

  it('takes few nodes for an update, for every one is paid for every parameter', () => {
    const most = { sgd: 4, adagrad: 7, rmsprop: 10, adam: 10, adamw: 11, nadam: 12 };
    for (const name of optimizerNames) {
      const optimizer = optimizerOf(settingsOf({ name, momentum: 0.9, weightDecay: name === 'adamw' ? 0.1 : 0 }));
      const graph = new Graph('step');
      const value = (called: string) => graph.input(called, { dtype: 'float32', shape });
      optimizer.update(new Builder(graph), value('p'), value('g'), optimizer.moments.map(value), value);
      assert.ok(graph.nodes.length <= most[name], `${name} takes ${graph.nodes.length}`);
    }
  });
});
