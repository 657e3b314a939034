import assert from 'node:assert/strict';
import { batchFeeds } from '../../../../extension/core/model/feeds';
import { layoutOf, views } from '../../../../extension/core/model/layout';
import { initialParameters } from '../../../../extension/core/model/parameters';
import { modelSpec } from '../../../../extension/core/model/spec';
import { buildTrainingGraph } from '../../../../extension/core/model/trainingGraph';
import { sizeOf } from '../../../../extension/core/tensor';
import { newBatch } from '../../../../extension/data/batch';
import type { ForecastData } from '../../../../extension/data/prepared';
import type { Draft, Experiment } from '../../../../extension/protocol/experiment';
import { type Device, toOrt, type Values, withSession } from '../../../../extension/runtime/session/session';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import type { PassOrder } from '../../../../extension/runtime/training/pass';
import { forecastData, newFolder, removeFolders, smallExperiment } from '../sampleData';

const cpu: Device = { provider: 'cpu', threads: 1 };
const steps = [1, 2, 3, 4, 5].map((step) => ({ step, windows: Uint32Array.of(step, 7, 3 * step) }));

const order = (step: number, windows: Uint32Array, changes: Partial<PassOrder> = {}): PassOrder => ({
  windows,
  batch: step,
  stretch: 0,
  number: step - 1,
  step,
  learningRate: 0.1,
  share: 1,
  truthful: 0,
  ...changes,
});

type Sample = { experiment: Experiment; data: ForecastData };

async function sample(training: Draft['training'], model: Draft['model'] = {}): Promise<Sample> {
  const folder = newFolder();
  const experiment = await smallExperiment(folder, {
    model: {
      layers: [
        { cell: 'lstm', hidden: 5 },
        { cell: 'gru', hidden: 3 },
      ],
      anchor: 'last',
      ...model,
    },
    training: { batch: 4, seed: 2, optimizer: { name: 'sgd', learningRate: 0.1 }, ...training },
  });
  return { experiment, data: await forecastData(folder, experiment) };
}

