import { writeSync } from 'node:fs';
import process from 'node:process';
import { workerData } from 'node:worker_threads';
import { memoryMark } from './memoryMark';

// A thread beside the one that runs models, which may be held by a model for ever: it ends the process when that takes too much memory,
// or when nobody is there any more to answer to.

interface WatchData {
  /** In bytes. */
  readonly limit: number;
  /** Process id of whoever asks. */
  readonly parent: number;
}

const { limit, parent } = workerData as WatchData;
const interval = 100;

setInterval(() => {
  if (process.memoryUsage.rss() > limit) {
    writeSync(2, `${memoryMark}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
  try {
    process.kill(parent, 0);
  } catch {
    process.kill(process.pid, 'SIGKILL');
  }
}, interval);
