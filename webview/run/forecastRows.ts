import type { Part } from '../../extension/protocol/data';
import type { Forecast } from '../../extension/protocol/run';
import type { WindowRef } from '../../extension/protocol/trace';

export const parts: readonly Part[] = ['train', 'validation', 'test'];

/** The rows that a window reads and the one that is forecast after it, as places in a forecast; null where it is of another series. */
export function spanOf(
  forecast: Forecast,
  { part, index }: WindowRef,
  steps: number,
): { readonly from: number; readonly to: number } | null {
  const first = firstForecast(forecast, part);
  if (first === null) return null;
  const to = first + Math.floor(index / everyIn(forecast, part)) - (forecast.several?.before[part] ?? 0);
  if (to < first || to >= endOf(forecast, part)) return null;
  const read = rowAt(forecast, to) - steps - forecast.horizonStep + 1;
  let from = to;
  while (from > 0 && rowAt(forecast, from - 1) >= read) from--;
  return { from, to };
}

/** The window whose forecast stands at a place; null where none does. */
export function windowAt(forecast: Forecast, place: number): WindowRef | null {
  if (modelOf(forecast)[place] == null) return null;
  const part = parts.toReversed().find((candidate) => forecast.starts[candidate] <= place);
  const first = part === undefined ? null : firstForecast(forecast, part);
  if (part === undefined || first === null) return null;
  const told = (forecast.several?.before[part] ?? 0) + place - first;
  return { part, index: told * everyIn(forecast, part) };
}

/** Which row of its series stands at a place, from 1 as a person counts. */
export const rowNumber = (forecast: Forecast, place: number): number => rowAt(forecast, place) + 1;

const rowAt = ({ sampled }: Forecast, place: number) => sampled?.rows[place] ?? place;

/** Windows of a part from one that is told of to the next. */
const everyIn = ({ sampled }: Forecast, part: Part) => (part === 'train' ? (sampled?.every ?? 1) : 1);

const modelOf = ({ series }: Forecast) => series.find(({ name }) => name === 'model')?.values ?? [];

/** First place of a part that the model forecasts: window 0 of the part that is told of. */
function firstForecast(forecast: Forecast, part: Part): number | null {
  const values = modelOf(forecast);
  const end = endOf(forecast, part);
  for (let place = forecast.starts[part]; place < end; place++) if (values[place] != null) return place;
  return null;
}

/** The first place after a part. */
function endOf(forecast: Forecast, part: Part): number {
  const next = parts[parts.indexOf(part) + 1];
  return next === undefined ? forecast.truth.length : forecast.starts[next];
}
