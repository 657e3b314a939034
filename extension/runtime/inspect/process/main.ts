import { writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { Worker } from 'node:worker_threads';
import { Channel, type Silent } from '../../../protocol/channel';
import { parentProcessPort } from '../../ports';
import type { InspectorContract } from './contract';
import { Inspector } from './inspector';

// The inspection process, forked by the engine: what runs in it may crash, or never end, and costs nobody a training.
const port = parentProcessPort(process);
if (port === null) {
  console.error('The inspection process is started by the engine.');
  process.exit(2);
}
const limit = Number(process.argv[2]);
new Worker(path.join(__dirname, 'memoryWatch.js'), { workerData: { limit, parent: process.ppid } });
preferToEnd();
const channel = new Channel<InspectorContract, Silent>(port, new Inspector().handlers);
channel.onClose(() => process.exit(0));
// Ctrl+C in the terminal that started the editor reaches the whole group; the engine decides when this ends.
process.on('SIGINT', () => {});

/** Where memory is short all the same, Linux is to end this process before any other. */
function preferToEnd(): void {
  if (process.platform !== 'linux') return;
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not everywhere may it be said.
  }
}
