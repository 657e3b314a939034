import { rmSync } from 'node:fs';
import process from 'node:process';
import { toFailure, UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { Message } from '../../protocol/messages';
import type { Progress, RunEvent, RunState } from '../../protocol/run';
import { RunLock } from '../runs/lock';
import { readState, writeFailure } from '../runs/readRun';
import { readRecord, writeRecord } from '../runs/record';
import { createRunFolder, rootOf, runFiles } from '../runs/runFolder';
import { unrollVersion } from '../version';
import type { Preparation } from './contract';
import type { TrainerEvents } from './trainer';
import { TrainingThread } from './trainingThread';
import type { EndWish } from './wish';

/** What a training is started with. */
export interface Beginning {
  /** The workspace folder: the experiment's data path is relative to it, and the run folder is made below it. */
  readonly root: string;
  readonly experiment: Experiment;
  /** What was decided for the user, to be kept with the run. */
  readonly notes: readonly Message[];
}

type Listener = (event: RunEvent) => void;

/** A run that this process trains: its folder, its lock and its thread. */
export class Training {
  /** Settles with the last state when the thread has ended and the lock is free; never rejects. */
  readonly ended: Promise<RunState>;
  private current: RunState = { kind: 'training' };
  private latest: Progress | null = null;
  private readonly waiting = new Set<() => void>();

  /** Takes what the thread tells. */
  private readonly events: TrainerEvents = {
    epoch: (metrics) => this.listener({ kind: 'epoch', run: this.dir, metrics }),
    progress: (progress) => {
      this.latest = progress;
      this.listener({ kind: 'progress', run: this.dir, progress });
    },
    paused: () => this.enter({ kind: 'paused' }),
    continued: () => this.enter({ kind: 'training' }),
  };

  private constructor(
    readonly dir: string,
    readonly provider: string,
    private readonly thread: TrainingThread,
    private readonly lock: RunLock,
    private readonly listener: Listener,
  ) {
    this.ended = this.run();
  }

  /**
   * Prepares an experiment, makes its run folder and starts to train. Whatever is wrong with the data or the experiment is thrown
   * before the folder exists. Aborting `signal` gives up while the data is read.
   */
  static async start(
    workerFile: string,
    { root, experiment, notes }: Beginning,
    listener: Listener,
    signal?: AbortSignal,
  ): Promise<Training> {
    const thread = new TrainingThread(workerFile);
    try {
      const prepared = await thread.prepare(root, experiment, signal);
      const created = new Date();
      const provenance = provenanceOf(prepared, notes, created);
      const { dir, made: lock } = createRunFolder(root, experiment.name, created, (folder) => {
        // Locked before it is a run, so that nobody sees it as one that nobody trains.
        const held = RunLock.acquire(folder);
        try {
          writeRecord(folder, { experiment, provenance });
          return held;
        } catch (error) {
          held.release();
          throw error;
        }
      });
      return new Training(dir, prepared.provider, thread, lock, listener);
    } catch (error) {
      await thread.close();
      throw error;
    }
  }

  /** Goes on with a run that ended before its time. @throws UnrollError `run` where it is done, busy, or its data has changed. */
  static async resume(workerFile: string, dir: string, listener: Listener, signal?: AbortSignal): Promise<Training> {
    const { experiment, provenance } = readRecord(dir);
    if (readState(dir).kind === 'done') {
      throw new UnrollError(
        'run',
        'The run {0} is done, so there is nothing to resume; train it again as a new run.',
        dir,
      );
    }
    const lock = RunLock.acquire(dir);
    const thread = new TrainingThread(workerFile);
    try {
      listener({ kind: 'state', run: dir, state: { kind: 'preparing' } });
      const prepared = await thread.prepare(rootOf(dir), experiment, signal);
      if (prepared.fingerprint !== provenance.fingerprint) throw changedData(experiment.data.path);
      rmSync(runFiles(dir).failure, { force: true });
      return new Training(dir, prepared.provider, thread, lock, listener);
    } catch (error) {
      await thread.close();
      lock.release();
      listener({ kind: 'state', run: dir, state: readState(dir) });
      throw error;
    }
  }

  get state(): RunState {
    return this.current;
  }

  get progress(): Progress | null {
    return this.latest;
  }

  /** Resolves when the training waits and its checkpoint stands, or when it has ended meanwhile. */
  async pause(): Promise<void> {
    this.thread.wish('pause');
    await this.until(() => this.current.kind === 'paused');
  }

  async continue(): Promise<void> {
    this.thread.wish('run');
    await this.until(() => this.current.kind === 'training');
  }

  /** Resolves when the checkpoint stands and the thread is gone. */
  async stop(wish: EndWish = 'stop'): Promise<void> {
    this.thread.wish(wish);
    await this.ended;
  }

  private async run(): Promise<RunState> {
    let failed: (RunState & { kind: 'failed' }) | null = null;
    try {
      this.enter({ kind: 'training' });
      await this.thread.train(this.dir, this.events);
    } catch (error) {
      failed = { kind: 'failed', failure: toFailure(error) };
      this.keepFailure(failed);
    }
    await this.thread.close();
    this.lock.release();
    this.latest = null;
    // The folder has the last word, as it will for everybody who finds it later.
    const last = failed ?? readState(this.dir);
    this.enter(last);
    return last;
  }

  private keepFailure({ failure }: RunState & { kind: 'failed' }): void {
    try {
      writeFailure(this.dir, failure);
    } catch {
      // Where the disk refuses even this, the event alone tells; the folder then reads as interrupted, which is true too.
    }
  }

  private enter(state: RunState): void {
    this.current = state;
    this.listener({ kind: 'state', run: this.dir, state });
    for (const wake of this.waiting) wake();
  }

  private until(reached: () => boolean): Promise<void> {
    const ends = () => this.current.kind !== 'training' && this.current.kind !== 'paused';
    return new Promise((resolve) => {
      const wake = () => {
        if (!reached() && !ends()) return;
        this.waiting.delete(wake);
        resolve();
      };
      this.waiting.add(wake);
      wake();
    });
  }
}

function provenanceOf(prepared: Preparation, notes: readonly Message[], created: Date) {
  return {
    created: created.getTime(),
    fingerprint: prepared.fingerprint,
    shape: {
      ...prepared.shape,
      classCounts: prepared.shape.classCounts === null ? null : [...prepared.shape.classCounts],
    },
    versions: { unroll: unrollVersion, onnxruntime: prepared.onnxruntime, node: process.versions.node },
    notes: [...notes, ...prepared.notes].map(({ template, args }) => ({ template, args: [...args] })),
  };
}

export const changedData = (file: string) =>
  new UnrollError(
    'run',
    '{0} has changed since this run began, so going on would mix two data sets; restore the file, or train it as a new run.',
    file,
  );
