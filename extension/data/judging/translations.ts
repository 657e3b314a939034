import { cut } from '../texts/tokens';
import { Bleu } from './bleu';
import type { Judge } from './judge';

/** What a translation is compared by: its words and signs in lower case, however it was written. */
export const wordsOf = (text: string) => cut(text, 'words');

/**
 * Judges translations. Answers are tokens [places, 1, batch]; a source that is there more than once is judged once, beside all of its
 * translations.
 * @param sourceOf the number of a sequence's source
 * @param referencesOf the words of every translation of a source
 */
export function judgeTranslations(
  sourceOf: (index: number) => number,
  referencesOf: (source: number) => readonly (readonly string[])[],
  textOf: (tokens: readonly number[]) => string,
): Judge {
  const bleu = new Bleu();
  const judged = new Set<number>();
  return {
    add(indices, count, answers, batch) {
      for (let item = 0; item < count; item++) {
        const source = sourceOf(indices[item] ?? 0);
        if (judged.has(source)) continue;
        judged.add(source);
        const tokens = Array.from({ length: answers.length / batch }, (_, place) => answers[place * batch + item] ?? 0);
        bleu.add(wordsOf(textOf(tokens)), referencesOf(source));
      }
    },
    metrics: () => bleu.metrics(),
    tally: () => bleu.tally(),
  };
}
