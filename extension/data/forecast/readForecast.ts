import type { Experiment } from '../../protocol/experiment';
import { type RawSeries, readColumns } from '../table/columns';
import type { Reading } from '../table/reading';
import type { Table } from '../table/table';

type Columns = Pick<Experiment['data'], 'target' | 'moreTargets' | 'features' | 'known'>;

/** The columns that are forecast, the main one first. */
export const targetsOf = ({ target, moreTargets }: Pick<Columns, 'target' | 'moreTargets'>): string[] => [
  target,
  ...moreTargets,
];

/** The columns that a forecast reads of its file, targets first. */
export const forecastColumns = (data: Columns): string[] => [...targetsOf(data), ...data.features, ...data.known];

/**
 * Reads what a forecast is made of.
 * @throws UnrollError `data` where a column is not there or of another kind.
 */
export async function readForecast(
  table: Table,
  data: Columns & Pick<Experiment['data'], 'time'>,
  reading: Reading = {},
): Promise<RawSeries> {
  const raw = await readColumns(table, forecastColumns(data), data.time, reading);
  return { ...raw, targets: targetsOf(data).length };
}
