import { tokensWritten } from '../../data/pairs/writing';
import type { PreparedData } from '../../data/prepared';
import { cut } from '../../data/texts/tokens';
import { mostTranslations, type TranslationSample } from '../../protocol/results';
import type { Answered } from './answers';

/** Shares of attention are told to so many digits: more cannot be seen. */
const digits = 3;

/** Takes some of the translations that a model writes, at even distances over the test part; of other tasks none. */
export function translationSamples(data: PreparedData): {
  add(answered: Answered): void;
  results(): { readonly translations?: readonly TranslationSample[] };
} {
  if (data.task !== 'translate') return { add() {}, results: () => ({}) };
  const samples: TranslationSample[] = [];
  const stride = Math.max(1, Math.ceil(data.windows.test / mostTranslations));
  const { steps } = data.shape;
  return {
    add({ indices, values, each, translated }) {
      for (const [item, sequence] of indices.entries()) {
        if (sequence % stride !== 0) continue;
        const source = cut(data.source('test', sequence), data.read).slice(0, steps);
        const translation = tokensWritten(values.subarray(item * each, (item + 1) * each), data.translations);
        const { probability, attention = null } = translated ?? {};
        const shares = (word: number) => {
          const first = (item * each + word) * steps;
          return Array.from(attention?.subarray(first, first + source.length) ?? [], (share) =>
            Number(share.toFixed(digits)),
          );
        };
        samples.push({
          sequence,
          source,
          translation,
          truth: data.truth('test', sequence),
          probability: probability?.[item] ?? Number.NaN,
          attention: attention === null ? null : translation.map((_, word) => shares(word)),
        });
      }
    },
    results: () => ({ translations: samples }),
  };
}
