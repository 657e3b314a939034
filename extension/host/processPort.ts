import { type ChildProcess, fork } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { EngineChild } from './engineProcess';

/** How many of the last lines that the engine wrote are kept to explain why it did not start. */
const keptLines = 40;

/**
 * Forks the engine's script. Under desktop VS Code `execPath` is Electron, which runs as plain Node where the environment says so.
 * Every line that the process writes goes to `log`.
 */
export function forkEngine(script: string, log: (line: string) => void): EngineChild {
  const child = fork(script, [], {
    execPath: process.execPath,
    // The extension host's own flags (such as its inspector port) are not the engine's.
    execArgv: [],
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      log(line);
    });
  }
  return {
    pid: child.pid,
    port: {
      post: (data) => post(child, data),
      onMessage: (listener) => {
        child.on('message', listener);
      },
      onClose: (listener) => {
        // 'close' comes after the last line was read; a process that could not be spawned has only 'error'.
        child.once('close', (code, signal) => listener(signal ?? `exit status ${code}`));
        child.on('error', (error) => {
          if (child.pid === undefined) listener(error.message);
          else log(error.message);
        });
      },
    },
    lastLines: () => lines.join('\n'),
    disconnect: () => {
      if (child.connected) child.disconnect();
    },
    kill: () => {
      child.kill('SIGKILL');
    },
  };
}

function post(child: ChildProcess, data: unknown): void {
  if (!child.connected) throw new Error('The engine process has closed its channel.');
  child.send(data as object);
}
