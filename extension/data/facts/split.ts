import type { Experiment } from '../../protocol/experiment';
import type { SplitFacts } from '../../protocol/facts';
import { type Message, message } from '../../protocol/messages';
import { readForecast } from '../forecast/readForecast';
import { selectRows } from '../forecast/series';
import { orderRows } from '../sequences/order';
import { readSequences } from '../sequences/read';
import { splitRows } from '../split';
import { mostHeld } from '../table/reading';
import { readsOtherwise } from './asRead';
import { itemsOf } from './itemParts';
import type { Rows } from './rows';

/** Why no split can be drawn over the rows; null where it can, or where no part is a stretch of them. */
export function whyNotDrawn({ time }: Rows, experiment: Experiment): Message | null {
  const { data } = experiment;
  if (itemsOf(experiment) !== null) return null;
  if (readsOtherwise(experiment)) {
    return message('The split is not drawn: the series are too long to be read for a picture.');
  }
  if (data.resample !== null) {
    return message(
      'The split is not drawn: training reads one row for each {0}, and lines are drawn of the rows of the file.',
      data.resample.every,
    );
  }
  // A long table that is not sorted by time is drawn as it stands.
  return data.time === null || time !== null
    ? null
    : message('The split is not drawn: the table is too long to be put into the order of time for a picture.');
}

/**
 * Where the parts of a table that is one series begin among the rows as they are drawn; null where the parts are no stretches of them:
 * items that are in one part whole, rows that are read otherwise (`asRead.ts`), or an order that cannot be drawn.
 */
export async function splitOf(rows: Rows, experiment: Experiment): Promise<SplitFacts | null> {
  const { task, data } = experiment;
  const { table, count } = rows;
  if (itemsOf(experiment) !== null || whyNotDrawn(rows, experiment) !== null) return null;
  const order =
    task === 'forecast'
      ? await readForecast(table, data, { held: mostHeld }).then((raw) => ({
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
