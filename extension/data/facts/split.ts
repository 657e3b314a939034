import type { Experiment } from '../../protocol/experiment';
import type { SplitFacts } from '../../protocol/facts';
import { forecastColumns } from '../forecast/known';
import { selectRows } from '../forecast/series';
import { orderRows } from '../sequences/order';
import { readSequences } from '../sequences/read';
import { splitRows } from '../split';
import { readColumns } from '../table/columns';
import { mostHeld } from '../table/reading';
import type { Rows } from './rows';

/**
 * Where the parts of a table that is one series begin among the rows as they are drawn; null where the parts are no stretches of them:
 * sequences of their own, items that chance puts into parts, or an order that cannot be drawn.
 */
export async function splitOf(rows: Rows, { task, data }: Experiment): Promise<SplitFacts | null> {
  const { table, time, count } = rows;
  const ofTexts = data.text !== null || data.sound !== null || task === 'translate';
  if (data.gaps === 'fill') return null;
  if (data.series !== null || ofTexts || (data.time !== null && time === null)) return null;
  const order =
    task === 'forecast'
      ? await readColumns(table, forecastColumns(data), data.time, { held: mostHeld }).then((raw) => ({
          raw,
          rows: selectRows(raw, data.missing, []),
        }))
      : await readSequences(table, data).then((read) => ({ raw: read.raw, rows: orderRows(read, data.missing).rows }));
  const { validation, test } = splitRows(order.rows.length, data.split);
  const { time: times } = order.raw;
  const placeOf = (start: number): number => {
    const row = order.rows[start];
    if (row === undefined) return count;
    if (!rows.sorted || times === null) return row;
    // Rows are drawn in the order of time, and of equal times in that of the file.
    const at = times[row] ?? Number.NaN;
    let place = 0;
    times.forEach((other, i) => {
      if (other < at || (other === at && i < row)) place++;
    });
    return place;
  };
  return { validation: placeOf(validation.start), test: placeOf(test.start), end: count };
}
