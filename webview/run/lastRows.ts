import type { Forecast } from '../../extension/protocol/run';
import type { Range } from '../charts/plot';
import { rowNumber } from './forecastRows';

/** Lines of more rows than this lie on one another in a chart of the usual width. */
const mostTogether = 3000;
const atFirst = 500;

/** Where the rows stand on the axis: their times, or their numbers. */
export const placesOf = (forecast: Forecast): readonly number[] =>
  forecast.time ?? Array.from(forecast.truth, (_, row) => rowNumber(forecast, row));

/** What is shown first of very many rows: the last ones, which a forecast is about; null where all of them can be seen at once. */
export function lastRows(forecast: Forecast): Range | null {
  const places = placesOf(forecast);
  const [min, max] = [places.at(-atFirst), places.at(-1)];
  return places.length <= mostTogether || min === undefined || max === undefined ? null : { min, max };
}
