import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { ClassData, TranscriptData } from '../prepared';
import type { Reading } from '../table/reading';
import { withTable } from '../table/table';
import { readingFor } from '../table/tableForm';
import { assembleSequences, type Sequences } from './assemble';
import { prepareClassified } from './classified';
import { orderRows } from './order';
import { readSequences } from './read';
import { prepareTranscribed } from './transcribed';

/** Reads a table's sequences as the experiment says. @throws UnrollError `data` with one sentence for whatever is wrong. */
export async function loadSequences(root: string, { data }: Experiment, reading: Reading = {}): Promise<Sequences> {
  const read = await withTable(path.resolve(root, data.path), (table) => readSequences(table, data, reading), {
    ...reading,
    ...readingFor(data),
  });
  return assembleSequences(read, orderRows(read, data.missing), data.missing, data.split, reading);
}

/** What an experiment on sequences is trained on. @throws UnrollError `data` or `experiment`. */
export function prepareSequences(
  sequences: Sequences,
  experiment: Experiment,
  reading: Reading = {},
): ClassData | TranscriptData {
  const { task } = experiment;
  if (task === 'classify' || task === 'label') return prepareClassified(sequences, { ...experiment, task }, reading);
  if (task === 'transcribe') return prepareTranscribed(sequences, experiment, reading);
  throw new UnrollError('internal', 'The task {0} is not about sequences of a table.', task);
}
