import { mainMetric } from '../../protocol/metrics';
import { mostSeriesScores, type Report, type SeriesScores } from '../../protocol/run';
import { baselineMetrics } from '../forecast/baselines';
import type { ForecastData } from '../prepared';
import { bestBaseline } from './bestBaseline';
import { forecastMetrics } from './metrics';

/**
 * The metrics of each series on its own test windows, the worst first: by the scaled error, since plain ones only tell which series are
 * large, and by the root of the mean square where there is none. Arrays are `[windows, horizon]` row-major, in the target's units.
 */
export function seriesScores(
  data: ForecastData,
  forecast: Float64Array,
  told: Readonly<Record<string, Float64Array>>,
): Pick<Report, 'perSeries' | 'seriesTested'> {
  const truth = data.truth('test');
  const { before } = data.windowsOf.test;
  const all = data.stretches.flatMap(({ name }, s): readonly SeriesScores[] => {
    const [from, to] = [(before[s] ?? 0) * data.horizon, (before[s + 1] ?? 0) * data.horizon];
    if (from === to) return [];
    const own = (values: Float64Array) => values.subarray(from, to);
    const naive = data.naives[s] ?? null;
    const baselines = baselineMetrics(
      own(truth),
      Object.fromEntries(Object.entries(told).map(([baseline, values]) => [baseline, own(values)])),
      naive,
    );
    const best = bestBaseline(baselines, mainMetric.forecast);
    const metrics = best === null ? undefined : baselines[best.name];
    return [
      {
        series: name ?? '',
        windows: (to - from) / data.horizon,
        model: forecastMetrics(own(truth), own(forecast), naive),
        baseline: best === null || metrics === undefined ? null : { name: best.name, metrics },
      },
    ];
  });
  const badness = ({ model }: SeriesScores) => model['mase'] ?? Number.NEGATIVE_INFINITY;
  const worstFirst = all.sort((a, b) => badness(b) - badness(a) || (b.model['rmse'] ?? 0) - (a.model['rmse'] ?? 0));
  return { perSeries: worstFirst.slice(0, mostSeriesScores), seriesTested: all.length };
}
