import assert from 'node:assert/strict';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import { type LayerParameters, recurrence } from '../../../extension/core/cells/recurrence';
import { cells } from '../../../extension/core/cells/table';
import { Builder } from '../../../extension/core/graph/builder';
import { bodiesOf, Graph, prune } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { at } from '../../../extension/core/ops/arguments';
import { checkGradient } from '../../support/gradientCheck';

const [steps, batch, input, hidden] = [5, 2, 3, 4];

const parametersOf = (values: readonly Value[]): LayerParameters => ({
  W: at(values, 0),
  R: at(values, 1),
  Wb: at(values, 2),
  Rb: at(values, 3),
});

describe('cells: back-propagation through time against finite differences in float64', () => {
  for (const cell of Object.values(cells)) {
    const rows = cell.gates.length * hidden;
    const shapes = [
      [rows, input],
      [rows, hidden],
      [rows, 1],
      [rows, 1],
      [steps, input, batch],
      ...cell.states.map(() => [hidden, batch]),
    ];
    for (const reverse of [false, true]) {
      it(`${cell.title}${reverse ? ', reverse' : ''}: every parameter, the input and the initial states`, async () => {
        await checkGradient({
          inputs: shapes,
          build(b, values) {
            const { signals, finals } = recurrence(b, {
              cell,
              hidden,
              reverse,
              parameters: parametersOf(values),
              x: at(values, 4),
              initial: values.slice(5),
              signals: cell.signals.map(({ name }) => name),
            });
            return [...signals.values(), ...finals];
          },
        });
      });
    }
  }

  // A node costs microseconds however little it computes, so the loop over time must stay as small as it can be.
  const largestBackwardStep = { rnn: 3, rnnRelu: 3, rnnSigmoid: 3, lstm: 7, gru: 7, gruResetBefore: 12 } as const;
  for (const [name, most] of Object.entries(largestBackwardStep)) {
    it(`${name}: at most ${most} nodes in a backward step`, () => {
      const cell = cells[name as keyof typeof largestBackwardStep];
      const graph = new Graph('steps');
      const b = new Builder(graph);
      const rows = cell.gates.length * hidden;
      const shapes = [
        [rows, input],
        [rows, hidden],
        [rows, 1],
        [rows, 1],
        [steps, input, batch],
      ];
      const values = shapes.map((shape, i) => graph.input(`x${i}`, { dtype: 'float32', shape }));
      const { signals } = recurrence(b, {
        cell,
        hidden,
        reverse: false,
        parameters: parametersOf(values),
        x: at(values, 4),
        initial: cell.states.map(() => b.zeros('float32', [hidden, batch])),
        signals: ['h'],
      });
      const loss = b.reduceSum(at([...signals.values()], 0), [0, 1, 2], false);
      for (const [i, gradient] of gradients(b, loss, values.slice(0, 4)).entries()) b.output(`g${i}`, gradient);
      prune(graph);
      const scans = graph.nodes.filter(({ op }) => op === 'Scan');
      assert.equal(scans.length, 2);
      const backward = at(bodiesOf(at(scans, 1)), 0).nodes.map(({ op }) => op);
      assert.ok(backward.length <= most, backward.join(' '));
    });
  }
});
