import assert from 'node:assert/strict';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { layerNormalized } from '../../../extension/core/cells/layerNorm';
import { cellParameters } from '../../../extension/core/cells/parameters';
import { recurrence } from '../../../extension/core/cells/recurrence';
import { cells } from '../../../extension/core/cells/table';
import { Builder } from '../../../extension/core/graph/builder';
import { bodiesOf, Graph, prune } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { at } from '../../../extension/core/ops/arguments';
import { checkGradient } from '../../support/gradientCheck';

// With large states the forward step computes factors of the backward one; with small ones they are made for all steps at once.
// Here only what a model reads leaves the loop, as in training, so that nothing is at hand by chance.
const sizes = [
  { title: 'a small state', hidden: 6, batch: 3 },
  { title: 'a large state', hidden: 64, batch: 128 },
] as const;
const [steps, input] = [3, 2];
/** Among so many units of a ReLU some are at its kink, where differences say nothing. */
const smooth = Object.values(cells).filter(({ name }) => name !== 'rnnRelu');

describe('cells: gradients where factors are made in the step, and where not', () => {
  for (const { title, hidden, batch } of sizes) {
    for (const cell of [...smooth, layerNormalized(cells.lstm)]) {
      const parameters = cellParameters(cell, input, hidden);
      const write = (b: Builder, values: readonly Value[], signals: readonly string[], reverse = false) =>
        recurrence(b, {
          cell,
          hidden,
          reverse,
          form: 'step',
          parameters: Object.fromEntries(parameters.map(({ name }, i) => [name, at(values, i)])),
          x: at(values, parameters.length),
          initial: cell.states.map((_, i) => at(values, parameters.length + 1 + i)),
          signals,
        });
      const shapes = [
        ...parameters.map(({ shape }) => shape),
        [steps, input, batch],
        ...cell.states.map(() => [hidden, batch]),
      ];

      it(`${cell.title}, ${title}`, async () => {
        const tolerance = cell.normalized ? 2e-6 : 1e-7;
        const range = { from: -0.5, to: 0.5 };
        for (const reverse of [false, true]) {
          const lastState = (b: Builder, values: readonly Value[]) => write(b, values, [], reverse).finals;
          await checkGradient({ inputs: shapes, build: lastState, ...range }, { directions: 1, tolerance });
        }
        const everyStep = (b: Builder, values: readonly Value[]) => [
          ...write(b, values, [cell.output]).signals.values(),
        ];
        await checkGradient({ inputs: shapes, build: everyStep, ...range }, { directions: 1, tolerance });
      });
    }
  }

  it('moves the factors of an LSTM into the forward step of a large state only', () => {
    const forwardNodes = sizes.map(({ hidden, batch }) => {
      const graph = new Graph('steps');
      const b = new Builder(graph);
      const parameters = cellParameters(cells.lstm, input, hidden);
      const weights = parameters.map(({ name, shape }) => graph.input(name, { dtype: 'float32', shape }));
      const { finals } = recurrence(b, {
        cell: cells.lstm,
        hidden,
        reverse: false,
        parameters: Object.fromEntries(parameters.map(({ name }, i) => [name, at(weights, i)])),
        x: graph.input('x', { dtype: 'float32', shape: [steps, input, batch] }),
        initial: [b.zeros('float32', [hidden, batch]), b.zeros('float32', [hidden, batch])],
        signals: [],
      });
      const loss = b.reduceSum(at(finals, 1), [0, 1], false);
      for (const [i, gradient] of gradients(b, loss, weights).entries()) b.output(`g${i}`, gradient);
      prune(graph);
      const bulk = graph.nodes.filter(({ op }) => op === 'Sub').length;
      return { bulk, step: at(bodiesOf(graph.nodes.find(({ op }) => op === 'Scan') ?? assert.fail()), 0).nodes.length };
    });
    const [small, large] = forwardNodes;
    assert.ok(small && large);
    assert.ok(large.step > small.step, 'the forward step of a large state does more');
    assert.equal(large.bulk, 0, 'and nothing of it is left for all steps at once');
    assert.ok(small.bulk > 0);
  });

  it('makes the gradient of a layer of inputs in the backward loop, and scales what is carried there', () => {
    const graph = new Graph('steps');
    const b = new Builder(graph);
    const [hidden, batch] = [4, 3];
    const parameters = cellParameters(cells.gru, input, hidden);
    const weights = parameters.map(({ name, shape }) => graph.input(name, { dtype: 'float32', shape }));
    const x = graph.input('x', { dtype: 'float32', shape: [steps, input, batch] });
    const { finals } = recurrence(b, {
      cell: cells.gru,
      hidden,
      reverse: false,
      parameters: Object.fromEntries(parameters.map(({ name }, i) => [name, at(weights, i)])),
      x,
      initial: [b.zeros('float32', [hidden, batch])],
      signals: [],
    });
    const loss = b.reduceSum(at(finals, 0), [0, 1], false);
    for (const [i, gradient] of gradients(b, loss, [x, ...weights]).entries()) b.output(`g${i}`, gradient);
    prune(graph);
    const backward = graph.nodes.filter(({ op }) => op === 'Scan')[1] ?? assert.fail();
    const body = at(bodiesOf(backward), 0);
    assert.ok(
      body.outputs.some(({ type }) => type.shape?.[0] === input),
      'the loop gives out a gradient of the input',
    );
    assert.ok(
      !body.nodes.some(({ op }) => op === 'Identity'),
      'nothing that is carried is copied to be multiplied later',
    );
  });
});