/** The parameters after the steps, each step into tensors that onnxruntime allocates: slow, and plainly right. */
async function plainSteps(experiment: Experiment, data: ForecastData): Promise<Map<string, Float32Array>> {
  const spec = modelSpec(experiment, data.shape);
  const { batch, optimizer, clipNorm, seed } = experiment.training;
  const graph = buildTrainingGraph(spec, { batch, optimizer, clipNorm });
  const initial = initialParameters(spec, seed);
  const layout = layoutOf(spec);
  const float32 = (shape: readonly number[], values: Float32Array) => toOrt({ dtype: 'float32', shape, data: values });
  const feeds: Record<string, Values[string]> = {};
  for (const { input, shape, kind } of graph.state) {
    const values = new Float32Array(sizeOf(shape));
    if (kind === 'parameters') {
      for (const [name, { data: to }] of views(values, layout)) {
        const from = initial.get(name)?.data;
        if (to instanceof Float32Array && from instanceof Float32Array) to.set(from);
      }
    }
    feeds[input] = await float32(shape, values);
  }
  await withSession(graph.bytes, cpu, async (session) => {
    for (const { step, windows } of steps) {
      const filled = newBatch(batchFeeds(spec, batch));
      data.fill('train', windows, batch, filled);
      for (const { name, shape, dtype } of graph.feeds) {
        feeds[name] = await toOrt({ dtype, shape, data: filled[name as 'x' | 'y' | 'weight'] });
      }
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
  const last = feeds['parameters']?.data;
  assert.ok(last instanceof Float32Array);
  return new Map([...views(last, layout)].map(([name, { data: values }]) => [name, values as Float32Array]));
}

/** The numbers of a parameter. */
const numbersOf = (model: TrainableModel, name: string) => [...(model.stored().state.get(name)?.data ?? [])];

describe('training/model', () => {
  after(removeFolders);

  for (const clipNorm of [null, 0.5]) {
    it(`steps in its own buffers as in new ones, bit for bit (clipNorm ${clipNorm})`, async () => {
      const { experiment, data } = await sample({ clipNorm });
      const model = await TrainableModel.open(experiment, data, cpu);
      for (const { step, windows } of steps) await model.pass(order(step, windows));
      const { state } = model.stored();
      for (const [name, values] of await plainSteps(experiment, data)) {
        assert.deepEqual(state.get(name)?.data, values, name);
      }
      await model.release();
    });
  }

  it('evaluates every window of a part once, whatever the batch', async () => {
    const { experiment, data } = await sample({ clipNorm: 1 });
    const model = await TrainableModel.open(experiment, data, cpu);
    const whole = await model.evaluate('train');
    const { batch } = experiment.training;
    let [sum, mass] = [0, 0];
    for (let window = 0; window < data.windows.train; window += batch) {
      const count = Math.min(batch, data.windows.train - window);
      const windows = Uint32Array.from({ length: count }, (_, i) => window + i);
      // A step with rate 0 tells the loss of its windows and changes nothing.
      const done = await model.pass(order(window + 1, windows, { learningRate: 0 }));
      sum += done.loss * done.mass;
      mass += done.mass;
    }
    assert.ok(whole !== null);
    assert.equal(mass, data.windows.train);
    assert.ok(Math.abs(whole.loss - sum / mass) < 1e-6 * whole.loss);
    assert.ok((whole.metrics['rmse'] ?? 0) > 0);
    await model.release();
  });

  it('averages the gradients of several passes into one step', async () => {
    const one = await sample({ clipNorm: 0.5 });
    const model = await TrainableModel.open(one.experiment, one.data, cpu);
    const windows = Uint32Array.of(3, 14, 15, 9);
    await model.pass(order(1, windows));
    const two = await sample({ clipNorm: 0.5, batch: 2, accumulate: 2 });
    const summing = await TrainableModel.open(two.experiment, two.data, cpu);
    const before = numbersOf(summing, 'head.W');
    await summing.pass(order(1, windows.subarray(0, 2), { share: null }));
    assert.deepEqual(numbersOf(summing, 'head.W'), before);
    assert.ok(numbersOf(summing, 'sum.head.W').some((value) => value !== 0));
    await summing.pass(order(1, windows.subarray(2), { batch: 2, number: 1, share: 1 / 2 }));
    assert.ok(numbersOf(summing, 'sum.head.W').every((value) => value === 0));
    for (const [name, { data }] of model.stored().state) {
      const other = summing.stored().state.get(name)?.data ?? [];
      for (const [i, value] of data.entries()) assert.ok(Math.abs(value - (other[i] ?? Number.NaN)) < 1e-6, name);
    }
    await model.release();
    await summing.release();
  });

  it('reads a batch in stretches as it reads it whole, and carries its state', async () => {
    const plain: Draft['model'] = { layers: [{ cell: 'lstm', hidden: 5 }], pooling: 'every', anchor: 'none' };
    const losses = async (truncate: number | null) => {
      const { experiment, data } = await sample({ clipNorm: null, truncate }, plain);
      const model = await TrainableModel.open(experiment, data, cpu);
      const result: number[] = [];
      // Twice the same batch: the second reading must not go on from the end of the first.
      for (const batch of [1, 2]) {
        let [sum, mass] = [0, 0];
        for (let stretch = 0; stretch < model.stretches; stretch++) {
          const done = await model.pass(order(batch, Uint32Array.of(5, 40), { stretch, learningRate: 0 }));
          sum += done.loss * done.mass;
          mass += done.mass;
        }
        result.push(sum / mass);
      }
      const { stretches } = model;
      await model.release();
      return { result, stretches };
    };
    const whole = await losses(null);
    // A window has 6 steps: two stretches of 3, or one of 4 and one that is half padding.
    for (const truncate of [3, 4]) {
      const { result, stretches } = await losses(truncate);
      assert.equal(stretches, 2);
      for (const loss of result) assert.ok(Math.abs(loss - (whole.result[0] ?? 0)) < 1e-6, `truncate ${truncate}`);
    }
    assert.equal(whole.stretches, 1);
  });

  it('drops the same units in the same pass, others in another, and none when it evaluates', async () => {
    const dropout = { between: 0.5, recurrent: 0.25 };
    const { experiment, data } = await sample({ clipNorm: null }, { dropout });
    const model = await TrainableModel.open(experiment, data, cpu);
    const loss = async (number: number) =>
      (await model.pass(order(1, Uint32Array.of(5, 40), { number, learningRate: 0 }))).loss;
    const [first, again, other] = [await loss(0), await loss(0), await loss(1)];
    assert.equal(first, again);
    assert.notEqual(first, other);
    const { loss: evaluated } = (await model.evaluate('validation')) ?? { loss: 0 };
    assert.equal((await model.evaluate('validation'))?.loss, evaluated);
    await model.release();
  });

  it('keeps the best parameters while it goes on', async () => {
    const { experiment, data } = await sample({ clipNorm: 1 });
    const model = await TrainableModel.open(experiment, data, cpu);
    model.keepBest();
    const kept = [...(model.bestParameters().get('head.W')?.data ?? [])];
    await model.pass(order(1, Uint32Array.of(1, 2)));
    assert.deepEqual([...(model.bestParameters().get('head.W')?.data ?? [])], kept);
    assert.notDeepEqual(numbersOf(model, 'head.W'), kept);
    await model.release();
  });

  it('stays where it was in a pass whose numbers are not finite, and names the layer', async () => {
    const { experiment, data } = await sample({ clipNorm: null });
    const model = await TrainableModel.open(experiment, data, cpu);
    const { state, best } = model.stored();
    const huge = new Map(state);
    const { shape = [], data: weights = new Float32Array(0) } = state.get('head.W') ?? {};
    huge.set('head.W', { shape, data: weights.map(() => 3e38) });
    model.restore(huge, best);
    const before = numbersOf(model, 'head.W');
    const { loss, gradientNorm } = await model.pass(order(1, Uint32Array.of(1, 2)));
    assert.ok(!Number.isFinite(loss) || !Number.isFinite(gradientNorm));
    assert.deepEqual(numbersOf(model, 'head.W'), before);
    assert.equal(await model.brokenLayer(0), 'head');
    await model.release();
  });

  it("refuses another model's state", async () => {
    const { experiment, data } = await sample({ clipNorm: 1 });
    const model = await TrainableModel.open(experiment, data, cpu);
    const { state } = model.stored();
    const other = new Map([...state, ['head.W', { shape: [1], data: new Float32Array(1) }] as const]);
    assert.throws(() => model.restore(other, new Map()), { code: 'run' });
    model.restore(state, new Map());
    await model.release();
  });
});
