/**
 * Autocorrelation at lags 0 to `mostLag` (Box and Jenkins, *Time Series Analysis*, the usual estimator): the products of deviations from
 * the mean, over their sum of squares. Pairs with a NaN are left out, and each lag is scaled to the pairs it might have had.
 * Null where the values are too few or all the same.
 */
export function autocorrelationOf(values: Float64Array, mostLag: number): Float64Array | null {
  let [count, sum] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
  }
  const mean = sum / count;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const variance = squares / count;
  // What is left of equal values by rounding is no variance.
  if (count < 3 || !Number.isFinite(variance) || variance <= (1e-12 * mean) ** 2) return null;
  const lags = Math.min(mostLag, values.length - 2);
  const correlation = new Float64Array(lags + 1);
  for (let lag = 0; lag <= lags; lag++) {
    const most = values.length - lag;
    let [pairs, product] = [0, 0];
    for (let i = 0; i < most; i++) {
      const each = ((values[i] ?? 0) - mean) * ((values[i + lag] ?? 0) - mean);
      if (Number.isNaN(each)) continue;
      pairs++;
      product += each;
    }
    correlation[lag] = pairs === 0 ? 0 : (product / pairs / variance) * (most / values.length);
  }
  return correlation;
}
