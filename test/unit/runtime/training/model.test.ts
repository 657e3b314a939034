import assert from 'node:assert/strict';
import { initialParameters } from '../../../../extension/core/model/parameters';
import { forecasterSpec } from '../../../../extension/core/model/spec';
import { buildTrainingGraph } from '../../../../extension/core/model/trainingGraph';
import { loadSeries } from '../../../../extension/data/series';
import { newBatch, type PreparedData, prepare } from '../../../../extension/data/windows';
import type { Experiment } from '../../../../extension/protocol/experiment';
import { type Device, toOrt, type Values, withSession } from '../../../../extension/runtime/session/session';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import { newFolder, removeFolders, smallExperiment } from '../sampleData';

const cpu: Device = { provider: 'cpu', threads: 1 };
const steps = [1, 2, 3, 4, 5].map((step) => ({ step, windows: Uint32Array.of(step, 7, 3 * step) }));

async function sample(clipNorm: number | null): Promise<{ experiment: Experiment; data: PreparedData }> {
  const folder = newFolder();
  const experiment = await smallExperiment(folder, {
    model: {
      layers: [
        { cell: 'lstm', hidden: 5 },
        { cell: 'gru', hidden: 3 },
      ],
      anchor: 'last',
    },
    training: { batch: 4, seed: 2, clipNorm, optimizer: { name: 'sgd', learningRate: 0.1 } },
  });
  return { experiment, data: prepare(await loadSeries(folder, experiment), experiment) };
}

/** The state after the steps, each step into tensors that onnxruntime allocates: slow, and plainly right. */
async function plainSteps({ training, ...rest }: Experiment, data: PreparedData): Promise<Map<string, Float32Array>> {
  const spec = forecasterSpec({ training, ...rest });
  const { batch, optimizer, clipNorm, seed } = training;
  const graph = buildTrainingGraph(spec, { batch, optimizer, clipNorm });
  const initial = initialParameters(spec, seed);
  const float32 = (shape: readonly number[], values: Float32Array) => toOrt({ dtype: 'float32', shape, data: values });
  const feeds: Record<string, Values[string]> = {};
  for (const { input, shape } of graph.state) {
    const size = shape.reduce((product, dim) => product * dim, 1);
    feeds[input] = await toOrt(initial.get(input) ?? { dtype: 'float32', shape, data: new Float32Array(size) });
  }
  await withSession(graph.bytes, cpu, async (session) => {
    for (const { step, windows } of steps) {
      const filled = newBatch(data.lookback, data.features, data.horizon, batch);
      data.fill('train', windows, batch, filled);
      feeds['x'] = await float32([data.lookback, data.features, batch], filled.x);
      feeds['y'] = await float32([data.horizon, batch], filled.y);
      feeds['weight'] = await float32([batch], filled.weight);
      for (const [name, value] of Object.entries(graph.scalars(step, optimizer.learningRate))) {
        feeds[name] = await float32([], Float32Array.of(value));
      }
      const values = await session.run(feeds);
      for (const { input, output } of graph.state) {
        const value = values[output];
        if (value !== undefined) feeds[input] = value;
      }
    }
  });
  return new Map(graph.state.map(({ input }) => [input, feeds[input]?.data as Float32Array]));
}

describe('training/model', () => {
  after(removeFolders);

  for (const clipNorm of [null, 0.5]) {
    it(`steps in its own buffers as in new ones, bit for bit (clipNorm ${clipNorm})`, async () => {
      const { experiment, data } = await sample(clipNorm);
      const model = await TrainableModel.open(experiment, data, cpu);
      for (const { step, windows } of steps) await model.step(windows, step, 0.1);
      const { state } = model.stored();
      for (const [name, values] of await plainSteps(experiment, data)) {
        assert.deepEqual(state.get(name)?.data, values, name);
      }
      await model.release();
    });
  }

  it('evaluates every window of a part once, whatever the batch', async () => {
    const { experiment, data } = await sample(1);
    const model = await TrainableModel.open(experiment, data, cpu);
    const whole = await model.evaluate('train');
    const { batch } = experiment.training;
    let sum = 0;
    for (let window = 0; window < data.windows.train; window += batch) {
      const count = Math.min(batch, data.windows.train - window);
      // A step with rate 0 tells the loss of its windows and changes nothing.
      const { loss } = await model.step(
        Uint32Array.from({ length: count }, (_, i) => window + i),
        1,
        0,
      );
      sum += loss * count;
    }
    assert.ok(whole !== null);
    assert.ok(Math.abs(whole.loss - sum / data.windows.train) < 1e-6 * whole.loss);
    assert.ok(whole.rmse > 0);
    await model.release();
  });

  it('keeps the best parameters while it goes on', async () => {
    const { experiment, data } = await sample(1);
    const model = await TrainableModel.open(experiment, data, cpu);
    model.keepBest();
    const kept = [...(model.bestParameters().get('head.W')?.data ?? [])];
    await model.step(Uint32Array.of(1, 2), 1, 0.1);
    assert.deepEqual([...(model.bestParameters().get('head.W')?.data ?? [])], kept);
    assert.notDeepEqual([...(model.stored().state.get('head.W')?.data ?? [])], kept);
    await model.release();
  });

  it("refuses another model's state", async () => {
    const { experiment, data } = await sample(1);
    const model = await TrainableModel.open(experiment, data, cpu);
    const { state } = model.stored();
    const other = new Map([...state, ['head.W', { shape: [1], data: new Float32Array(1) }] as const]);
    assert.throws(() => model.restore(other, new Map()), { code: 'run' });
    model.restore(state, new Map());
    await model.release();
  });
});
