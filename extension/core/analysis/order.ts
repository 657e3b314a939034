import { isFiniteNumber, numberAt, type Series } from './series';

/** The units as they are, (units,). */
export const orderByIndex = (units: number): Uint32Array => Uint32Array.from({ length: units }, (_, unit) => unit);

/** The units by their mean over all steps, the largest first, (units,); those without a finite number come last. */
export function orderByValue(series: Series): Uint32Array {
  const { units, values } = series;
  const sums = new Float64Array(units);
  const counts = new Uint32Array(units);
  for (let place = 0; place < values.length; place++) {
    const value = numberAt(series, place);
    if (!isFiniteNumber(value)) continue;
    const unit = place % units;
    sums[unit] = (sums[unit] ?? 0) + value;
    counts[unit] = (counts[unit] ?? 0) + 1;
  }
  const mean = (unit: number) => {
    const count = counts[unit] ?? 0;
    return count === 0 ? Number.NEGATIVE_INFINITY : (sums[unit] ?? 0) / count;
  };
  // Equal means keep their order; two infinities have no difference.
  return orderByIndex(units).sort((a, b) => {
    const [left, right] = [mean(a), mean(b)];
    return left === right ? a - b : right - left;
  });
}
