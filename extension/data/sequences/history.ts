import type { Experiment } from '../../protocol/experiment';
import type { SeriesColumn } from '../forecast/series';
import { readColumns } from '../table/columns';
import { withTable } from '../table/table';
import type { FormedReading } from '../table/tableForm';
import { assembleSequences } from './assemble';
import { orderRows } from './order';
import { readTexts } from './texts';

/** The sequences of a file of which nothing but the inputs need be known. */
export interface History {
  /** Sequence `s` is rows `starts[s]` (included) to `starts[s + 1]` (excluded). */
  readonly starts: Uint32Array;
  readonly names: readonly string[];
  /** In the order of `columns`, with nothing missing. */
  readonly columns: readonly SeriesColumn[];
}

/** Reads sequences to ask a model about them. @throws UnrollError `data` where the file lacks a column or a value. */
export async function loadSequenceHistory(
  file: string,
  columns: readonly string[],
  series: string,
  time: string | null,
  missing: Experiment['data']['missing'],
  reading: FormedReading = {},
): Promise<History> {
  const read = await withTable(
    file,
    async (table) => {
      const raw = await readColumns(table, columns, time);
      const named = await readTexts(table, series);
      const target = { name: '', labels: [], codes: new Int32Array(named.codes.length).fill(-1) };
      return { raw, target, series: named };
    },
    reading,
  );
  const all = assembleSequences(read, orderRows(read, missing), missing, { validation: 0, test: 0 });
  return { starts: all.starts, names: all.names ?? [], columns: all.columns };
}
