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

/** So many steps of a sequence are judged as one: of few long sequences too it can then be said how sure a result is. */
const judgedSteps = 100;

/** The stretches that are judged as one of the steps from `first` (included) to `end` (excluded) of a sequence. */
export function judgedStretches(first: number, end: number): readonly (readonly [from: number, to: number])[] {
  const stretches: [number, number][] = [];
  for (let from = first; from < end; ) {
    const to = Math.min(end, (Math.floor(from / judgedSteps) + 1) * judgedSteps);
    stretches.push([from, to]);
    from = to;
  }
  return stretches;
}

/** Judges the probabilities `[steps, vocabulary, batch]` of the next characters. */
export function judgeLanguage(vocabulary: number, visit: VisitClasses): Judge {
  let [nats, characters] = [0, 0];
  const rows = new ShareRows();
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        let before = { nats, characters, stretch: -1 };
        visit(indices[item] ?? 0, (step, truth) => {
          const stretch = Math.floor(step / judgedSteps);
          if (stretch !== before.stretch) {
            if (characters > before.characters) rows.add(nats - before.nats, characters - before.characters);
            before = { nats, characters, stretch };
          }
          const probability = answers[(step * vocabulary + truth) * batch + item] ?? 0;
          nats -= Math.log(Math.max(probability, leastProbability));
          characters++;
        });
        if (characters > before.characters) rows.add(nats - before.nats, characters - before.characters);
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
