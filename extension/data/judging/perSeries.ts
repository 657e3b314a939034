import { mostSeriesScores, type Report, type SeriesScores } from '../../protocol/run';
import type { ForecastData } from '../prepared';
import type { Naive } from './metrics';
import { mapped, scoresOf } from './scores';

/**
 * The metrics of each series on its own test windows, the worst first: by the scaled error, since plain ones only tell which series are
 * large, and by the root of the mean square where there is none. Arrays are `[windows, targets, horizon]` row-major, in common units.
 */
export function seriesScores(
  data: ForecastData,
  truth: Float64Array,
  forecast: Float64Array,
  told: Readonly<Record<string, Float64Array>>,
  naive: Naive,
): Pick<Report, 'perSeries' | 'seriesTested'> {
  const { before } = data.windowsOf.test;
  const numbers = data.targets.length * data.horizon;
  const all = data.stretches.flatMap(({ name }, s): readonly SeriesScores[] => {
    const [from, to] = [(before[s] ?? 0) * numbers, (before[s + 1] ?? 0) * numbers];
    if (from === to) return [];
    const own = (values: Float64Array) => values.subarray(from, to);
    const [only, ...more] = data.targets;
    const ownNaive: Naive =
      more.length === 0 || typeof naive !== 'function' ? (only?.naives[s] ?? null) : (entry) => naive(from + entry);
    return [
      {
        series: name ?? '',
        windows: (to - from) / numbers,
        ...scoresOf(own(truth), own(forecast), mapped(told, own), ownNaive),
      },
    ];
  });
  const badness = ({ model }: SeriesScores) => model['mase'] ?? Number.NEGATIVE_INFINITY;
  const worstFirst = all.sort((a, b) => badness(b) - badness(a) || (b.model['rmse'] ?? 0) - (a.model['rmse'] ?? 0));
  return { perSeries: worstFirst.slice(0, mostSeriesScores), seriesTested: all.length };
}
