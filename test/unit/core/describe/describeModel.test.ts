import assert from 'node:assert/strict';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters } from '../../../../extension/core/model/parameters';
import type { ModelDescription } from '../../../../extension/protocol/model';
import { layerOf, specOf } from '../../../support/specs';

/** The boxes that are seen while everything is closed. */
const top = ({ diagram }: ModelDescription) => diagram.nodes.filter(({ group }) => group === null);

describe('describe', () => {
  const spec = specOf({
    steps: 6,
    input: { kind: 'values', features: 2 },
    targets: 3,
    anchor: 'last',
    layers: [layerOf('lstm', 4), layerOf('gru', 5)],
  });
  const parameters = initialParameters(spec, 1);
  const total = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
  const description = describeModel(exportModel(spec, parameters, { target: 'y' }));

  it('names the borders of a model', () => {
    const carried = (name: string) => ({ name, dtype: 'float32', shape: ['batch', 5, 2] });
    assert.deepEqual(description.inputs, [
      { name: 'window', dtype: 'float32', shape: ['batch', 'steps', 2] },
      carried('state.window'),
    ]);
    assert.equal(description.outputs[0]?.name, 'forecast');
    assert.deepEqual(description.outputs.slice(1), [carried('state.window.next')]);
    assert.equal(description.producer, 'Unroll');
    assert.deepEqual(description.metadata, { target: 'y' });
  });

  it('counts every parameter once', () => {
    assert.equal(description.parameters, total);
    assert.equal(
      top(description).reduce((sum, { parameters }) => sum + parameters, 0),
      total,
    );
  });

  it('finds the recurrences with their gates in the order of their weights', () => {
    assert.deepEqual(
      description.recurrent.map(({ op, hidden, input, direction, gates }) => [
        op,
        hidden,
        input,
        direction,
        gates.join(''),
      ]),
      [
        ['LSTM', 4, 2, 'forward', 'iofg'],
        ['GRU', 5, 4, 'forward', 'zrn'],
      ],
    );
  });

  it('draws a connected diagram with the equations in the recurrent boxes', () => {
    const { nodes, edges } = description.diagram;
    assert.ok(nodes.length > top(description).length, 'the boxes of parts open into nodes');
    const ids = new Set(nodes.map(({ id }) => id));
    assert.ok(edges.every(({ from, to }) => ids.has(from) && ids.has(to)));
    for (const { id, kind } of nodes) {
      assert.ok(kind === 'input' || edges.some(({ to }) => to === id), `${id} is reached`);
      assert.ok(kind === 'output' || edges.some(({ from }) => from === id), `${id} leads somewhere`);
    }
    const lstm = nodes.find(({ title }) => title === 'LSTM');
    assert.ok(lstm?.equations.includes("c' = f ⊙ c + i ⊙ g"));
  });

  it('draws each part of a model of ours as one box, and says which way a recurrence reads', () => {
    const rich = specOf({
      steps: 12,
      masked: true,
      convolution: { filters: 6, width: 3, activation: 'relu' },
      layers: [
        layerOf('lstm', 4, { bidirectional: true }),
        layerOf('minGru', 5, { every: 2, layerNorm: true }),
        layerOf('gru', 5, { residual: true }),
      ],
      pooling: 'attention',
      head: { hidden: 7, activation: 'tanh' },
    });
    const parameters = initialParameters(rich, 1);
    const model = describeModel(exportModel(rich, parameters, {}));
    const { diagram, parameters: total } = model;
    assert.deepEqual(
      top(model).map(({ title, units, direction }) => [title, units, direction].filter((fact) => fact !== null)),
      [
        ['window'],
        ['mask'],
        ['Convolution'],
        ['Lengths'],
        ['LSTM', 4, 'bidirectional'],
        ['Every 2 steps'],
        ['Every 2 steps'],
        ['minGRU, layer norm', 5, 'forward'],
        ['Lengths'],
        ['GRU', 5, 'forward'],
        ['Residual'],
        ['Attention pooling'],
        ['Linear'],
        ['Tanh'],
        ['Linear'],
        ['forecast'],
      ],
    );
    const weights = [...parameters.values()].reduce((sum, { data }) => sum + data.length, 0);
    assert.equal(total, weights);
    assert.equal(
      top(model).reduce((sum, node) => sum + node.parameters, 0),
      weights,
    );
    assert.ok(diagram.edges.every(({ label }) => !/Transpose|Concat/.test(label)));
    for (const { id, node, kind } of diagram.groups) {
      const box = diagram.nodes.find((each) => each.id === node);
      assert.equal(box?.bodies.includes(id), true, `${id} is what ${node} opens into`);
      assert.ok(
        diagram.nodes.some(({ group }) => group === id),
        `${id} holds something`,
      );
      assert.ok(kind !== 'recurrence' || box?.kind === 'recurrent');
    }
  });
});
