import type { ModelSpec } from '../../core/model/spec';
import type { ForecastData } from '../../data/prepared';
import { parts } from '../../data/split';
import type { Part } from '../../protocol/data';
import type { Session } from '../session/session';
import { answerPart } from './answers';

/** Forecasts of every window of every part, `[windows, horizon]` row-major, in the target's units. */
export type Forecasts = Readonly<Record<Part, Float64Array>>;

/** What an exported model forecasts for each window of the data. */
export async function forecastAll(session: Session, spec: ModelSpec, data: ForecastData): Promise<Forecasts> {
  const forecasts: Record<Part, Float64Array> = { train: noForecast, validation: noForecast, test: noForecast };
  for (const part of parts) {
    const forecast = new Float64Array(data.windows[part] * data.horizon);
    for await (const { indices, values } of answerPart(session, spec, data, part)) {
      const first = (indices[0] ?? 0) * data.horizon;
      values.forEach((value, i) => {
        forecast[first + i] = data.unscaleTarget(value);
      });
    }
    forecasts[part] = forecast;
  }
  return forecasts;
}

const noForecast = new Float64Array(0);
