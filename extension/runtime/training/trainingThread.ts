import { Worker } from 'node:worker_threads';
import { Channel, type Silent } from '../../protocol/channel';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { workerPort } from '../ports';
import type { Ending, Preparation, TrainerContract, WorkerSetup } from './contract';
import type { TrainerEvents } from './trainer';
import { type Wish, WishFlag } from './wish';

/** Owns the thread of one training. The thread is never terminated: it ends by itself after {@link close}. */
export class TrainingThread {
  private readonly flag = new WishFlag();
  private readonly channel: Channel<Silent, TrainerContract>;
  private readonly ended: Promise<string>;

  /** @param workerFile the bundled `trainingWorker.js`. */
  constructor(workerFile: string) {
    const setup: WorkerSetup = { wish: this.flag.buffer };
    const worker = new Worker(workerFile, { workerData: setup });
    this.channel = new Channel<Silent, TrainerContract>(workerPort(worker), {});
    this.ended = new Promise((resolve) => this.channel.onClose(resolve));
  }

  /** Whoever aborts `signal` does not wait for the data to be read. `origin` test parts at the end of a series are left out. */
  prepare(root: string, experiment: Experiment, signal?: AbortSignal, origin = 0): Promise<Preparation> {
    return this.explained(this.channel.request('prepare', { root, experiment, origin }, signal));
  }

  /** Trains in a run folder; `events` hears of it as it happens. */
  train(dir: string, events: TrainerEvents): Promise<Ending> {
    this.channel.on('epoch', (metrics) => events.epoch(metrics));
    this.channel.on('progress', (progress) => events.progress(progress));
    this.channel.on('paused', () => events.paused());
    this.channel.on('continued', () => events.continued());
    return this.explained(this.channel.request('train', { dir }));
  }

  wish(wish: Wish): void {
    this.flag.set(wish);
  }

  /** Ends the thread when it has nothing to do; settles when it is gone. */
  async close(): Promise<void> {
    this.flag.set('interrupt');
    await this.channel.request('quit', {}).catch(() => {});
    await this.ended;
  }

  /** A thread that ends in the middle of a request is a defect or a lack of memory, and says so. */
  private async explained<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (!(error instanceof UnrollError) || error.code !== 'closed') throw error;
      const why = (await this.ended).split('\n')[0] ?? '';
      throw new UnrollError('internal', 'The training ended unexpectedly ({0}); resume the run to go on.', why);
    }
  }
}
