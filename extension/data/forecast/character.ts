import { anchorRatio, logDefaults as limits } from '../choices/defaults';
import { quantile } from '../judging/quantile';

/**
 * Whether a log suits a series: all of it is positive, and its spread grows with its level. The series is cut into blocks, and the
 * ranks of the blocks' medians and interquartile ranges are compared, so that a few wild values decide nothing.
 * `values` are training rows only; `season` makes a block a whole season.
 */
export function suitsLog(values: Float64Array, season: number | null): boolean {
  if (!values.every((value) => value > 0)) return false;
  const rows = season !== null && values.length / season >= limits.fewestBlocks ? season : limits.blockRows;
  const block = Math.max(rows, Math.floor(values.length / 100));
  const levels: number[] = [];
  const spreads: number[] = [];
  const logSpreads: number[] = [];
  for (let start = 0; start + block <= values.length; start += block) {
    const sorted = values.slice(start, start + block).sort();
    const [low, middle, high] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
    levels.push(middle);
    spreads.push(high - low);
    logSpreads.push(Math.log(high / low));
  }
  if (levels.length < limits.fewestBlocks) return false;
  if (Math.max(...levels) < limits.levelRatio * Math.min(...levels)) return false;
  const growth = rankCorrelation(levels, spreads);
  return growth >= limits.correlation && Math.abs(rankCorrelation(levels, logSpreads)) < growth;
}

/** Whether the last value says more about the next one than the mean does. `values` are training rows only. */
export function suitsAnchor(values: Float64Array): boolean {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let steps = 0;
  let deviations = 0;
  values.forEach((value, i) => {
    if (i > 0) steps += (value - (values[i - 1] ?? value)) ** 2;
    deviations += (value - mean) ** 2;
  });
  return Math.sqrt(steps) < anchorRatio * Math.sqrt(deviations);
}

/** Spearman's rank correlation. */
export function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  x.forEach((rank, i) => {
    const other = y[i] ?? middle;
    xy += (rank - middle) * (other - middle);
    xx += (rank - middle) ** 2;
    yy += (other - middle) ** 2;
  });
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0;
}

/** Ranks from 0; equal values share the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  return values.map((value) => {
    const lower = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return lower + (equal - 1) / 2;
  });
}
