import type { MainMetric } from '../../protocol/metrics';
import type { Comparison, Metrics } from '../../protocol/run';
import { bestBaseline } from './bestBaseline';
import { pairedBootstrap } from './bootstrap';
import type { Tally } from './tally';

/** How a model stands beside the best of its baselines on the same items; null where there is none, or too few items to say. */
export function compareWithBest(
  main: MainMetric,
  model: Tally,
  baselines: Readonly<Record<string, Metrics>>,
  tallyOf: (name: string) => Tally | undefined,
  seed: number,
): Comparison | null {
  const best = bestBaseline(baselines, main);
  const other = best === null ? undefined : tallyOf(best.name);
  if (best === null || other === undefined) return null;
  const difference = pairedBootstrap(model, other, seed);
  return difference === null ? null : { baseline: best.name, ...difference };
}
