import path from 'node:path';
import process from 'node:process';
import { propose } from '../../data/choices/propose';
import { dataFacts, proposedFacts } from '../../data/facts/facts';
import { soundPicture } from '../../data/facts/soundPicture';
import { profileTable } from '../../data/table/profile';
import type { Handlers } from '../../protocol/channel';
import type { DownloadProgress } from '../../protocol/devices';
import type { EngineContract } from '../../protocol/engine';
import { UnrollError } from '../../protocol/errors';
import type { RunDetail, RunEvent, RunState } from '../../protocol/run';
import { backtest } from '../backtest/backtest';
import { readBacktest } from '../backtest/file';
import { readPredictions } from '../export/predictions';
import { inspected } from '../inspect/process/contract';
import { inspectorFile } from '../inspect/process/inspectorFile';
import { Inspectors } from '../inspect/process/inspectors';
import { memoryLimit } from '../inspect/process/memoryLimit';
import { describeRun, noForecast } from '../inspect/runInspector';
import { readLags, withLags } from '../runs/lagLog';
import { readMetrics } from '../runs/metricsCsv';
import { listRuns, readReport, readState, summarise } from '../runs/readRun';
import { readRecord } from '../runs/record';
import { checkRun, runFiles } from '../runs/runFolder';
import { onnxruntime } from '../session/onnxruntime';
import { devices, listedProviders } from '../session/provider';
import { setUpCuda } from '../session/setUpCuda';
import { Training } from '../training/training';
import { checkedParams } from './requests';

type Inspected = (typeof inspected)[number];

/** Everything that the engine process does for its host: it trains several runs at once and answers about all of them. */
export class Engine {
  private readonly trainings = new Map<string, Training>();
  private readonly starting = new Set<Promise<Training>>();
  private readonly resuming = new Map<string, Promise<Training>>();
  private readonly inspectors: Inspectors;
  private closing = false;
  /** Aborted when the engine closes: a backtest then leaves its checkpoint. */
  private readonly ending = new AbortController();
  private readonly backtests = new Set<Promise<unknown>>();

  /** @param workerFile the bundled `trainingWorker.js`. */
  constructor(
    private readonly workerFile: string,
    private readonly tell: (event: RunEvent) => void,
    private readonly tellDownload: (progress: DownloadProgress) => void = () => {},
    log: (level: 'info' | 'warning' | 'error', text: string) => void = () => {},
  ) {
    this.inspectors = new Inspectors({ script: inspectorFile, memory: memoryLimit(), log });
  }

  get handlers(): Handlers<EngineContract> {
    return { ...this.passedOn, ...this.own };
  }

  /** What is asked of runs and models goes on to a process of theirs. */
  private readonly passedOn = Object.fromEntries(
    inspected.map((name) => [
      name,
      (params: unknown, signal: AbortSignal) =>
        this.inspectors.request(name, checkedParams(name, params) as never, signal),
    ]),
  ) as Pick<Handlers<EngineContract>, Inspected>;

