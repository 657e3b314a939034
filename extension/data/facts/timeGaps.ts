import type { Message } from '../../protocol/messages';
import { readColumns } from '../table/columns';
import type { Reading } from '../table/reading';
import { settleGaps } from '../time/gaps';
import { factLimits as limits } from './limits';
import type { Rows } from './rows';

/** Of times of which more stand twice, several series are in the file, and their gaps are none. */
const mostRepeats = 0.01;

/** What is to be said of steps in time that are longer than usual; nothing of a table that is too long to be sorted. */
export async function notesOnTimeGaps({ table, time, count }: Rows, reading: Reading): Promise<Message[]> {
  if (time === null || count > limits.sortedRows) return [];
  const { time: read } = await readColumns(table, [], time.name, reading);
  const sorted = (read ?? new Float64Array()).filter((at) => !Number.isNaN(at)).sort();
  const distinct = sorted.filter((at, i) => i === 0 || at !== sorted[i - 1]);
  if (sorted.length - distinct.length > mostRepeats * sorted.length) return [];
  const notes: Message[] = [];
  settleGaps(table.file, new Uint32Array(), distinct, 'keep', notes);
  return notes;
}
