import type { TracedChoices, TraceSignal } from '../../protocol/trace';
import type { Vocabulary } from './vocabulary';

/**
 * What a model that reads a text answers after each of its tokens: the first output that has a number for every token of the
 * vocabulary. Numbers that are no probabilities are taken for logits. What is right at a step is the next token of the text.
 */
export function tokenChoices(
  outputs: readonly TraceSignal[],
  { names }: Vocabulary,
  characters: readonly string[],
): TracedChoices | null {
  const output = outputs.find(({ units }) => units === names.length && units > 1);
  if (output === undefined) return null;
  const { units, values } = output;
  const probabilities = areProbabilities(values, units) ? values : softmax(values, units);
  return { names, probabilities, truth: characters.map((_, step) => characters[step + 1] ?? null) };
}

function areProbabilities(values: Float32Array, units: number): boolean {
  for (let from = 0; from < values.length; from += units) {
    let sum = 0;
    for (const value of values.subarray(from, from + units)) {
      if (value < 0) return false;
      sum += value;
    }
    if (Math.abs(sum - 1) > 1e-3) return false;
  }
  return true;
}

/** Of each row, with its largest value taken off first, so that no exponential overflows. */
function softmax(values: Float32Array, units: number): Float32Array {
  const all = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += units) {
    const row = values.subarray(from, from + units);
    const largest = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const exponentials = row.map((value) => Math.exp(value - largest));
    const sum = exponentials.reduce((a, b) => a + b, 0);
    for (let i = 0; i < units; i++) all[from + i] = (exponentials[i] ?? 0) / sum;
  }
  return all;
}
