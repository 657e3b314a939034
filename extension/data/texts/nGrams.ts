import { RandomStream, streams } from '../../core/random';
import type { TextReading } from './tokens';

/** Features are numbered by a hash, as many as this: two that share a number are rare and do little harm. */
const features = 2 ** 18;
const longest = { characters: 4, words: 2 } as const;
const epochs = 20;
const rate = 0.5;
const decay = 1e-6;

/**
 * A bag of n-grams and a logistic regression over it: probabilities of each class for some texts. It is what a model that reads in
 * order has to be better than. Trained with AdaGrad (Duchi, Hazan, Singer 2011) on the training texts alone.
 */
export function nGramAnswers(
  training: readonly { readonly tokens: readonly string[]; readonly class: number }[],
  texts: readonly (readonly string[])[],
  classes: number,
  read: TextReading,
): readonly Float32Array[] {
  const bags = training.map(({ tokens }) => bagOf(tokens, longest[read]));
  const weights = new Float32Array(features * classes);
  const squares = new Float32Array(features * classes);
  // A text of which nothing is known is of the most frequent class.
  const biases = new Float64Array(classes);
  for (const { class: own } of training) biases[own] = (biases[own] ?? 0) + 1;
  biases.forEach((count, k) => {
    biases[k] = Math.log((count + 1) / (training.length + classes));
  });
  const random = new RandomStream(0, streams.analysis, 2);
  const order = Uint32Array.from(training, (_, i) => i);
  const change = (feature: number, k: number, gradient: number) => {
    const at = feature * classes + k;
    squares[at] = (squares[at] ?? 0) + gradient * gradient;
    const step = (rate * gradient) / Math.sqrt((squares[at] ?? 0) + 1e-8);
    weights[at] = (weights[at] ?? 0) * (1 - decay) - step;
  };
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (let i = order.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
    }
    for (const index of order) {
      const [bag, truth] = [bags[index] ?? [], training[index]?.class ?? 0];
      const probabilities = answer(bag, weights, biases, classes);
      for (let k = 0; k < classes; k++) {
        const error = (probabilities[k] ?? 0) - (k === truth ? 1 : 0);
        if (Math.abs(error) < 1e-4) continue;
        for (const [feature, value] of bag) change(feature, k, error * value);
      }
    }
  }
  return texts.map((tokens) => answer(bagOf(tokens, longest[read]), weights, biases, classes));
}

type Bag = readonly (readonly [feature: number, value: number])[];

/** How often each n-gram stands in a text, as 1 + ln of it, scaled to length 1. */
function bagOf(tokens: readonly string[], most: number): Bag {
  const counts = new Map<number, number>();
  for (let start = 0; start < tokens.length; start++) {
    let hash = 2166136261;
    for (let length = 0; length < most && start + length < tokens.length; length++) {
      const token = tokens[start + length] ?? '';
      // FNV-1a, with a mark between tokens.
      for (let i = 0; i < token.length; i++) hash = Math.imul(hash ^ token.charCodeAt(i), 16777619);
      hash = Math.imul(hash ^ 0xffff, 16777619);
      const feature = (hash >>> 0) % features;
      counts.set(feature, (counts.get(feature) ?? 0) + 1);
    }
  }
  const values = [...counts].map(([feature, count]) => [feature, 1 + Math.log(count)] as const);
  const size = Math.sqrt(values.reduce((sum, [, value]) => sum + value * value, 0)) || 1;
  return values.map(([feature, value]) => [feature, value / size] as const);
}

function answer(bag: Bag, weights: Float32Array, biases: Float64Array, classes: number): Float32Array {
  const scores = Float64Array.from(biases);
  for (const [feature, value] of bag) {
    for (let k = 0; k < classes; k++) scores[k] = (scores[k] ?? 0) + value * (weights[feature * classes + k] ?? 0);
  }
  const largest = scores.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const exponentials = scores.map((score) => Math.exp(score - largest));
  const sum = exponentials.reduce((a, b) => a + b, 0);
  return Float32Array.from(exponentials, (value) => value / sum);
}
