import type { Experiment } from '../../protocol/experiment';
import type { ColumnFacts, ColumnRole, DataFacts } from '../../protocol/facts';
import { guessTime } from '../guess';
import { profileOf } from '../profile';
import { type Table, withTable } from '../table';
import { readingFor } from '../tableForm';
import { isProse } from '../text/prose';
import { classesOf, sequenceLengthsOf } from './counts';
import { shortened } from './limits';
import { autocorrelationsOf, summariesOf } from './numbers';
import { previewOf } from './preview';
import { proposalFacts, proposedFor } from './proposal';
import { proseFacts } from './prose';
import { type FactColumn, type Rows, rowsOf } from './rows';
import { splitOf } from './split';
import { stretchesOf } from './stretches';
import { textFactsOf } from './texts';
import { vocabularyOf } from './vocabulary';

/**
 * What a data file holds and what would be learnt from it. `file` is an absolute path; `draft`, where given, has choices made already.
 * However long the file is, the answer is bounded by `factLimits`.
 * @throws UnrollError `data` where the file can be read neither as a table nor as a text.
 */
export async function dataFacts(
  file: string,
  draft: Record<string, unknown> | null,
  signal?: AbortSignal,
): Promise<DataFacts> {
  const isText = await isProse(file);
  const proposed = await proposedFor(file, draft);
  signal?.throwIfAborted();
  if (isText) return proseFacts(file, proposed);
  const experiment = proposed.kind === 'task' ? proposed.proposal.experiment : null;
  const use = async (table: Table): Promise<DataFacts> => {
    const time = experiment === null ? guessTime(await profileOf(table)).value : experiment.data.time;
    const rows = await rowsOf(table, time);
    // Each of these may go through the whole file; whoever closed the panel does not wait for the rest.
    const step = async <T>(work: Promise<T>): Promise<T> => {
      const done = await work;
      signal?.throwIfAborted();
      return done;
    };
    const summaries = await step(summariesOf(rows));
    const stretches = await step(stretchesOf(rows));
    const ofSeries = experiment?.data.series ?? null;
    const correlations = ofSeries === null ? await step(autocorrelationsOf(rows)) : new Map();
    const columns: ColumnFacts[] = [];
    for (const column of rows.columns) {
      const { name, kind, value, isNumber } = column;
      const missing = stretches.missing.get(value);
      const summary = summaries.get(value);
      const line = stretches.lines.get(value);
      columns.push({
        name: shortened(name),
        kind,
        role: roleOf(name, experiment),
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
      notes: table.notes,
      proposal: proposalFacts(proposed),
      split: experiment === null ? null : await step(splitOf(rows, experiment)),
      classes: experiment === null ? null : await step(classesOf(rows, experiment)),
      lengths: experiment === null ? null : await step(sequenceLengthsOf(rows, experiment)),
      vocabulary: experiment === null ? null : await step(vocabularyOf(rows, textsOf(rows, experiment))),
    };
  };
  return withTable(file, use, readingFor(experiment?.data ?? {}));
}

function roleOf(name: string, experiment: Experiment | null): ColumnRole | null {
  if (experiment === null) return null;
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
