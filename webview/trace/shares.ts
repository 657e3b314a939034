/** What an output's numbers are, judged by one step of them. */
export type Measure = 'probabilities' | 'logarithms' | 'logits';

const tolerance = 1e-3;
const sumsToOne = (values: Iterable<number>): boolean => {
  let sum = 0;
  for (const value of values) sum += value;
  return Math.abs(sum - 1) < tolerance;
};

/** Whether numbers are shares already, or the logarithms of such; everything else is taken as logits. */
export function measureOf(values: Float32Array): Measure {
  if (values.every((value) => value >= 0 && value <= 1 + tolerance) && sumsToOne(values)) return 'probabilities';
  if (values.every((value) => value <= tolerance) && sumsToOne(values.map(Math.exp))) return 'logarithms';
  return 'logits';
}

/** The share that each number has: its softmax, unless it is a share already. What is not finite has none, unless it is infinite. */
export function sharesOf(values: Float32Array, measure: Measure): Float32Array {
  if (measure === 'probabilities') return values;
  let most = Number.NEGATIVE_INFINITY;
  for (const value of values) if (value > most) most = value;
  // Of infinite logits those that are largest share it all, as the limit has it.
  const powers = values.map((value) => (value === most ? 1 : Math.exp(value - most)));
  let sum = 0;
  for (const power of powers) if (!Number.isNaN(power)) sum += power;
  return powers.map((power) => power / sum);
}
