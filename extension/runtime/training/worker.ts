import { parentPort, workerData } from 'node:worker_threads';
import { Channel, type Silent } from '../../protocol/channel';
import { UnrollError } from '../../protocol/errors';
import { messagePort } from '../ports';
import type { TrainerContract, WorkerSetup } from './contract';
import { Trainer } from './trainer';
import { WishFlag } from './wish';

// The training thread: it prepares one experiment, trains it, and ends when its owner says `quit`.
if (parentPort !== null) {
  const port = parentPort;
  const flag = new WishFlag((workerData as WorkerSetup).wish);
  let trainer: Trainer | null = null;

  const channel: Channel<TrainerContract, Silent> = new Channel<TrainerContract, Silent>(messagePort(port), {
    async prepare({ root, experiment, origin }, signal) {
      trainer = await Trainer.prepare(root, experiment, signal, origin);
      return trainer.preparation;
    },
    train({ dir }) {
      if (trainer === null) throw new UnrollError('internal', 'A training was started before it was prepared.');
      return trainer.train(dir, flag, {
        epoch: (metrics) => channel.emit('epoch', metrics),
        progress: (progress) => channel.emit('progress', progress),
        paused: () => channel.emit('paused', {}),
        continued: () => channel.emit('continued', {}),
      });
    },
    async quit() {
      await trainer?.release();
      trainer = null;
      // The answer goes out first; without a port nothing keeps the thread alive.
      setImmediate(() => port.close());
      return {};
    },
  });
}
