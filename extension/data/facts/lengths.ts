import type { LengthFacts } from '../../protocol/facts';
import { binsOf, evenBins } from './bins';
import { factLimits as limits } from './limits';

/** How long items are; null where there is none. Whole lengths have bins of whole numbers. */
export function lengthsOf(of: LengthFacts['of'], lengths: readonly number[]): LengthFacts[] {
  if (lengths.length === 0) return [];
  const counts = new Map<number, number>();
  for (const length of lengths) counts.set(length, (counts.get(length) ?? 0) + 1);
  const bins = of === 'sounds' ? evenBins(lengths, limits.bins) : binsOf(counts, limits.bins);
  const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  return [{ of, series: null, items: lengths.length, shortest: bins.min, longest: bins.max, mean, bins }];
}
