import { RandomStream, streams } from '../../core/random';
import { quantile } from '../quantile';

/** How much better or worse a model is than a baseline: model less baseline, and the 95 % interval of that. */
export interface Difference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/** What a metric is made of, item by item: it is `of` the sum of `scores` over the sum of `masses`, of the items that are looked at. */
export interface ItemScores {
  readonly model: Float64Array;
  readonly baseline: Float64Array;
  /** Of both alike, such as how many characters an item has; null for 1 each. */
  readonly masses: Float64Array | null;
  readonly of: (mean: number) => number;
}

const resamples = 2000;
/** Blocks drawn over all resamples: bounds the time for very many items, of which longer blocks are then drawn. */
const mostDraws = 2e7;
/** Fewer blocks than this cannot say how much chance does. */
const fewestBlocks = 5;

/**
 * The difference of a metric between a model and a baseline on the same items, with its 95 % percentile interval by a paired bootstrap:
 * stretches of neighbouring items are drawn again and again, the same ones for both (moving blocks, Künsch 1989), since neighbours err
 * alike. Null where there are too few items to say.
 * @param overlap items that share something, such as windows of one horizon: a block is at least so long.
 */
export function pairedBootstrap(
  { model, baseline, masses, of }: ItemScores,
  overlap: number,
  seed: number,
): Difference | null {
  const items = model.length;
  const block = Math.max(overlap, Math.ceil(Math.cbrt(items)), Math.ceil((items * resamples) / mostDraws));
  if (items < fewestBlocks * block) return null;
  const ours = runningSums(model);
  const theirs = runningSums(baseline);
  const mass = runningSums(masses ?? new Float64Array(items).fill(1));
  const random = new RandomStream(seed, streams.bootstrap, 0);
  const differences = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    let [mine, other, weight] = [0, 0, 0];
    for (let drawn = 0; drawn < items; drawn += block) {
      const length = Math.min(block, items - drawn);
      const start = random.below(items - length + 1);
      const end = start + length;
      mine += (ours[end] ?? 0) - (ours[start] ?? 0);
      other += (theirs[end] ?? 0) - (theirs[start] ?? 0);
      weight += (mass[end] ?? 0) - (mass[start] ?? 0);
    }
    differences[resample] = weight > 0 ? of(mine / weight) - of(other / weight) : 0;
  }
  differences.sort();
  const total = mass[items] ?? 0;
  return {
    difference: of((ours[items] ?? 0) / total) - of((theirs[items] ?? 0) / total),
    low: quantile(differences, 0.025),
    high: quantile(differences, 0.975),
  };
}

/** Entry i is the sum of what is before i. */
function runningSums(values: Float64Array): Float64Array {
  const sums = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i++) sums[i + 1] = (sums[i] ?? 0) + (values[i] ?? 0);
  return sums;
}

/** The scores of which the root of the mean is the RMSE over all steps: each window's mean squared error. Arrays are `[windows, horizon]`. */
export function squaredScores(truth: Float64Array, forecast: Float64Array, horizon: number): Float64Array {
  const scores = new Float64Array(truth.length / horizon);
  for (let i = 0; i < truth.length; i++) {
    const window = Math.floor(i / horizon);
    scores[window] = (scores[window] ?? 0) + ((forecast[i] ?? Number.NaN) - (truth[i] ?? Number.NaN)) ** 2 / horizon;
  }
  return scores;
}
