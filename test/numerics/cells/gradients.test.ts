import assert from 'node:assert/strict';
import { gradients } from '../../../extension/core/autodiff/backpropagate';
import type { Cell } from '../../../extension/core/cells/cell';
import { layerNormalized } from '../../../extension/core/cells/layerNorm';
import { cellParameters } from '../../../extension/core/cells/parameters';
import { type Recurrence, recurrence } from '../../../extension/core/cells/recurrence';
import type { LayerParameters } from '../../../extension/core/cells/step';
import { cells } from '../../../extension/core/cells/table';
import { Builder } from '../../../extension/core/graph/builder';
import { bodiesOf, Graph, prune } from '../../../extension/core/graph/graph';
import type { Value } from '../../../extension/core/graph/value';
import { at } from '../../../extension/core/ops/arguments';
import { floats } from '../../../extension/core/tensor';
import { type Checked, checkGradient } from '../../support/gradientCheck';

const [steps, batch, input, hidden] = [5, 2, 3, 4];

const shapesOf = (cell: Cell) => cellParameters(cell, input, hidden).map(({ shape }) => shape);
const parametersOf = (cell: Cell, values: readonly Value[]): LayerParameters =>
  Object.fromEntries(cellParameters(cell, input, hidden).map(({ name }, i) => [name, at(values, i)]));

/** Checks the gradients of every parameter, of the input and of the initial states, from every signal and final state. */
function checkCell(cell: Cell, options: (b: Builder) => Partial<Recurrence> & Pick<Recurrence, 'reverse'>) {
  const shapes = shapesOf(cell);
  // The curvature of a normalisation over so few units shows in the differences themselves.
  const tolerance = cell.normalized ? 2e-6 : 1e-7;
  const checked: Checked = {
    inputs: [...shapes, [steps, input, batch], ...cell.states.map(() => [hidden, batch])],
    build(b, values) {
      const { signals, finals } = recurrence(b, {
        cell,
        hidden,
        parameters: parametersOf(cell, values),
        x: at(values, shapes.length),
        initial: values.slice(shapes.length + 1),
        signals: cell.signals.map(({ name }) => name),
        ...options(b),
      });
      return [...signals.values(), ...finals];
    },
  };
  return checkGradient(checked, { tolerance });
}

/** The second sequence ends after three steps. */
const mask = (b: Builder) => b.constant(floats('float64', [steps, 1, batch], [1, 1, 1, 1, 1, 1, 1, 0, 1, 0]));
const stateDrop = (b: Builder) => b.constant(floats('float64', [hidden, batch], [2, 0, 0, 2, 2, 2, 0, 2]));

describe('cells: back-propagation through time against finite differences in float64', () => {
  for (const plain of Object.values(cells)) {
    for (const cell of [plain, layerNormalized(plain)]) {
      for (const reverse of [false, true]) {
        const title = `${cell.title}${reverse ? ', reverse' : ''}`;
        it(title, () => checkCell(cell, () => ({ reverse })));
        it(`${title}, masked, with units of the state dropped`, () =>
          checkCell(cell, (b) => ({ reverse, mask: mask(b), stateDrop: stateDrop(b) })));
      }
    }
  }

  for (const cell of [cells.minGru, cells.minLstm]) {
    for (const reverse of [false, true]) {
      it(`${cell.title}, step form${reverse ? ', reverse' : ''}, with and without a mask`, async () => {
        await checkCell(cell, () => ({ reverse, form: 'step' }));
        await checkCell(cell, (b) => ({ reverse, form: 'step', mask: mask(b) }));
      });
    }
  }

  // A node costs microseconds however little it computes, so the loop over time must stay as small as it can be.
  const largestBackwardStep = { rnn: 3, rnnRelu: 3, rnnSigmoid: 3, lstm: 7, gru: 9, gruResetBefore: 12 } as const;
  for (const [name, most] of Object.entries(largestBackwardStep)) {
    it(`${name}: at most ${most} nodes in a backward step`, () => {
      const cell = cells[name as keyof typeof largestBackwardStep];
      const graph = new Graph('steps');
      const b = new Builder(graph);
      const shapes = [...shapesOf(cell), [steps, input, batch]];
      const values = shapes.map((shape, i) => graph.input(`x${i}`, { dtype: 'float32', shape }));
      const { signals } = recurrence(b, {
        cell,
        hidden,
        reverse: false,
        parameters: parametersOf(cell, values),
        x: at(values, shapes.length - 1),
        initial: cell.states.map(() => b.zeros('float32', [hidden, batch])),
        signals: ['h'],
      });
      const loss = b.reduceSum(at([...signals.values()], 0), [0, 1, 2], false);
      for (const [i, gradient] of gradients(b, loss, values.slice(0, -1)).entries()) b.output(`g${i}`, gradient);
      prune(graph);
      const scans = graph.nodes.filter(({ op }) => op === 'Scan');
      assert.equal(scans.length, 2);
      const backward = at(bodiesOf(at(scans, 1)), 0).nodes.map(({ op }) => op);
      assert.ok(backward.length <= most, backward.join(' '));
    });
  }
});
