import type { TraceOutline } from '../../extension/protocol/inspection';
import { t } from '../l10n';
import { forecastsIn } from './forecasts';

/** What a number of an output answers to, such as a class or a step of a forecast; null where that is not known or is plain from the output. */
export function answerName(outline: TraceOutline, output: string, units: number, unit: number): string | null {
  const { choices } = outline;
  if (output === 'probabilities' && choices?.names.length === units) return choices.names[unit] ?? null;
  const forecasts = forecastsIn(outline);
  const horizon = forecasts[0]?.forecast.length ?? 0;
  if (output !== 'forecast' || forecasts.length * horizon !== units) return null;
  const target = forecasts.length > 1 ? (forecasts[Math.floor(unit / horizon)]?.target ?? null) : null;
  const step = (unit % horizon) + 1;
  if (horizon === 1) return target;
  return target === null ? t('step {0} ahead', step) : t('{0}, step {1} ahead', target, step);
}
