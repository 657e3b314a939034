import type { Judged } from '../../extension/data/judging/forecasts';
import type { Naive } from '../../extension/data/judging/metrics';

/**
 * Forecasts to be judged: `truth` is `[windows, targets, horizon]` row-major, scaled answers are `factor` times smaller.
 * @param deviations of the training rows of each target
 */
export function judged(
  horizon: number,
  truth: Float64Array,
  { factor = 1, naive = null, deviations = [1] }: Partial<{ factor: number; naive: Naive; deviations: number[] }> = {},
): Judged {
  const scale = { scale: (value: number) => value / factor, unscale: (scaled: number) => factor * scaled };
  const values = new Float64Array();
  return {
    horizon,
    targets: deviations.map((deviation) => ({ name: '', values, naives: [], deviation, scaleOf: () => scale })),
    truth: () => truth,
    targetScale: () => scale,
    naive: () => naive,
  };
}
