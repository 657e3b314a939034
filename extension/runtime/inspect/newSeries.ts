import { changesIn, isOfChanges } from '../../data/forecast/changes';
import { loadForecastHistory } from '../../data/forecast/history';
import { fitScaler, type ScalerDescription, unscaleValue } from '../../data/forecast/scaling';
import type { Series } from '../../data/forecast/series';
import { stretchesOf } from '../../data/several/stretches';
import { readingFor } from '../../data/table/tableForm';
import { timesAfter } from '../../data/time/calendar';
import type { SeriesForecast } from '../../protocol/engine';
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
  const { lookback, horizon, quantiles } = metadata;
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
      const [target] = scalers;
      const last = isOfChanges(target) ? (history.columns[0]?.values[end - 1] ?? Number.NaN) : 0;
      const unscaled = (scaled: Float32Array) =>
        Array.from(scaled, (value) => (target === undefined ? value : unscaleValue(target, value) + last));
      const told = outputs?.subarray(item * width, (item + 1) * width);
      answers.push({
        series: name,
        time: history.time === null ? null : timesAfter(history.time.subarray(start, end), horizon),
        forecast: unscaled(values.subarray(item * each, (item + 1) * each)),
        quantiles:
          quantiles === null || told === undefined
            ? null
            : quantiles.map((quantile, k) => ({
                quantile,
                values: unscaled(told.subarray(k * horizon, (k + 1) * horizon)),
              })),
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

/** What is scaled for the model: a target that is read by its changes as these. */
export function asRead(history: Series, { scaler }: ModelMetadata): Series {
  const [target, ...others] = history.columns;
  if (target === undefined || !isOfChanges(scaler[0])) return history;
  const values = changesIn(target.values, stretchesOf(history, { validation: 0, test: 0 }));
  return { ...history, columns: [{ name: target.name, values }, ...others] };
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
