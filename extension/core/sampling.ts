import type { RandomStream } from './random';

/** How the next token is drawn from the probabilities of all. */
export interface Sampling {
  /** Probabilities to the power of one over it: below 1 the likely become likelier; 0 always takes the likeliest. */
  readonly temperature: number;
  /** Only so many of the likeliest; null for all. */
  readonly topK: number | null;
  /** Only the likeliest that have so much probability together (Holtzman et al. 2020); 1 for all. */
  readonly topP: number;
}

/** Draws a token. @param probabilities of each token; they need not add up to 1. */
export function draw(probabilities: Float32Array, { temperature, topK, topP }: Sampling, random: RandomStream): number {
  const order = Uint32Array.from(probabilities, (_, token) => token).sort(
    (a, b) => (probabilities[b] ?? 0) - (probabilities[a] ?? 0) || a - b,
  );
  const [likeliest = 0] = order;
  if (temperature === 0) return likeliest;
  const largest = probabilities[likeliest] ?? 0;
  if (!(largest > 0)) return likeliest;
  const kept = order.subarray(0, topK ?? order.length);
  // Relative to the likeliest, so that no power of a small number is lost.
  const weights = Float64Array.from(kept, (token) => ((probabilities[token] ?? 0) / largest) ** (1 / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let [end, sum] = [0, 0];
  while (end < weights.length && sum < topP * total) sum += weights[end++] ?? 0;
  let left = random.uniform() * sum;
  for (let i = 0; i < end; i++) {
    left -= weights[i] ?? 0;
    if (left < 0) return kept[i] ?? likeliest;
  }
  return kept[end - 1] ?? likeliest;
}
