import { fork } from 'node:child_process';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { Channel, type Silent } from '../../../protocol/channel';
import { childProcessPort } from '../../ports';
import type { InspectorContract } from './contract';
import { memoryMark } from './memoryMark';

/** A running inspection process. */
export interface InspectorChild {
  readonly channel: Channel<Silent, InspectorContract>;
  readonly pid: number | undefined;
  /** Whether it ended itself because it took more memory than it may. */
  readonly outOfMemory: boolean;
  kill(): void;
}

/** Forks the inspection process. Every line that it writes goes to `log`. @param limit in bytes. */
export function forkInspector(script: string, limit: number, log: (line: string) => void): InspectorChild {
  const child = fork(script, [String(limit)], {
    // The engine's own flags are not this process's.
    execArgv: [],
    // Under desktop VS Code the engine is Electron, which runs as plain Node where the environment says so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let outOfMemory = false;
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (line === memoryMark) outOfMemory = true;
      log(line);
    });
  }
  return {
    channel: new Channel<Silent, InspectorContract>(childProcessPort(child), {}),
    pid: child.pid,
    get outOfMemory() {
      return outOfMemory;
    },
    kill: () => void child.kill('SIGKILL'),
  };
}
