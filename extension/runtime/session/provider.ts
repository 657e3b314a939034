import { buildEvaluationGraph } from '../../core/model/evaluationGraph';
import { initialParameters } from '../../core/model/parameters';
import type { ForecasterSpec } from '../../core/model/spec';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { onnxruntime } from './onnxruntime';
import { type Provider, toOrt, type Values, withSession } from './session';

const tiny: ForecasterSpec = {
  features: 1,
  lookback: 2,
  horizon: 1,
  layers: [{ cell: 'lstm', hidden: 2 }],
  anchor: 'none',
};

/** Why each provider that was tried does not work, or null for one that does; trying takes a while and its outcome does not change. */
const tried = new Map<Provider, Promise<string | null>>();

/** Tries a provider with a real session: one that is listed may still miss a library or a device. */
export function probe(provider: Provider): Promise<string | null> {
  const known = tried.get(provider) ?? runTiny(provider);
  tried.set(provider, known);
  return known;
}

async function runTiny(provider: Provider): Promise<string | null> {
  try {
    const feeds: Record<string, Values[string]> = {};
    for (const [name, tensor] of initialParameters(tiny, 0)) feeds[name] = await toOrt(tensor);
    feeds['x'] = await toOrt({ dtype: 'float32', shape: [2, 1, 1], data: new Float32Array(2) });
    await withSession(buildEvaluationGraph(tiny, 1), { provider, threads: 1 }, (session) => session.run(feeds));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The providers that ran a real session, best first. */
export async function workingProviders(): Promise<Provider[]> {
  const working: Provider[] = [];
  for (const provider of ['cuda', 'cpu'] as const) {
    if ((await probe(provider)) === null) working.push(provider);
  }
  return working;
}

/**
 * The provider that an experiment will really use. `auto` takes CUDA where it works; a provider that is asked for by name is never
 * replaced by another.
 * @throws UnrollError `device` where the wish cannot be met.
 */
export async function chooseProvider(wish: Experiment['device']['provider']): Promise<Provider> {
  await onnxruntime();
  if (wish === 'auto') return (await probe('cuda')) === null ? 'cuda' : 'cpu';
  const reason = await probe(wish);
  if (reason === null) return wish;
  throw new UnrollError(
    'device',
    'The provider "{0}" does not work on this machine ({1}); choose "cpu" or "auto".',
    wish,
    reason,
  );
}
