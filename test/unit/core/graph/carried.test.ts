import assert from 'node:assert/strict';
import { describeModel } from '../../../../extension/core/describe/describeModel';
import { carriedInputs, isForNext, withoutCarried } from '../../../../extension/core/graph/carried';
import { exportModel } from '../../../../extension/core/model/exportModel';
import { initialParameters } from '../../../../extension/core/model/parameters';
import { readModel } from '../../../../extension/core/onnx/read';
import { layerOf, specOf } from '../../../support/specs';

const layers = [layerOf('lstm', 4), layerOf('lstm', 4)];
const stream = specOf({ steps: 5, layers, convolution: { filters: 3, width: 2, activation: 'tanh' }, masked: true });
const window = specOf({ steps: 5, layers, anchor: 'last' });

describe('graph: what a model of ours carries from call to call', () => {
  for (const spec of [stream, window]) {
    const bytes = exportModel(spec, initialParameters(spec, 1), {});
    const read = spec.masked ? ['window', 'mask'] : ['window'];

    it(`is told from what it reads and answers: ${read.join(', ')}`, () => {
      const { graph } = readModel(bytes);
      const carried = carriedInputs(graph).map(({ name }) => name);
      assert.ok(carried.length > 0);
      assert.deepEqual(
        graph.inputs.map(({ name }) => name).filter((name) => !carried.includes(name)),
        read,
      );
      const answers = graph.outputs.map(({ name }) => name).filter((name) => !isForNext(name));
      assert.deepEqual(answers, ['forecast']);
      const alone = withoutCarried(graph);
      assert.deepEqual(
        [...alone.inputs, ...alone.outputs].map(({ name }) => name),
        [...read, 'forecast'],
      );
      assert.ok(alone.nodes.length < graph.nodes.length, 'what is only computed for the next call is left out');
    });

    it(`is drawn nowhere: ${read.join(', ')}`, () => {
      const { diagram } = describeModel(bytes);
      const borders = (kind: string) => diagram.nodes.flatMap((node) => (node.kind === kind ? [node.title] : []));
      assert.deepEqual([borders('input'), borders('output')], [read, ['forecast']]);
      for (const { id, kind, group, title } of diagram.nodes) {
        if (group !== null) continue;
        assert.ok(kind === 'input' || diagram.edges.some(({ to }) => to === id), `${title} is reached`);
        assert.ok(kind === 'output' || diagram.edges.some(({ from }) => from === id), `${title} leads somewhere`);
        assert.ok(!['Unsqueeze', 'Concat', 'Slice', 'Where'].includes(title), title);
      }
    });
  }
});
