import type { RunTrace, TraceLayer } from '../../extension/protocol/trace';
import { t } from '../l10n';
import { decimalsFor, fixed, number } from '../numbers';

/** What the model said would follow a window and what did, as a sentence. */
export function outcome(run: RunTrace): string {
  const { forecast, truth, target } = run;
  const decimals = decimalsFor([...forecast, ...truth]);
  const said = (values: readonly number[]) => values.map((value) => fixed(value, decimals)).join(t(', '));
  if (forecast.length > 1) {
    const errors = forecast.map((value, i) => Math.abs(value - (truth[i] ?? Number.NaN)));
    const meanError = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    if (forecast.length > 4)
      return t(
        'After this window the model forecasts {0} values of {1}; it is off by {2} on average.',
        forecast.length,
        target,
        fixed(meanError, decimals),
      );
    return t(
      'After this window the model forecasts {0}: {1}. The truth was {2}; it is off by {3} on average.',
      target,
      said(forecast),
      said(truth),
      fixed(meanError, decimals),
    );
  }
  const [value = Number.NaN] = forecast;
  const [fact = Number.NaN] = truth;
  if (!Number.isFinite(fact))
    return t('After this window the model forecasts {0}: {1}.', target, fixed(value, decimals));
  const off = Math.abs(value - fact);
  const share = fact === 0 ? '' : ` (${number((off / Math.abs(fact)) * 100, 2)} %)`;
  const size = `${fixed(off, decimals)}${share}`;
  if (off === 0)
    return t('After this window the model forecasts {0}: {1}, exactly the truth.', target, fixed(value, decimals));
  return value > fact
    ? t(
        'After this window the model forecasts {0}: {1}. The truth was {2}; the forecast is {3} too high.',
        target,
        fixed(value, decimals),
        fixed(fact, decimals),
        size,
      )
    : t(
        'After this window the model forecasts {0}: {1}. The truth was {2}; the forecast is {3} too low.',
        target,
        fixed(value, decimals),
        fixed(fact, decimals),
        size,
      );
}

/** A difference that float32 arithmetic in another order can make. */
const rounding = 1e-4;

/** Whether what is shown is what the fused operator computes. */
export function agreement({ op, difference }: TraceLayer): string {
  if (difference <= rounding) {
    return t(
      'Step by step this cell gives the same h as the fused {0} (largest difference {1}).',
      op,
      number(difference, 2),
    );
  }
  return t(
    'Step by step this cell departs from the fused {0} by up to {1} in h: read its gates with care.',
    op,
    number(difference, 2),
  );
}
