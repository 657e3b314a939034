import path from 'node:path';
import { loadData } from '../../data/load';
import type { ForecastData, PreparedData } from '../../data/prepared';
import type { Experiment } from '../../protocol/experiment';
import { message } from '../../protocol/messages';
import type { EpochMetrics, Progress } from '../../protocol/run';
import { finishRun } from '../export/finish';
import { checkpointFile, readCheckpoint, writeCheckpoint } from '../runs/checkpoint';
import { LagLog } from '../runs/lagLog';
import { MetricsLog } from '../runs/metricsCsv';
import { runFiles } from '../runs/runFolder';
import { removeTemporaries } from '../runs/storage';
import { onnxruntime } from '../session/onnxruntime';
import { chooseProvider } from '../session/provider';
import type { Device } from '../session/session';
import type { Ending, Preparation } from './contract';
import { LagProbe } from './lagProbe';
import { LagWatch } from './lagWatch';
import { beginning, trainLoop } from './loop';
import { memoryInMegabytes } from './memory';
import { TrainableModel } from './model';
import type { WishFlag } from './wish';

const firstTested = ({ series, stretches }: ForecastData): number | null =>
  series.time?.[stretches[0]?.split.test.start ?? 0] ?? null;

/** Where a trainer tells what happens. */
export interface TrainerEvents {
  epoch(metrics: EpochMetrics): void;
  progress(progress: Progress): void;
  paused(): void;
  continued(): void;
}

/** One experiment, ready to be trained: its data is read and its graphs are built, and nothing is written. */
export class Trainer {
  private constructor(
    private readonly experiment: Experiment,
    private readonly data: PreparedData,
    private readonly device: Device,
    private readonly model: TrainableModel,
    readonly preparation: Preparation,
  ) {}

  /**
   * @param root the folder that the experiment's data path is relative to.
   * @param signal aborted by whoever does not want the data any more while it is read.
   * @param origin how many test parts at the end of a series are left out.
   */
  static async prepare(root: string, experiment: Experiment, signal?: AbortSignal, origin = 0): Promise<Trainer> {
    const data = await loadData(root, experiment, { root, signal }, origin);
    signal?.throwIfAborted();
    const { provider, notes } = await chooseProvider(experiment.device.provider);
    const device: Device = { provider, threads: experiment.device.threads };
    const model = await TrainableModel.open(experiment, data, device);
    const { env } = await onnxruntime();
    return new Trainer(experiment, data, device, model, {
      fingerprint: data.fingerprint,
      tested: data.task === 'forecast' ? firstTested(data) : null,
      shape: data.shape,
      notes: [
        ...data.notes,
        ...notes,
        message('Training takes about {0} MB of memory.', memoryInMegabytes(model.bytes)),
      ],
      provider,
      onnxruntime: env.versions.node ?? '',
    });
  }

  /** Trains in a run folder, from its checkpoint where there is one, until the last epoch or until `flag` says otherwise. */
  async train(dir: string, flag: WishFlag, events: TrainerEvents): Promise<Ending> {
    for (const folder of [dir, path.dirname(checkpointFile(dir))]) removeTemporaries(folder);
    const checkpoint = readCheckpoint(dir);
    if (checkpoint !== null) this.model.restore(checkpoint.state, checkpoint.best);
    const start = checkpoint?.position ?? beginning;
    const log = new MetricsLog(runFiles(dir).metrics, start.epoch);
    const lagLog = new LagLog(runFiles(dir).lags, start.epoch);
    const watch = new LagWatch(() => LagProbe.open(this.experiment, this.data, this.device));
    try {
      const { kind, position } = await trainLoop(this.model, this.data.windows.train, this.experiment, start, {
        wish: () => flag.value,
        waitWhilePaused() {
          events.paused();
          flag.waitWhilePaused();
          events.continued();
        },
        save: (at, reason) => writeCheckpoint(dir, { reason, position: at, ...this.model.stored() }),
        onEpoch: async (metrics, isLast) => {
          log.append(metrics);
          const lags = await watch.epoch(this.model.fedParameters, isLast);
          if (lags !== null) lagLog.append(metrics.epoch, lags);
          events.epoch(lags === null ? metrics : { ...metrics, lags });
        },
        onProgress: (progress) => events.progress(progress),
      });
      if (kind !== 'finished') return { kind: 'ended' };
      const { best, epoch, seconds } = position;
      const trained = { device: this.device, bestEpoch: best?.epoch ?? epoch, seconds };
      const parameters = this.model.bestParameters();
      return { kind: 'done', report: await finishRun(dir, this.experiment, this.data, parameters, trained) };
    } finally {
      log.close();
      await watch.release();
    }
  }

  release(): Promise<void> {
    return this.model.release();
  }
}
