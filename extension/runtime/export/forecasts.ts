import { parts } from '../../data/split';
import { newBatch, type PreparedData } from '../../data/windows';
import type { Part } from '../../protocol/data';
import { type Session, toOrt } from '../session/session';

const batch = 256;

/** Forecasts of every window of every part, `[windows, horizon]` row-major, in the target's units. */
export type Forecasts = Readonly<Record<Part, Float64Array>>;

/** What an exported model forecasts for each window of the data; this is how everybody who has the file will use it. */
export async function forecastAll(session: Session, data: PreparedData): Promise<Forecasts> {
  const forecasts: Record<Part, Float64Array> = { train: noForecast, validation: noForecast, test: noForecast };
  for (const part of parts) forecasts[part] = await forecastPart(session, data, part);
  return forecasts;
}

const noForecast = new Float64Array(0);

async function forecastPart(session: Session, data: PreparedData, part: Part): Promise<Float64Array> {
  const { lookback, features, horizon } = data;
  const windows = data.windows[part];
  const forecast = new Float64Array(windows * horizon);
  const filled = newBatch(lookback, features, horizon, batch);
  for (let first = 0; first < windows; first += batch) {
    const count = Math.min(batch, windows - first);
    data.fill(
      part,
      Uint32Array.from({ length: count }, (_, index) => first + index),
      batch,
      filled,
    );
    const window = batchFirst(filled.x, lookback * features, count);
    const scaled = await runForecaster(session, window, [count, lookback, features]);
    for (let i = 0; i < count * horizon; i++) {
      forecast[first * horizon + i] = data.unscaleTarget(scaled[i] ?? Number.NaN);
    }
  }
  return forecast;
}

/** From `[values, batch]` to the first `count` rows of `[batch, values]`. */
function batchFirst(x: Float32Array, values: number, count: number): Float32Array {
  const window = new Float32Array(count * values);
  for (let value = 0; value < values; value++) {
    for (let item = 0; item < count; item++) window[item * values + value] = x[value * batch + item] ?? 0;
  }
  return window;
}

/** Runs an exported forecaster on scaled windows `[batch, lookback, features]`; answers scaled forecasts `[batch, horizon]`. */
export async function runForecaster(
  session: Session,
  windows: Float32Array,
  shape: readonly [number, number, number],
): Promise<ArrayLike<number>> {
  const window = await toOrt({ dtype: 'float32', shape, data: windows });
  const { forecast } = await session.run({ window }, ['forecast']);
  return forecast?.data instanceof Float32Array ? forecast.data : [];
}
