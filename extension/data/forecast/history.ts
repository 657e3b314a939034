import type { Experiment } from '../../protocol/experiment';
import { readTexts } from '../sequences/texts';
import { assembleSeveral } from '../several/series';
import { readColumns } from '../table/columns';
import { withTable } from '../table/table';
import type { FormedReading } from '../table/tableForm';
import { knownAfter, withAhead } from './known';
import { assemble, type Series } from './series';

/** What a model says of the columns that it reads. */
type Read = Pick<Experiment['data'], 'moreTargets' | 'known' | 'series' | 'time' | 'missing' | 'horizon'> & {
  /** In the order of the model's inputs, the targets first. */
  readonly columns: readonly string[];
};

const whole = { validation: 0, test: 0 };

/**
 * Reads what forecasts go on: the series of a file that is not split, as a model reads them, up to the last row of each that has a target.
 * @param strict whether the file, or the calendar, must say what is known of the rows that are forecast
 * @throws UnrollError `data` with one sentence for whatever is wrong.
 */
export async function loadForecastHistory(
  file: string,
  { columns, moreTargets, known, series, time, missing, horizon }: Read,
  strict: boolean,
  reading: FormedReading,
): Promise<Series> {
  const { raw, named } = await withTable(
    file,
    async (table) => ({
      raw: { ...(await readColumns(table, columns, time, reading)), targets: 1 + moreTargets.length },
      named: series === null ? null : await readTexts(table, series),
    }),
    reading,
  );
  const history =
    named === null ? assemble(raw, missing, whole, reading) : assembleSeveral({ raw, named }, missing, whole);
  if (known.length === 0) return history;
  const after = knownAfter(raw, named, horizon, strict ? 'calendar' : 'last', reading.zone);
  return withAhead(history, known, horizon, (s, column) => after(history.several?.names[s] ?? null, column));
}
