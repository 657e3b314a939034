import { t } from '../l10n';
import { number } from '../numbers';

/** By how much a gradient may change on its way back before it is said to vanish or to explode. */
const notable = 100;

export type Fate = 'vanishes' | 'explodes' | 'lasts';

/**
 * What becomes of a gradient on its way back.
 * @param near its norm where it begins, above 0.
 * @param far its norm where it ends.
 */
export function fateOf(near: number, far: number): Fate {
  if (far < near / notable) return 'vanishes';
  return far > near * notable ? 'explodes' : 'lasts';
}

/** That in words, over `lags` steps. */
export function reachSentence(lags: number, near: number, far: number): string {
  const ratio = number(far / near, 2);
  switch (fateOf(near, far)) {
    case 'vanishes':
      return t('Over {0} steps the gradient falls to {1} of what it was: it vanishes.', lags, ratio);
    case 'explodes':
      return t('Over {0} steps the gradient grows {1} times: it explodes.', lags, ratio);
    case 'lasts':
      return t('Over {0} steps the gradient becomes {1} times what it was.', lags, ratio);
  }
}
