import type { Metrics } from '../../protocol/run';
import type { VisitClasses } from './classes';
import type { Judge } from './judge';

/** Less than a 32-bit float can tell from zero; keeps one impossible character from making everything infinite. */
const leastProbability = 1e-38;

/** Mean negative log-likelihood of a character in nats, and its exponential. */
export function languageMetrics(nats: number, characters: number): Metrics {
  return characters === 0 ? {} : { nats: nats / characters, perplexity: Math.exp(nats / characters) };
}

/** Judges the probabilities `[steps, vocabulary, batch]` of the next characters. */
export function judgeLanguage(vocabulary: number, visit: VisitClasses): Judge {
  let [nats, characters] = [0, 0];
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        visit(indices[item] ?? 0, (step, truth) => {
          const probability = answers[(step * vocabulary + truth) * batch + item] ?? 0;
          nats -= Math.log(Math.max(probability, leastProbability));
          characters++;
        });
      }
    },
    metrics: () => languageMetrics(nats, characters),
  };
}
