import assert from 'node:assert/strict';
import { layoutOf } from '../../../../extension/core/model/layout';
import { initialParameters } from '../../../../extension/core/model/parameters';
import { modelSpec } from '../../../../extension/core/model/spec';
import type { Device } from '../../../../extension/runtime/session/session';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import type { PassOrder } from '../../../../extension/runtime/training/pass';
import { PassGroup } from '../../../../extension/runtime/training/passGroup';
import { StateSet } from '../../../../extension/runtime/training/trainingState';
import { forecastData, newFolder, removeFolders, smallExperiment } from '../sampleData';

const cpu: Device = { provider: 'cpu', threads: 1 };

describe('passes in one run', () => {
  after(removeFolders);

  it('give the bits of passes one after another, with dropped units, a decoder that is taught and summed gradients', async () => {
    const folder = newFolder();
    const experiment = await smallExperiment(folder, {
      data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6, horizon: 3 },
      model: { layers: [{ cell: 'gru', hidden: 5 }], decoder: 'recursive', dropout: { between: 0.3, recurrent: 0.2 } },
      training: { batch: 4, seed: 2, accumulate: 2, epochs: 3 },
    });
    const data = await forecastData(folder, experiment);
    const orders = Array.from(
      { length: 4 },
      (_, number): PassOrder => ({
        windows: Uint32Array.of(number, 3 * number, 7, 11 + number).subarray(0, number === 3 ? 2 : 4),
        batch: number,
        stretch: 0,
        number,
        step: 1 + Math.floor(number / 2),
        learningRate: 0.01 / (1 + number),
        share: number % 2 === 1 ? 1 / 2 : null,
        truthful: 0.5,
      }),
    );

    const model = await TrainableModel.open(experiment, data, cpu);
    assert.equal(model.groupSize, 1);
    const expected = await model.passes(orders);
    const { state } = model.stored();
    await model.release();

    const { batch, optimizer, clipNorm, clipValue, seed } = experiment.training;
    const spec = modelSpec(experiment, data.shape);
    const options = { batch, optimizer, clipNorm, clipValue, accumulates: true, form: 'step' } as const;
    const group = await PassGroup.open(spec, options, seed, cpu, orders.length);
    const layout = layoutOf(spec);
    const [from, into] = [await StateSet.open(group.state, layout), await StateSet.open(group.state, layout)];
    for (const [name, { data: values }] of initialParameters(spec, seed)) {
      if (values instanceof Float32Array) from.stored.get(name)?.data.set(values);
    }
    const results = await group.run(data, orders, from, into);
    await group.release();

    assert.deepEqual(results, expected);
    assert.deepEqual([...into.stored.keys()].sort(), [...state.keys()].sort());
    for (const [name, { data: values }] of into.stored) assert.deepEqual(values, state.get(name)?.data, name);
  });
});
