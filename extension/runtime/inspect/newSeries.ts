import { changesIn, isOfChanges } from '../../data/forecast/changes';
import { loadForecastHistory } from '../../data/forecast/history';
import { fitScaler, type ScalerDescription, unscaleValue } from '../../data/forecast/scaling';
import type { Series } from '../../data/forecast/series';
import { stretchesOf } from '../../data/several/stretches';
import { readingFor } from '../../data/table/tableForm';
import { timesAfter } from '../../data/time/calendar';
import type { SeriesForecast, TargetForecast } from '../../protocol/engine';
import { runModel } from '../export/answers';
import type { ModelMetadata } from '../export/metadata';
import type { Session } from '../session/session';
import { refuseShort, scaledWindow, shapeOf } from './newSequences';

/** So many series are forecast at a time. */
const together = 64;

/** A stretch of rows that is to be gone on with. */
interface NewSeries {
  readonly name: string | null;
  readonly start: number;
  readonly end: number;
  readonly scalers: readonly ScalerDescription[];
}

/**
 * What follows the last row of each series of a file, as a model of ours says.
 * @throws UnrollError `data` where a series has fewer rows than the model reads.
 */
export async function forecastsOf(session: Session, metadata: ModelMetadata, file: string): Promise<SeriesForecast[]> {
  const { lookback, horizon, quantiles, moreTargets } = metadata;
  const history = await historyOf(file, metadata, true);
  const read = asRead(history, metadata);
  const all = seriesIn(read, metadata);
  for (const { name, start, end } of all) refuseShort(file, name, end - start, lookback);
  const features = history.columns.length;
  const answers: SeriesForecast[] = [];
  for (let first = 0; first < all.length; first += together) {
    const some = all.slice(first, first + together);
    const x = new Float32Array(some.length * lookback * features);
    for (const [item, { end, scalers }] of some.entries()) {
      x.set(scaledWindow(read.columns, scalers, end - lookback, lookback, lookback), item * lookback * features);
    }
    const { values, each, outputs } = await runModel(session, { x }, shapeOf(metadata), some.length);
    const width = (outputs?.length ?? 0) / some.length;
    for (const [item, { name, start, end, scalers }] of some.entries()) {
      const told = outputs?.subarray(item * width, (item + 1) * width);
      const answerOf = (k: number): TargetForecast => {
        const scaler = scalers[k];
        const last = isOfChanges(scaler) ? (history.columns[k]?.values[end - 1] ?? Number.NaN) : 0;
        const unscaled = (scaled: Float32Array) =>
          Array.from(scaled, (value) => (scaler === undefined ? value : unscaleValue(scaler, value) + last));
        const steps = (from: Float32Array, answer: number) => from.subarray(answer * horizon, (answer + 1) * horizon);
        return {
          forecast: unscaled(steps(values.subarray(item * each, (item + 1) * each), k)),
          quantiles:
            quantiles === null || told === undefined
              ? null
              : quantiles.map((quantile, q) => ({
                  quantile,
                  values: unscaled(steps(told, q * (1 + moreTargets.length) + k)),
                })),
        };
      };
      answers.push({
        series: name,
        time: history.time === null ? null : timesAfter(history.time.subarray(start, end), horizon),
        ...answerOf(0),
        ...(moreTargets.length > 0 && { more: moreTargets.map((target, k) => ({ target, ...answerOf(k + 1) })) }),
      });
    }
  }
  return answers;
}

/**
 * What a model reads of a file, in the order of its series.
 * @param strict whether the file must say what is known of the rows that are forecast
 */
export function historyOf(file: string, metadata: ModelMetadata, strict: boolean): Promise<Series> {
  return loadForecastHistory(file, metadata, strict, readingFor(metadata));
}

/** What is scaled for the model: targets that are read by their changes as these. */
export function asRead(history: Series, { scaler }: ModelMetadata): Series {
  if (!scaler.some(isOfChanges)) return history;
  const stretches = stretchesOf(history, { validation: 0, test: 0 });
  const columns = history.columns.map(({ name, values }, i) => ({
    name,
    values: isOfChanges(scaler[i]) ? changesIn(values, stretches) : values,
  }));
  return { ...history, columns };
}

function seriesIn(history: Series, metadata: ModelMetadata): NewSeries[] {
  const { several } = history;
  const whole = { start: 0, end: history.rows };
  if (several === undefined) return [{ name: null, ...afterLastCut(history, whole), scalers: metadata.scaler }];
  return several.names.map((name, s) => {
    const [start = 0, end = 0] = several.starts.subarray(s, s + 2);
    const scalers = scalersFor(name, history, start, end, metadata);
    return { name, ...afterLastCut(history, { start, end }), scalers };
  });
}

/** The rows after the last gap: what is before it is not read together with them. */
function afterLastCut({ cuts = [] }: Series, { start, end }: { readonly start: number; readonly end: number }) {
  return { start: cuts.findLast((row) => row > start && row < end) ?? start, end };
}

/**
 * How a series is scaled: as the model learnt it; where each series has its own scale and the model has not seen this one, by the rows that are
 * given of it.
 */
export function scalersFor(
  name: string,
  { columns }: Series,
  start: number,
  end: number,
  { scaler, scaling, seriesScalers }: ModelMetadata,
): readonly ScalerDescription[] {
  if (seriesScalers === null) return scaler;
  const known = seriesScalers.find(({ series }) => series === name);
  if (known !== undefined) return known.scaler;
  return columns.map((column, i) =>
    fitScaler(column.name, column.values.subarray(start, end), scaler[i]?.transform ?? 'none', scaling),
  );
}
