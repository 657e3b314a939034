import { t } from '../l10n';
import { number } from '../numbers';
import type { ScoreWords } from './scoresTable';

/** Of several series. */
export const seriesWords = (): ScoreWords => ({
  title: t('Each series, the worst first'),
  head: t('Series'),
  meaning(beaten, listed, all) {
    const better = t(
      'In {0} of {1} series the model errs less than the best baseline of that series.',
      number(beaten),
      number(listed),
    );
    const left = all > listed ? t('Of {0} series the worst {1} are listed.', number(all), number(listed)) : '';
    return `${better} ${left}`.trim();
  },
  place: (first, last, of) => t('Series {0} to {1} of {2}', number(first), number(last), number(of)),
});

/** Of several targets, each in its own units. */
export const targetWords = (): ScoreWords => ({
  title: t('Each target, in its own units'),
  head: t('Target'),
  meaning: (beaten, listed) =>
    t(
      'For {0} of {1} targets the model errs less than the best baseline of that target.',
      number(beaten),
      number(listed),
    ),
  place: (first, last, of) => t('Targets {0} to {1} of {2}', number(first), number(last), number(of)),
});
