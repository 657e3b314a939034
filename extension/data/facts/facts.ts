import type { Experiment } from '../../protocol/experiment';
import type { ColumnFacts, ColumnRole, DataFacts, ProposedFacts } from '../../protocol/facts';
import { guessTime } from '../choices/guess';
import { profileOf } from '../table/profile';
import { type Table, withTable } from '../table/table';
import { readingFor } from '../table/tableForm';
import { isProse } from '../text/prose';
import { withParts } from './classParts';
import { classesOf, sequenceLengthsOf } from './counts';
import { shortened } from './limits';
import { autocorrelationsOf, summariesOf } from './numbers';
import { previewOf } from './preview';
import { proposalFacts, proposedFor } from './proposal';
import { proseFacts, splitOfText } from './prose';
import { type FactColumn, type Rows, rowsOf } from './rows';
import { splitOf } from './split';
import { stretchesOf } from './stretches';
import { textFactsOf } from './texts';
import { notesOnTimeGaps } from './timeGaps';
import { vocabularyOf } from './vocabulary';

/**
 * What a data file holds. What would be learnt from it takes longer and is asked for afterwards. `file` is an absolute path.
 * However long the file is, the answer is bounded by `factLimits`.
 * @throws UnrollError `data` where the file can be read neither as a table nor as a text.
 */
export async function dataFacts(file: string, signal?: AbortSignal): Promise<DataFacts> {
  const isText = await isProse(file);
  signal?.throwIfAborted();
  if (isText) return proseFacts(file);
  const step = stepUntil(signal);
  const use = async (table: Table): Promise<DataFacts> => {
    const rows = await rowsOf(table, guessTime(await profileOf(table)).value);
    const summaries = await step(summariesOf(rows));
    const stretches = await step(stretchesOf(rows));
    const correlations = await step(autocorrelationsOf(rows));
    const columns: ColumnFacts[] = [];
    for (const column of rows.columns) {
      const { name, kind, value, isNumber } = column;
      const missing = stretches.missing.get(value);
      const summary = summaries.get(value);
      const line = stretches.lines.get(value);
      columns.push({
        name: shortened(name),
        kind,
        role: null,
        missing: missing?.count ?? 0,
        missingShares: missing?.shares ?? null,
        numbers: isNumber
          ? {
              ...(summary ?? { min: null, max: null, mean: null, deviation: null, quartiles: null, bins: null }),
              low: line?.low ?? [],
              high: line?.high ?? null,
              autocorrelation: correlations.get(value) ?? null,
            }
          : null,
        texts: isNumber ? null : await step(textFactsOf(rows, column)),
      });
    }
    return {
      path: file,
      bytes: table.scan.bytes,
      rows: rows.count,
      characters: null,
      columnCount: table.columns.length,
      columns,
      missingBuckets: stretches.buckets,
      order:
        rows.time === null ? { by: 'file' } : { by: 'time', column: shortened(rows.time.name), sorted: rows.sorted },
      at: stretches.at,
      times: stretches.times,
      preview: await step(previewOf(table, rows.count)),
      notes: [...table.notes, ...(await step(notesOnTimeGaps(rows, { signal })))],
      proposal: { kind: 'pending' },
      split: null,
      classes: null,
      lengths: null,
      vocabulary: null,
    };
  };
  return withTable(file, use, { signal });
}

/**
 * What would be learnt from a data file and what that makes of it; `draft`, where given, has choices made already.
 * @throws UnrollError `data` where the file can be read neither as a table nor as a text.
 */
export async function proposedFacts(
  file: string,
  draft: Record<string, unknown> | null,
  signal?: AbortSignal,
): Promise<ProposedFacts> {
  const isText = await isProse(file);
  const proposed = await proposedFor(file, draft);
  signal?.throwIfAborted();
  const proposal = proposalFacts(proposed);
  if (isText) {
    const { characters, lengths, vocabulary } = await proseFacts(file);
    return { proposal, split: splitOfText(characters ?? 0, proposed), classes: null, lengths, vocabulary, roles: [] };
  }
  if (proposed.kind === 'none') {
    return { proposal, split: null, classes: null, lengths: null, vocabulary: null, roles: [] };
  }
  const { experiment } = proposed.proposal;
  const step = stepUntil(signal);
  const use = async (table: Table): Promise<ProposedFacts> => {
    const rows = await rowsOf(table, experiment.data.time);
    return {
      proposal,
      // Lines are drawn over the rows of the file.
      split: experiment.data.resample === null ? await step(splitOf(rows, experiment)) : null,
      classes: await step(withParts(await classesOf(rows, experiment), file, experiment, { signal })),
      lengths: await step(sequenceLengthsOf(rows, experiment)),
      vocabulary: await step(vocabularyOf(rows, textsOf(rows, experiment))),
      roles: rows.columns.map(({ name }) => roleOf(name, experiment)),
    };
  };
  return withTable(file, use, { ...readingFor(experiment.data), signal });
}

/** Each of these may go through the whole file; whoever closed the panel does not wait for the rest. */
const stepUntil =
  (signal: AbortSignal | undefined) =>
  async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    signal?.throwIfAborted();
    return done;
  };

function roleOf(name: string, experiment: Experiment): ColumnRole | null {
  const { target, features, time, series } = experiment.data;
  if (name === target) return 'target';
  if (name === time) return 'time';
  if (name === series) return 'series';
  return features.includes(name) ? 'feature' : null;
}

/** The columns whose texts are read token by token. */
function textsOf({ columns }: Rows, { task, data }: Experiment): readonly FactColumn[] {
  const wanted = [
    ...(data.text === null && task !== 'translate' ? [] : data.features),
    ...(task === 'translate' || task === 'transcribe' ? [data.target] : []),
  ];
  return columns.filter(({ name }) => wanted.includes(name));
}
