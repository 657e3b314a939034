import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

/** What a command printed and how it ended. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Standard output's lines as JSON. */
  readonly events: readonly Record<string, unknown>[];
}

const cli = path.resolve('dist', 'cli.js');

/** Starts the bundled command in a folder; `onStart` may send it signals. */
export function unroll(
  cwd: string,
  args: readonly string[],
  onStart: (child: ChildProcess) => void = () => {},
  environment: NodeJS.ProcessEnv = {},
): Promise<Outcome> {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [cli, ...args], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  onStart(child);
  return new Promise((resolve) => {
    child.once('close', (status) => {
      resolve({
        status,
        stdout,
        stderr,
        get events() {
          return stdout
            .split('\n')
            .slice(0, -1)
            .map((line) => JSON.parse(line));
        },
      });
    });
  });
}
