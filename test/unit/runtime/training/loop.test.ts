import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { PreparedData } from '../../../../extension/data/prepared';
import type { Draft, Experiment } from '../../../../extension/protocol/experiment';
import type { EpochMetrics } from '../../../../extension/protocol/run';
import {
  checkpointFile,
  type Position,
  readCheckpoint,
  writeCheckpoint,
} from '../../../../extension/runtime/runs/checkpoint';
import type { Device } from '../../../../extension/runtime/session/session';
import { beginning, type LoopEnd, trainLoop } from '../../../../extension/runtime/training/loop';
import { TrainableModel } from '../../../../extension/runtime/training/model';
import { forecastData, newFolder, removeFolders, smallExperiment } from '../sampleData';

const cpu: Device = { provider: 'cpu', threads: 1 };

type Wishes = (pass: number) => 'run' | 'stop';

interface Sitting {
  readonly end: LoopEnd;
  readonly epochs: EpochMetrics[];
  /** Every number of the state and of the best parameters. */
  readonly numbers: Map<string, number[]>;
}

/** Trains from what lies in a folder, or from the beginning; `wishes` is asked before every pass, from 1. */
async function sit(dir: string, experiment: Experiment, data: PreparedData, wishes: Wishes): Promise<Sitting> {
  const model = await TrainableModel.open(experiment, data, cpu);
  const checkpoint = readCheckpoint(dir);
  if (checkpoint !== null) model.restore(checkpoint.state, checkpoint.best);
  const epochs: EpochMetrics[] = [];
  let pass = 0;
  const start: Position = checkpoint?.position ?? beginning;
  const end = await trainLoop(model, data.windows.train, experiment, start, {
    wish: () => wishes(++pass),
    waitWhilePaused() {},
    save: (position, reason) => writeCheckpoint(dir, { reason, position, ...model.stored() }),
    async onEpoch(metrics) {
      epochs.push({ ...metrics, seconds: 0 });
    },
    onProgress() {},
  });
  const { state, best } = model.stored();
  const all = [...state, ...[...best].map(([name, tensor]) => [`best ${name}`, tensor] as const)];
  const numbers = new Map(all.map(([name, tensor]) => [name, [...tensor.data]]));
  await model.release();
  return { end, epochs, numbers };
}

const always: Wishes = () => 'run';

async function sample(changes: Partial<Draft>): Promise<{ experiment: Experiment; data: PreparedData }> {
  const folder = newFolder();
  const experiment = await smallExperiment(folder, changes);
  return { experiment, data: await forecastData(folder, experiment) };
}

const layers = [
  { cell: 'lstm' as const, hidden: 4 },
  { cell: 'gru' as const, hidden: 3 },
];
const dropout = { between: 0.3, recurrent: 0.2, variational: false };

const variants: Readonly<Record<string, Partial<Draft>>> = {
  'dropped units': { model: { layers, dropout }, training: { epochs: 3, batch: 16, seed: 3 } },
  'summed gradients': { model: { layers }, training: { epochs: 3, batch: 8, accumulate: 4, seed: 3 } },
  'a schedule by the validation loss': {
    model: { layers },
    training: {
      epochs: 8,
      batch: 32,
      seed: 3,
      optimizer: { name: 'sgd', learningRate: 0.5 },
      schedule: { name: 'plateau', patience: 0, factor: 0.5 },
    },
  },
  'a schedule by the step, after a warm-up': {
    model: { layers },
    training: { epochs: 3, batch: 16, seed: 3, schedule: { name: 'cosine', warmup: 5 } },
  },
  'stretches, whose states are carried, with all of it': {
    model: { layers, dropout, pooling: 'every', anchor: 'none' },
    training: { epochs: 3, batch: 16, seed: 3, truncate: 4, accumulate: 3, schedule: { name: 'oneCycle' } },
  },
  'a decoder that reads the truth at times': {
    data: { path: 'series.csv', target: 'value', time: 'month', lookback: 6, horizon: 4, season: 12 },
    model: { layers, decoder: 'recursive' },
    training: { epochs: 3, batch: 16, seed: 3, teacherForcing: { start: 0.9, end: 0.2 } },
  },
};

describe('training/loop', () => {
  after(removeFolders);

  for (const [name, changes] of Object.entries(variants)) {
    it(`goes on to the same bits wherever it was broken off, with ${name}`, async () => {
      const { experiment, data } = await sample(changes);
      const whole = await sit(newFolder(), experiment, data, always);
      assert.equal(whole.end.kind, 'finished');
      for (const stops of [[2], [3, 1, 2], [8]]) {
        const dir = newFolder();
        const epochs: EpochMetrics[] = [];
        for (const stop of stops) {
          const sitting = await sit(dir, experiment, data, (pass) => (pass > stop ? 'stop' : 'run'));
          assert.equal(sitting.end.kind, 'stopped');
          epochs.push(...sitting.epochs);
        }
        const last = await sit(dir, experiment, data, always);
        assert.deepEqual(last.numbers, whole.numbers, `stopped after ${stops.join(', ')}`);
        assert.deepEqual([...epochs, ...last.epochs], whole.epochs);
        assert.deepEqual({ ...last.end.position, seconds: 0 }, { ...whole.end.position, seconds: 0 });
      }
    });
  }

  it('lowers the rate when the validation loss does not fall, and ends when it does not for long', async () => {
    const { experiment, data } = await sample({
      training: {
        epochs: 60,
        batch: 16,
        seed: 3,
        earlyStopping: 6,
        optimizer: { name: 'sgd', learningRate: 0.9 },
        schedule: { name: 'plateau', patience: 1, factor: 0.5 },
      },
    });
    const { end, epochs } = await sit(newFolder(), experiment, data, always);
    assert.equal(end.kind, 'finished');
    assert.ok(epochs.length < 60, `${epochs.length}`);
    const best = epochs.reduce((a, b) => ((b.validationLoss ?? 0) < (a.validationLoss ?? 0) ? b : a));
    assert.equal(epochs.length - best.epoch, 6);
    assert.equal(end.position.best?.epoch, best.epoch);
    const rates = new Set(epochs.map(({ learningRate }) => learningRate));
    assert.ok(rates.size > 1 && [...rates].every((rate) => Number.isInteger(Math.log2(0.9 / rate))));
  });

  it('keeps the last good checkpoint where numbers break, and says what to do', async () => {
    const { experiment, data } = await sample({
      training: { epochs: 3, batch: 16, seed: 3, clipNorm: null, optimizer: { name: 'sgd', learningRate: 0.01 } },
    });
    const dir = newFolder();
    await sit(dir, experiment, data, (pass) => (pass > 3 ? 'stop' : 'run'));
    const before = readFileSync(checkpointFile(dir));
    const optimizer = { ...experiment.training.optimizer, learningRate: 1e39 };
    const wild: Experiment = { ...experiment, training: { ...experiment.training, optimizer } };
    await assert.rejects(sit(dir, wild, data, always), (error: Error) => {
      assert.match(error.message, /in step 5 \(epoch 1\).*first in layers\.0, after a gradient norm of [\d.e+]+;/);
      assert.match(error.message, /set training\.clipNorm.*lower learning rate than 1e\+39/);
      return true;
    });
    assert.ok(readFileSync(checkpointFile(dir)).equals(before));
    // What is asked to stop just then must not write the broken state either.
    await assert.rejects(
      sit(dir, wild, data, (pass) => (pass > 1 ? 'stop' : 'run')),
      { code: 'experiment' },
    );
    assert.ok(readFileSync(checkpointFile(dir)).equals(before));
  });
});
