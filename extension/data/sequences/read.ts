import type { Experiment } from '../../protocol/experiment';
import { type RawSeries, readColumns } from '../table/columns';
import type { Reading } from '../table/reading';
import type { Table } from '../table/table';
import { readTexts, type Texts } from './texts';

/** The chosen columns of a file as they are, in its order. */
export interface RawSequences {
  /** The features, and the time. */
  readonly raw: RawSeries;
  readonly target: Texts;
  /** Tells the sequences apart; null where the file is one. */
  readonly series: Texts | null;
}

/** Reads what sequences with a class or a transcript are made of. @throws UnrollError `data`. */
export async function readSequences(
  table: Table,
  { features, time, target, series }: Pick<Experiment['data'], 'features' | 'time' | 'target' | 'series'>,
  reading: Reading = {},
): Promise<RawSequences> {
  return {
    raw: await readColumns(table, features, time, reading),
    target: await readTexts(table, target),
    series: series === null ? null : await readTexts(table, series),
  };
}
