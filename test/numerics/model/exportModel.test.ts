import assert from 'node:assert/strict';
import { buildEvaluationGraph } from '../../../extension/core/model/evaluationGraph';
import { exportModel } from '../../../extension/core/model/exportModel';
import { initialParameters } from '../../../extension/core/model/parameters';
import type { ForecasterSpec } from '../../../extension/core/model/spec';
import { RandomStream } from '../../../extension/core/random';
import { floats } from '../../../extension/core/tensor';
import { cellNames } from '../../../extension/protocol/experiment';
import { run } from '../../support/session';

const [batch, lookback, features] = [3, 7, 2];

describe('model: the exported file against the graph that was trained', () => {
  for (const cell of cellNames) {
    for (const anchor of ['last', 'none'] as const) {
      it(`${cell}, two layers, anchor ${anchor}`, async () => {
        const layers = [
          { cell, hidden: 4 },
          { cell, hidden: 3 },
        ];
        const spec: ForecasterSpec = { features, lookback, horizon: 2, layers, anchor };
        const parameters = initialParameters(spec, 9);
        const random = new RandomStream(2, 0, 0);
        const at = Array.from({ length: lookback * features * batch }, () => random.normal());
        // The same windows twice: [lookback, features, batch] for training, [batch, lookback, features] for the file.
        const x = floats('float32', [lookback, features, batch], at);
        const window = floats(
          'float32',
          [batch, lookback, features],
          at.map(
            (_, i) => at[(i % (lookback * features)) * batch + Math.floor(i / (lookback * features))] ?? Number.NaN,
          ),
        );
        const trained = await run(buildEvaluationGraph(spec, batch), { x, ...Object.fromEntries(parameters) });
        const exported = await run(exportModel(spec, parameters, {}), { window });
        const [prediction, forecast] = [trained['prediction'], exported['forecast']];
        assert.deepEqual(
          [prediction?.shape, forecast?.shape],
          [
            [2, batch],
            [batch, 2],
          ],
        );
        for (let item = 0; item < batch; item++) {
          for (let step = 0; step < 2; step++) {
            const [ours, theirs] = [
              Number(prediction?.data[step * batch + item]),
              Number(forecast?.data[item * 2 + step]),
            ];
            assert.ok(Math.abs(ours - theirs) < 1e-5, `window ${item}, step ${step}: ${ours} and ${theirs}`);
          }
        }
      });
    }
  }
});