  private readonly own: Omit<Handlers<EngineContract>, Exclude<Inspected, 'forecast'>> = {
    info: async () => ({
      node: process.versions.node,
      onnxruntime: (await onnxruntime()).env.versions.node ?? '',
      providers: await listedProviders(),
    }),
    devices: () => devices(),
    setUpCuda: async (params, signal) => {
      const { mirror } = checkedParams('setUpCuda', params);
      const { problem } = await setUpCuda({ mirror: mirror ?? undefined, signal, onProgress: this.tellDownload });
      return { problem };
    },
    profile: (params) => profileTable(checkedParams('profile', params).path),
    dataFacts: (params, signal) => {
      const { path: file, draft } = checkedParams('dataFacts', params);
      return dataFacts(file, draft, signal);
    },
    dataProposal: (params, signal) => {
      const { path: file, draft } = checkedParams('dataProposal', params);
      return proposedFacts(file, draft, signal);
    },
    soundPicture: (params) => {
      const { path: folder, name, draft, highest } = checkedParams('soundPicture', params);
      return soundPicture(folder, name, draft, highest);
    },
    propose: (params, signal) => {
      const { root, draft } = checkedParams('propose', params);
      return propose(root, draft, signal);
    },
    train: async (params, signal) => {
      const { root, draft } = checkedParams('train', params);
      const { experiment, reasons } = await propose(root, draft, signal);
      const notes = reasons.map(({ why }) => why);
      const { dir } = await this.begin(Training.start(this.workerFile, { root, experiment, notes }, this.tell, signal));
      return { run: dir };
    },
    resume: async (params, signal) => {
      const dir = checkRun(checkedParams('resume', params).run);
      const start = Training.resume(this.workerFile, dir, this.tell, signal);
      this.resuming.set(dir, start);
      await this.begin(start).finally(() => this.resuming.delete(dir));
      return {};
    },
    control: async (params) => {
      const { run, action } = checkedParams('control', params);
      const dir = path.resolve(run);
      // A run that is being resumed is told once it trains.
      const training = this.trainings.get(dir) ?? (await this.resuming.get(dir)?.catch(() => undefined));
      if (training === undefined) {
        throw new UnrollError(
          'run',
          'The run {0} is not being trained by this editor, so it cannot be controlled here.',
          run,
        );
      }
      await training[action]();
      return {};
    },
    runs: (params) => listRuns(checkedParams('runs', params).root, (dir) => this.stateOf(dir)),
    open: (params) => this.detail(checkRun(checkedParams('open', params).run)),
    forecast: (params, signal) => {
      const { run, ...choice } = checkedParams('forecast', params);
      const dir = checkRun(run);
      const { experiment } = readRecord(dir);
      if (experiment.task !== 'forecast') throw noForecast(dir, experiment.task);
      const report = readReport(dir);
      if (report === null) return this.inspectors.request('forecast', { run: dir, ...choice }, signal);
      const { predictions } = runFiles(dir);
      return readPredictions(predictions, experiment, choice, report.interval?.level ?? null);
    },
    backtest: async (params, signal) => {
      const { run, origins } = checkedParams('backtest', params);
      const dir = checkRun(run);
      const { epochs } = readRecord(dir).experiment.training;
      const finished = new Set<number>();
      const tell = (epoch: number) => {
        const done = [...finished].filter((origin) => origin <= origins).length;
        this.tell({ kind: 'backtest', run: dir, progress: { done, origins, epoch, epochs } });
      };
      const ended = backtest(
        this.workerFile,
        dir,
        origins,
        {
          progress: (_, { epoch }) => tell(epoch),
          epoch: (_, { epoch }) => tell(epoch),
          origin: ({ origin }) => {
            finished.add(origin);
            tell(0);
          },
        },
        AbortSignal.any([signal, this.ending.signal]),
      );
      this.backtests.add(ended);
      // Whoever shows the run reads it again.
      await ended.finally(() => {
        this.backtests.delete(ended);
        this.tell({ kind: 'state', run: dir, state: this.stateOf(dir) });
      });
      return {};
    },
    forget: (params) => {
      this.inspectors.forget(checkedParams('forget', params).traces);
      return {};
    },
  };

  /** Ends every training so that the next engine can go on with it; settles when all checkpoints stand. */
  async close(): Promise<void> {
    this.closing = true;
    this.inspectors.close();
    this.ending.abort();
    await Promise.allSettled([...this.starting, ...this.backtests]);
    await Promise.all([...this.trainings.values()].map((training) => training.stop('close')));
  }

  private async begin(start: Promise<Training>): Promise<Training> {
    this.starting.add(start);
    try {
      const training = await start;
      this.trainings.set(training.dir, training);
      void training.ended.then(() => this.trainings.delete(training.dir));
      if (this.closing) await training.stop('close');
      return training;
    } finally {
      this.starting.delete(start);
    }
  }

  private stateOf(dir: string): RunState {
    if (this.resuming.has(dir)) return { kind: 'preparing' };
    return this.trainings.get(dir)?.state ?? readState(dir);
  }

  private detail(dir: string): RunDetail {
    const { experiment, provenance } = readRecord(dir);
    return {
      summary: summarise(dir, this.stateOf(dir)),
      experiment,
      epochs: withLags(readMetrics(runFiles(dir).metrics), readLags(runFiles(dir).lags)),
      progress: this.trainings.get(dir)?.progress ?? null,
      notes: provenance.notes,
      architecture: describeRun(dir, experiment, provenance.shape),
      backtest: readBacktest(dir),
    };
  }
}
