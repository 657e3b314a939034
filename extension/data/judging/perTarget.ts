import type { TargetScores } from '../../protocol/run';
import type { ForecastData } from '../prepared';
import type { Naive } from './metrics';
import { mapped, scoresOf } from './scores';

/** The metrics of each of several targets in its own units, in their order. Arrays are `[windows, targets, horizon]` row-major. */
export function targetScores(
  data: ForecastData,
  forecast: Float64Array,
  told: Readonly<Record<string, Float64Array>>,
): readonly TargetScores[] {
  const { horizon, targets } = data;
  const truth = data.truth('test');
  const windows = truth.length / (targets.length * horizon);
  return targets.map(({ name, naives }, k): TargetScores => {
    const own = (values: Float64Array) => {
      const chosen = new Float64Array(windows * horizon);
      for (let window = 0; window < windows; window++) {
        const from = (window * targets.length + k) * horizon;
        chosen.set(values.subarray(from, from + horizon), window * horizon);
      }
      return chosen;
    };
    const ofWindow = (entry: number) => naives[data.windowsOf.test.stretch(Math.floor(entry / horizon))] ?? null;
    const naive: Naive = naives.length === 1 ? (naives[0] ?? null) : ofWindow;
    return { target: name, windows, ...scoresOf(own(truth), own(forecast), mapped(told, own), naive) };
  });
}
