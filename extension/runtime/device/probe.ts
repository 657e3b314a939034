import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import type { InferenceSession } from 'onnxruntime-node';
import { toNumbers } from '../../core/tensor';
import { onnxruntime } from '../session/onnxruntime';
import { toOrt } from '../session/session';
import { probeGraph } from './probeGraph';
import type { TrialReport } from './tryProvider';

// A trial in a process of its own: it runs one training step on the provider that it is given, and prints how that went as JSON.

/** What the nodes of a provider are called in onnxruntime's profile. */
const profileNames: Readonly<Record<string, string>> = {
  cpu: 'CPUExecutionProvider',
  cuda: 'CUDAExecutionProvider',
  tensorrt: 'TensorrtExecutionProvider',
  webgpu: 'WebGpuExecutionProvider',
  dml: 'DmlExecutionProvider',
  coreml: 'CoreMLExecutionProvider',
};

/** How far a provider's results may lie from the CPU's: GPUs round products to as few as ten bits. */
const tolerance = 5e-3;

async function trial(provider: string): Promise<TrialReport> {
  const folder = mkdtempSync(path.join(tmpdir(), 'unroll-probe-'));
  try {
    const expected = await results('cpu', {});
    const profileFilePrefix = path.join(folder, 'profile');
    const found = await results(provider, { enableProfiling: true, profileFilePrefix });
    const wrong = found.some((value, i) => !(Math.abs(value - (expected[i] ?? Number.NaN)) <= tolerance));
    if (wrong) return { kind: 'wrong' };
    const ran = nodesOf(folder).filter((name) => name === profileNames[provider]).length;
    return ran === 0 ? { kind: 'unused' } : { kind: 'ran' };
  } catch (error) {
    return { kind: 'refused', reason: error instanceof Error ? error.message : String(error) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The loss and the updated weights of the probe's step. */
async function results(provider: string, options: InferenceSession.SessionOptions): Promise<number[]> {
  const { InferenceSession, env } = await onnxruntime();
  // Why a library does not load is said in the log alone.
  env.logLevel = 'error';
  const { model, feeds } = probeGraph();
  const session = await InferenceSession.create(model, { ...options, executionProviders: [provider] });
  const values = await Promise.all(
    Object.entries(feeds).map(async ([name, tensor]) => [name, await toOrt(tensor)] as const),
  );
  const outputs = await session.run(Object.fromEntries(values));
  if (options.enableProfiling === true) session.endProfiling();
  await session.release();
  return ['loss', 'W.next'].flatMap((name) => {
    const output = outputs[name];
    return output === undefined
      ? [Number.NaN]
      : toNumbers({ dtype: 'float32', shape: output.dims, data: output.data as Float32Array });
  });
}

/** The provider of every node that ran, as the profile in `folder` tells. */
function nodesOf(folder: string): readonly string[] {
  const [name] = readdirSync(folder);
  if (name === undefined) return [];
  const events = JSON.parse(readFileSync(path.join(folder, name), 'utf8')) as readonly {
    readonly cat: string;
    readonly args?: { readonly provider?: string };
  }[];
  return events.flatMap(({ cat, args }) => (cat === 'Node' && args?.provider !== undefined ? [args.provider] : []));
}

void trial(process.argv[2] ?? 'cpu').then((report) => {
  // A provider that hangs or crashes when it is unloaded has still run: the answer goes out first, and then the process ends.
  process.stdout.write(`${JSON.stringify(report)}\n`, () => process.exit(0));
});
