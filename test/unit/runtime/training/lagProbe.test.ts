import assert from 'node:assert/strict';
import type { Draft } from '../../../../extension/protocol/experiment';
import { LagProbe } from '../../../../extension/runtime/training/lagProbe';
import { beginning, trainLoop } from '../../../../extension/runtime/training/loop';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import { forecastData, newFolder, removeFolders, smallExperiment } from '../sampleData';

const cpu = { provider: 'cpu', threads: 1 } as const;

async function opened(changes: Partial<Draft>) {
  const folder = newFolder();
  const experiment = await smallExperiment(folder, changes);
  const data = await forecastData(folder, experiment);
  return { experiment, data };
}

const two = {
  layers: [
    { cell: 'lstm' as const, hidden: 4 },
    { cell: 'gru' as const, hidden: 3 },
  ],
};

/** Trains, and measures after every epoch where it is asked to. */
async function train(changes: Partial<Draft>, watches: boolean) {
  const { experiment, data } = await opened(changes);
  const model = await TrainableModel.open(experiment, data, cpu);
  const probe = watches ? await LagProbe.open(experiment, data, cpu) : null;
  const measured: unknown[] = [];
  const losses: unknown[] = [];
  const end = await trainLoop(model, data.windows.train, experiment, beginning, {
    wish: () => 'run',
    waitWhilePaused() {},
    save() {},
    async onEpoch(metrics) {
      losses.push({ ...metrics, seconds: 0 });
      if (probe !== null) measured.push(await probe.measure(model.fedParameters));
    },
    onProgress() {},
  });
  const { state, best } = model.stored();
  const numbers = [...state, ...best].map(([name, { data: values }]) => [name, [...values]]);
  await probe?.release();
  await model.release();
  return { end: { ...end.position, seconds: 0 }, losses, numbers, measured };
}

describe('training/lagProbe', () => {
  after(removeFolders);

  for (const [name, changes] of Object.entries<Partial<Draft>>({
    'whole sequences': { model: two, training: { epochs: 3, batch: 16, seed: 3 } },
    'stretches, whose states are carried': {
      model: { ...two, pooling: 'every', anchor: 'none' },
      training: { epochs: 3, batch: 16, seed: 3, truncate: 4 },
    },
  })) {
    it(`changes no bit of a training of ${name}`, async () => {
      const alone = await train(changes, false);
      const { measured, ...watched } = await train(changes, true);
      assert.equal(measured.length, 3);
      assert.deepEqual(watched, { end: alone.end, losses: alone.losses, numbers: alone.numbers });
    });
  }

  it('measures every state of every layer, and the same again for the same parameters', async () => {
    const { experiment, data } = await opened({ model: two });
    const model = await TrainableModel.open(experiment, data, cpu);
    const probe = await LagProbe.open(experiment, data, cpu);
    const lags = await probe.measure(model.fedParameters);
    assert.deepEqual(
      lags.map(({ layer, direction, state, reach, norms }) => [layer, direction, state, reach, norms.length]),
      [
        [0, 'forward', 'h', 5, 6],
        [0, 'forward', 'c', 5, 6],
        [1, 'forward', 'h', 5, 6],
      ],
    );
    assert.ok(lags.every(({ norms }) => norms.every((norm) => norm > 0)));
    assert.deepEqual(await probe.measure(model.fedParameters), lags);
    await probe.release();
    await model.release();
  });

  it('sees the gradient of one answer where every step is answered, in both directions', async () => {
    const layers = [{ cell: 'rnn' as const, hidden: 4, bidirectional: true }];
    const { experiment, data } = await opened({
      model: { layers, pooling: 'every', anchor: 'none' },
      data: {
        path: 'series.csv',
        target: 'value',
        time: 'month',
        lookback: 100,
        season: 1,
        split: { validation: 0, test: 0 },
      },
    });
    const model = await TrainableModel.open(experiment, data, cpu);
    const probe = await LagProbe.open(experiment, data, cpu);
    const lags = await probe.measure(model.fedParameters);
    assert.deepEqual(
      lags.map(({ direction, reach, norms }) => [direction, reach, norms.length]),
      [
        ['forward', 99, 64],
        ['reverse', 99, 64],
      ],
    );
    for (const { norms } of lags) assert.ok((norms[0] ?? 0) > 10 * (norms.at(-1) ?? 0), `${norms}`);
    await probe.release();
    await model.release();
  });
});
