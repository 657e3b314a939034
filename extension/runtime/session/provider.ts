import { type DeviceState, type Provider, type ProviderWish, providers } from '../../protocol/devices';
import { UnrollError } from '../../protocol/errors';
import { type Message, message } from '../../protocol/messages';
import { bindingFolder, cudaFolder, holdsCuda, linkCuda } from '../device/cudaFolder';
import { readCudaMachine } from '../device/cudaMachine';
import { cudaObstacle, cudaProblem, librariesMissing, providerProblem } from '../device/cudaProblem';
import { probeFile } from '../device/probeFile';
import { tryProvider } from '../device/tryProvider';
import { onnxruntime } from './onnxruntime';

/** Where an experiment computes, and what to tell of the choice. */
export interface Choice {
  readonly provider: Provider;
  readonly notes: readonly Message[];
}

/** Why each provider that was tried does not work, or null for one that does; trying takes a while. */
const tried = new Map<Provider, Promise<DeviceState['problem']>>();

/** Forgets what was tried: libraries may have been installed since. */
export function forgetTrials(): void {
  tried.clear();
}

/** Every provider that this platform's onnxruntime is built with, in the order of the protocol's list. */
export async function listedProviders(): Promise<readonly Provider[]> {
  const { listSupportedBackends } = await onnxruntime();
  const names = new Set(listSupportedBackends().map(({ name }) => name));
  return providers.filter((name) => names.has(name));
}

/** Tries every listed provider, one after another: two that load a GPU at once tell nothing about one. */
export async function devices(script?: string): Promise<DeviceState[]> {
  const states: DeviceState[] = [];
  for (const provider of await listedProviders()) states.push({ provider, problem: await problemOf(provider, script) });
  return states;
}

/**
 * Why a provider cannot be used here, or null. One that is listed may still miss a library or a device, so each is tried with a
 * training step; the CPU is part of onnxruntime itself and needs no trial.
 */
export function problemOf(provider: Provider, script?: string): Promise<DeviceState['problem']> {
  const known = tried.get(provider) ?? trial(provider, script).catch(saidBy);
  tried.set(provider, known);
  return known;
}

/** What stands in the way of a trial is a reason too: "auto" goes on without the provider. */
function saidBy(error: unknown): Message {
  if (error instanceof UnrollError) return error.text;
  throw error;
}

async function trial(provider: Provider, script = probeFile): Promise<DeviceState['problem']> {
  const listed = (await listedProviders()).includes(provider);
  if (provider === 'cpu') return null;
  // TensorRT comes with CUDA and needs all that CUDA needs.
  if (provider === 'cuda' || provider === 'tensorrt') {
    const machine = readCudaMachine();
    const obstacle = cudaObstacle(machine, listed) ?? ((await installed()) ? null : librariesMissing());
    return obstacle ?? cudaProblem(provider, machine, await tryProvider(provider, script));
  }
  if (listed) return providerProblem(provider, await tryProvider(provider, script));
  return message('onnxruntime for this platform is built without "{0}"; choose "cpu" or "auto".', provider);
}

/** Whether onnxruntime finds its CUDA libraries, after linking what was set up for this user. */
async function installed(): Promise<boolean> {
  const { env } = await onnxruntime();
  const store = cudaFolder(env.versions.node ?? '');
  const binding = bindingFolder();
  if (holdsCuda(store)) linkCuda(store, binding);
  return holdsCuda(binding);
}

/**
 * The provider that an experiment will really use. `auto` takes CUDA where it works, and otherwise the CPU with a note that says
 * why; a provider that is asked for by name is never replaced by another.
 * @throws UnrollError `device` where the wish cannot be met, with the reason and the step to take.
 */
export async function chooseProvider(wish: ProviderWish): Promise<Choice> {
  const provider = wish === 'auto' ? 'cuda' : wish;
  const problem = await problemOf(provider);
  if (problem === null) return { provider, notes: [] };
  if (wish !== 'auto') throw new UnrollError('device', problem.template, ...problem.args);
  return { provider: 'cpu', notes: [message('Trained on the CPU.'), problem] };
}
