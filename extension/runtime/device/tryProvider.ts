import { spawn } from 'node:child_process';
import process from 'node:process';
import { z } from 'zod';
import type { Provider } from '../../protocol/devices';
import { probeFile } from './probeFile';

const reportSchema = z.discriminatedUnion('kind', [
  /** The step ran on the provider and its results are right. */
  z.object({ kind: z.literal('ran') }),
  /** A session was made, and all its nodes ran on the CPU. */
  z.object({ kind: z.literal('unused') }),
  /** The results are not those of the CPU. */
  z.object({ kind: z.literal('wrong') }),
  /** onnxruntime said no. */
  z.object({ kind: z.literal('refused'), reason: z.string() }),
]);

/** What the trial's process prints. */
export type TrialReport = z.infer<typeof reportSchema>;

/** How a trial ended. `log` is what onnxruntime and the provider's libraries wrote meanwhile. */
export type Trial = (TrialReport | { readonly kind: 'died'; readonly how: string }) & { readonly log: string };

const timeoutMs = 90_000;

/**
 * Runs a training step on a provider in a process of its own: a GPU's libraries and drivers may crash or hang, and that must not
 * take the engine and its trainings along.
 * @param script the trial's bundle.
 */
export function tryProvider(provider: Provider, script = probeFile, patienceMs = timeoutMs): Promise<Trial> {
  const child = spawn(process.execPath, [script, provider], {
    // Under desktop VS Code the engine is Electron, which runs as plain Node where the environment says so.
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
  });
  let out = '';
  let log = '';
  let late = false;
  child.stdout.on('data', (text) => {
    out += text;
  });
  child.stderr.on('data', (text) => {
    log += text;
  });
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGKILL');
  }, patienceMs);
  return new Promise((resolve) => {
    child.once('error', ({ message }) => {
      clearTimeout(timer);
      resolve({ kind: 'died', how: message, log });
    });
    child.once('close', (code, signal) => {
      clearTimeout(timer);
      const report = readReport(out);
      if (report !== null) resolve({ ...report, log });
      else resolve({ kind: 'died', how: late ? 'no answer' : (signal ?? `exit status ${code}`), log });
    });
  });
}

/** The last line that is a report: libraries write to standard output too. */
function readReport(out: string): TrialReport | null {
  for (const line of out.trim().split('\n').reverse()) {
    try {
      return reportSchema.parse(JSON.parse(line));
    } catch {
      // Not ours.
    }
  }
  return null;
}
