import assert from 'node:assert/strict';
import { initialParameters, parameterShapes } from '../../../../extension/core/model/parameters';
import { sizeOf, toNumbers } from '../../../../extension/core/tensor';
import type { CellName } from '../../../../extension/protocol/experiment';
import { layerOf, specOf } from '../../../support/specs';

const spec = (cell: CellName) =>
  specOf({ steps: 4, input: { kind: 'values', features: 3 }, targets: 2, outputs: 2, layers: [layerOf(cell, 5)] });

describe('model/parameters', () => {
  // torch.nn.LSTM(3, 5) has 4·5·3 + 4·5·5 + 2·4·5 parameters; GRU has three gates, RNN one; Linear(5, 2) has 12.
  for (const [cell, count] of [
    ['lstm', 200 + 12],
    ['gru', 150 + 12],
    ['rnn', 50 + 12],
  ] as const) {
    it(`counts those of ${cell} as PyTorch does, with both biases`, () => {
      assert.equal(
        parameterShapes(spec(cell)).reduce((sum, { shape }) => sum + sizeOf(shape), 0),
        count,
      );
    });
  }

  it('start the same for the same seed, and differently for another', () => {
    assert.deepEqual(initialParameters(spec('gru'), 4), initialParameters(spec('gru'), 4));
    assert.notDeepEqual(initialParameters(spec('gru'), 4), initialParameters(spec('gru'), 5));
  });

  it('start with a forget gate that keeps', () => {
    const bias = initialParameters(spec('lstm'), 1).get('layers.0.Wb');
    assert.ok(bias);
    // The order of the gates is ONNX's: i, o, f, g.
    assert.deepEqual(
      toNumbers(bias),
      [0, 0, 1, 0].flatMap((value) => Array.from({ length: 5 }, () => value)),
    );
  });
});
