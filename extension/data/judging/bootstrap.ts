import { RandomStream, streams } from '../../core/random';
import { draw, strataOf } from './drawing';
import { quantile } from './quantile';
import type { Tally } from './tally';

/** How much better or worse a model is than a baseline: model less baseline, and the 95 % interval of that. */
export interface Difference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

const resamples = 2000;
/** Numbers that are added up over all resamples: bounds the time for very many items, of which longer blocks are then drawn. */
const mostSums = 4e7;

/**
 * The difference of a metric between a model and a baseline on the same items, with its 95 % percentile interval by a paired bootstrap:
 * items are drawn again and again, the same ones for both: stretches of neighbours where neighbours err alike (see `drawing.ts`). The metric
 * is made anew of what was drawn, as BLEU of a whole corpus is (Koehn 2004). Null where there are too few items to say.
 */
export function pairedBootstrap(model: Tally, baseline: Tally, seed: number): Difference | null {
  const items = model.rows.length / model.width;
  const each = resamples * (model.width + baseline.width);
  const strata = strataOf(model, Math.ceil((items * each) / mostSums), Math.floor(mostSums / each));
  if (strata === null) return null;
  const [ours, theirs] = [runningSums(model), runningSums(baseline)];
  const [mine, other] = [new Float64Array(model.width), new Float64Array(baseline.width)];
  const random = new RandomStream(seed, streams.bootstrap, 0);
  const differences = new Float64Array(resamples);
  for (let resample = 0; resample < resamples; resample++) {
    mine.fill(0);
    other.fill(0);
    draw(strata, random, (start, end) => {
      addStretch(mine, ours, start, end);
      addStretch(other, theirs, start, end);
    });
    const difference = model.of(mine) - baseline.of(other);
    // Items without anything to judge have no metric.
    differences[resample] = Number.isFinite(difference) ? difference : 0;
  }
  differences.sort();
  addStretch(mine.fill(0), ours, 0, items);
  addStretch(other.fill(0), theirs, 0, items);
  return {
    difference: model.of(mine) - baseline.of(other),
    low: quantile(differences, 0.025),
    high: quantile(differences, 0.975),
  };
}

/** Row i is the sum of the rows before i. */
function runningSums({ rows, width }: Tally): Float64Array {
  const sums = new Float64Array(rows.length + width);
  for (let i = 0; i < rows.length; i++) sums[i + width] = (sums[i] ?? 0) + (rows[i] ?? 0);
  return sums;
}

/** Adds the rows from `start` (included) to `end` (excluded). */
function addStretch(into: Float64Array, running: Float64Array, start: number, end: number): void {
  const width = into.length;
  for (let k = 0; k < width; k++) {
    into[k] = (into[k] ?? 0) + (running[end * width + k] ?? 0) - (running[start * width + k] ?? 0);
  }
}
