/** A signal over time as it is analysed. */
export interface Series {
  readonly units: number;
  /** Row-major [steps][units]. */
  readonly values: Float32Array;
  /** To be taken off the values, number by number, where a difference is meant; else null. */
  readonly minus: Float32Array | null;
}

export const seriesOf = (units: number, values: Float32Array, minus: Float32Array | null = null): Series => ({
  units,
  values,
  minus,
});

export const stepsOf = ({ units, values }: Series): number => (units === 0 ? 0 : Math.floor(values.length / units));

/** The number at a place of the values; NaN outside. */
export const numberAt = ({ values, minus }: Series, place: number): number =>
  (values[place] ?? Number.NaN) - (minus === null ? 0 : (minus[place] ?? Number.NaN));

/** NaN and both infinities give NaN here. */
export const isFiniteNumber = (value: number): boolean => value - value === 0;

/** A whole number within bounds; what is out of them is moved to the nearer one. */
export const within = (value: number, least: number, most: number): number =>
  Math.max(least, Math.min(most, Math.trunc(value)));

/** Where block `index` of `count` begins, when the numbers `from` to `to` are cut into so many of sizes that differ by one at most. */
export const blockStart = (from: number, to: number, index: number, count: number): number =>
  from + Math.floor(((to - from) * index) / count);

/** The smallest and the largest of the finite numbers; 0 and 0 where there are none. */
export function extremesOf(series: Series): { readonly min: number; readonly max: number } {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let place = 0; place < series.values.length; place++) {
    const value = numberAt(series, place);
    if (!isFiniteNumber(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return min > max ? { min: 0, max: 0 } : { min, max };
}
