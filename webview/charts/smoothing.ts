/**
 * Exponential moving average that is right from the first value on: divided by the weight seen so far (Kingma & Ba 2015, section 3).
 * @param weight share of the past that is kept, in [0, 1); 0 leaves the values as they are.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let mean = 0;
  let seen = 1;
  return values.map((value) => {
    if (value === null) return null;
    mean = weight * mean + (1 - weight) * value;
    seen *= weight;
    return mean / (1 - seen);
  });
}
