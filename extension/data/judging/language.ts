import type { Metrics } from '../../protocol/run';
import type { VisitClasses } from './classes';
import type { Baseline, Judge } from './judge';
import { ShareRows } from './tally';

/** Less than a 32-bit float can tell from zero; keeps one impossible character from making everything infinite. */
const leastProbability = 1e-38;

/** Mean negative log-likelihood of a character in nats, and its exponential. */
export function languageMetrics(nats: number, characters: number): Metrics {
  return characters === 0 ? {} : { nats: nats / characters, perplexity: Math.exp(nats / characters) };
}

/** Judges the probabilities `[steps, vocabulary, batch]` of the next characters. */
export function judgeLanguage(vocabulary: number, visit: VisitClasses): Judge {
  let [nats, characters] = [0, 0];
  const rows = new ShareRows();
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        const before = { nats, characters };
        visit(indices[item] ?? 0, (step, truth) => {
          const probability = answers[(step * vocabulary + truth) * batch + item] ?? 0;
          nats -= Math.log(Math.max(probability, leastProbability));
          characters++;
        });
        rows.add(nats - before.nats, characters - before.characters);
      }
    },
    metrics: () => languageMetrics(nats, characters),
    tally: () => rows.read(1),
  };
}

/** What probabilities that need no model come to: the nats of each stretch, and how many characters they are of. */
export function baselineOfLanguage(stretches: Iterable<readonly [nats: number, characters: number]>): Baseline {
  const rows = new ShareRows();
  let [sum, count] = [0, 0];
  for (const [nats, characters] of stretches) {
    rows.add(nats, characters);
    sum += nats;
    count += characters;
  }
  return { metrics: languageMetrics(sum, count), tally: rows.read(1) };
}
