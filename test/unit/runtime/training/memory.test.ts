import assert from 'node:assert/strict';
import process from 'node:process';
import { modelSpec } from '../../../../extension/core/model/spec';
import { layer } from '../../../../extension/protocol/choices/model';
import { UnrollError } from '../../../../extension/protocol/errors';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { estimateBytes, refuseTooMuch, withinMemory } from '../../../../extension/runtime/training/memory';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import { isAlone, runAlone } from '../../../support/alone';
import { experimentOn } from '../../../support/experiments';
import { forecastData, newFolder, removeFolders, writeSeries } from '../sampleData';

const small = { batch: 8, evaluated: 1, evaluatedSteps: 3, moments: 2, accumulates: false };
const shape = {
  steps: 3,
  input: { kind: 'values' as const, features: 1 },
  targets: 2,
  longest: 0,
  masked: false,
  classCounts: null,
};

function experiment(cell: 'lstm' | 'gru', hidden: number, batch: number, lookback: number): Experiment {
  const { model, training, ...rest } = experimentOn({ path: 'series.csv', target: 'value', lookback, horizon: 1 });
  return {
    ...rest,
    model: { ...model, layers: [layer.parse({ cell, hidden })] },
    training: { ...training, batch },
  };
}

describe('training/memory', function () {
  this.timeout(120_000);
  after(removeFolders);

  for (const [cell, hidden, batch, lookback] of [
    ['lstm', 256, 256, 50],
    ['gru', 512, 128, 40],
  ] as const) {
    const title = `estimates what training takes, within a factor of two (${cell} ${hidden}, batch ${batch}, ${lookback} steps)`;
    it(title, async () => {
      // Memory that tests before this one gave back would be taken again unseen.
      if (!isAlone()) return runAlone(__filename, title);
      const folder = newFolder();
      writeSeries(folder, 'series.csv', 1000);
      const wanted = experiment(cell, hidden, batch, lookback);
      const data = await forecastData(folder, wanted);
      const before = process.memoryUsage().rss;
      const model = await TrainableModel.open(wanted, data, { provider: 'cpu', threads: 1 });
      const windows = Uint32Array.from({ length: batch }, (_, window) => window);
      for (const number of [0, 1]) {
        const step = number + 1;
        await model.pass({ windows, batch: 0, stretch: 0, number, step, learningRate: 0.001, share: 1, truthful: 0 });
      }
      const taken = process.memoryUsage().rss - before;
      const { bytes } = model;
      await model.release();
      assert.ok(bytes < 2 * taken && taken < 2 * bytes, `estimated ${bytes / 1e6}, taken ${taken / 1e6}`);
    });
  }

  it('grows with the batch, the moments and the sums of gradients', () => {
    const spec = modelSpec(experiment('lstm', 64, 8, 3), shape);
    const bytes = estimateBytes(spec, small);
    for (const more of [{ batch: 16 }, { moments: 3 }, { accumulates: true }, { evaluated: 200 }]) {
      assert.ok(estimateBytes(spec, { ...small, ...more }) > bytes, JSON.stringify(more));
    }
  });

  it('refuses what the machine does not have, with the estimate and what to do', async () => {
    refuseTooMuch(1e9, 2e9);
    assert.throws(() => refuseTooMuch(3.14e9, 2e9), {
      code: 'experiment',
      message: /about 3100 MB of memory and this machine has 2000 MB; make training\.batch/,
    });
    await assert.rejects(
      withinMemory(3.14e9, async () => {
        throw new UnrollError('model', 'onnxruntime cannot run this model: {0}', 'std::bad_alloc');
      }),
      { code: 'device', message: /about 3100 MB/ },
    );
    const other = new Error('something else');
    await assert.rejects(
      withinMemory(1, async () => Promise.reject(other)),
      other,
    );
  });
});
