import { type Message, message } from '../../protocol/messages';
import type { Leak } from '../../protocol/run';
import type { SeriesColumn } from './series';

/** A correlation above this is no coincidence of measured values. */
const almostEqual = 0.999;
/** Products that the search may take; of longer series the last rows of the training part are looked at. */
const mostProducts = 2e8;

/**
 * Features that are the target, or the target some rows later, or almost so: for each the shift, from 0 to `horizon`, at which it correlates
 * most with the target, where that is above 0.999. Only rows of the training part are looked at.
 * @param training the target first, then the features
 */
export function findLeaks(training: readonly SeriesColumn[], horizon: number): readonly Leak[] {
  const [target, ...features] = training;
  if (target === undefined || features.length === 0) return [];
  const most = Math.max(100, Math.floor(mostProducts / (features.length * (horizon + 1))));
  const last = (values: Float64Array) => values.subarray(Math.max(0, values.length - most));
  // Asked for once: a long column is read from a file.
  const goal = last(target.values);
  return features.flatMap(({ name, values }) => {
    let best: Leak = { feature: name, shift: 0, correlation: 0 };
    for (let shift = 0; shift <= horizon; shift++) {
      const found = correlation(last(values), goal, shift);
      if (Math.abs(found) > Math.abs(best.correlation)) best = { feature: name, shift, correlation: found };
    }
    return Math.abs(best.correlation) > almostEqual ? [best] : [];
  });
}

/** What a person is told of them. */
export function notesOnLeaks(leaks: readonly Leak[], target: string): Message[] {
  return leaks.map(({ feature, shift, correlation: found }) =>
    shift === 0
      ? message(
          '{0} is almost the same as {1} (correlation {2}): it tells the model nothing new.',
          feature,
          target,
          tidy(found),
        )
      : message(
          '{0} is almost what {1} is {2} rows later (correlation {3}): unless it is really known by then, the forecasts are too good to be true; take it out of data.features.',
          feature,
          target,
          shift,
          tidy(found),
        ),
  );
}

const tidy = (value: number) => Number(value.toFixed(5));

/** Pearson's correlation of `a` with `b` `shift` rows later, where neither is missing; 0 where one of them is constant. */
function correlation(a: Float64Array, b: Float64Array, shift: number): number {
  const end = Math.min(a.length, b.length) - shift;
  const isKnown = (i: number) => !Number.isNaN((a[i] ?? 0) + (b[i + shift] ?? 0));
  let pairs = 0;
  for (let i = 0; i < end; i++) if (isKnown(i)) pairs++;
  if (pairs < 3) return 0;
  let [meanA, meanB] = [0, 0];
  for (let i = 0; i < end; i++) {
    if (!isKnown(i)) continue;
    meanA += (a[i] ?? 0) / pairs;
    meanB += (b[i + shift] ?? 0) / pairs;
  }
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < end; i++) {
    if (!isKnown(i)) continue;
    const x = (a[i] ?? 0) - meanA;
    const y = (b[i + shift] ?? 0) - meanB;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}
