import { t } from '../l10n';
import { type Choices, largest, percent, shownName } from './choices';
import type { Naming } from './heatRow';

/** How probable each answer is: units are answers, and where none is chosen the likeliest is written. */
export function answerNaming(choices: Choices): Naming {
  const name = (unit: number) => shownName(choices.names[unit] ?? '', choices);
  return {
    title: t('answers'),
    meaning: t('probability of each'),
    unit: name,
    figure: percent,
    summary: (values) => {
      const [best = 0] = largest(values, 1);
      return { value: values[best] ?? Number.NaN, name: name(best) };
    },
  };
}
