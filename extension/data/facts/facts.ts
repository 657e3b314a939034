import type { CheckedDraft, Experiment } from '../../protocol/experiment';
import {
  type ColumnFacts,
  type ColumnRole,
  type DataFacts,
  nothingProposed,
  type ProposedFacts,
} from '../../protocol/facts';
import { parseDraft } from '../choices/draft';
import { guessTime } from '../choices/guess';
import { profileOf } from '../table/profile';
import { type Table, withTable } from '../table/table';
import { readingFor } from '../table/tableForm';
import { isProse } from '../text/prose';
import { isFolder } from '../texts/items';
import { readFactsOf, readsOtherwise } from './asRead';
import { classesOf, sequenceLengthsOf } from './counts';
import { folderClasses, folderFacts, mostFilesOf } from './folder';
import { itemsOf, partsOfItems } from './itemParts';
import { factLimits as limits, shortened } from './limits';
import { autocorrelationsOf, summariesOf } from './numbers';
import { previewOf } from './preview';
import { about, proposalFacts, proposedFor } from './proposal';
import { partsOfText, proseFacts } from './prose';
import { type FactColumn, type Rows, rowsOf } from './rows';
import { splitOf, whyNotDrawn } from './split';
import { stretchesOf } from './stretches';
import { textFactsOf } from './texts';
import { notesOnTimeGaps } from './timeGaps';
import { vocabularyOf } from './vocabulary';

/** An experiment as somebody wrote it. */
type Written = Record<string, unknown>;

/**
 * What a data file or a folder holds. What would be learnt from it takes longer and is asked for afterwards. `file` is an absolute path;
 * `draft`, where given, says how it is read. However long the file is, the answer is bounded by `factLimits`.
 * @throws UnrollError `data` where the file can be read neither as a table nor as a text, `experiment` where the draft is wrong.
 */
export async function dataFacts(file: string, draft: Written | null, signal?: AbortSignal): Promise<DataFacts> {
  const said: Partial<CheckedDraft['data']> =
    draft === null ? {} : parseDraft(about(file, draft), 'the experiment').data;
  if (await isFolder(file)) return folderFacts(file, said, signal);
  const isText = await isProse(file);
  signal?.throwIfAborted();
  if (isText) return proseFacts(file);
  const step = stepUntil(signal);
  const use = async (table: Table): Promise<DataFacts> => {
    const rows = await rowsOf(table, said.time === undefined ? guessTime(await profileOf(table)).value : said.time);
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
      folder: null,
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
      ...nothingProposed,
    };
  };
  return withTable(file, use, { ...readingOfRows(said), signal });
}

/**
 * What would be learnt from a data file and what that makes of it; `draft`, where given, has choices made already.
 * @throws UnrollError `data` where the file can be read neither as a table nor as a text.
 */
export async function proposedFacts(file: string, draft: Written | null, signal?: AbortSignal): Promise<ProposedFacts> {
  const isOfFiles = await isFolder(file);
  const files = isOfFiles ? await mostFilesOf(file, signal) : undefined;
  const isText = !isOfFiles && (await isProse(file));
  const proposed = await proposedFor(file, draft, signal, files);
  signal?.throwIfAborted();
  const proposal = proposalFacts(proposed, draft);
  const nothing = { proposal, ...nothingProposed, roles: [], notes: [] };
  if (isText) {
    const { characters } = await proseFacts(file);
    return { ...nothing, ...(await partsOfText(file, characters ?? 0, proposed)) };
  }
  if (proposed.kind === 'none') return nothing;
  const { experiment } = proposed.proposal;
  const items = itemsOf(experiment);
  if (isOfFiles) {
    if (items === null) return nothing;
    const classes = await folderClasses(file, signal);
    return { ...nothing, ...(await partsOfItems(items, classes, file, experiment, { files, signal })) };
  }
  const step = stepUntil(signal);
  const use = async (table: Table): Promise<ProposedFacts> => {
    const rows = await rowsOf(table, experiment.data.time);
    const classes = await step(classesOf(rows, experiment));
    const isRead = readsOtherwise(experiment);
    const isShort = rows.count * (1 + experiment.data.features.length) <= limits.readValues;
    return {
      proposal,
      split: await step(splitOf(rows, experiment)),
      notDrawn: isRead && isShort ? null : whyNotDrawn(rows, experiment),
      read: isRead && isShort ? await step(readFactsOf(file, experiment, { signal })) : null,
      ...(items === null
        ? { items, classes, notes: [] }
        : await step(partsOfItems(items, classes, file, experiment, { signal }))),
      lengths: await step(sequenceLengthsOf(rows, experiment)),
      vocabulary: await step(vocabularyOf(rows, textsOf(rows, experiment))),
      roles: rows.columns.map(({ name }) => roleOf(name, experiment)),
    };
  };
  return withTable(file, use, { ...readingOfRows(experiment.data), signal });
}

/** How the rows of the file itself are read: lines and counts are of those, whatever training makes of them. */
const readingOfRows = (data: Parameters<typeof readingFor>[0]) => ({ ...readingFor(data), resample: null });

/** Each of these may go through the whole file; whoever closed the panel does not wait for the rest. */
const stepUntil =
  (signal: AbortSignal | undefined) =>
  async <T>(work: Promise<T>): Promise<T> => {
    const done = await work;
    signal?.throwIfAborted();
    return done;
  };

function roleOf(name: string, experiment: Experiment): ColumnRole | null {
  const { target, moreTargets, features, known, time, series } = experiment.data;
  if (name === target || moreTargets.includes(name)) return 'target';
  if (name === time) return 'time';
  if (name === series) return 'series';
  return features.includes(name) || known.includes(name) ? 'feature' : null;
}

/** The columns whose texts are read token by token. */
function textsOf({ columns }: Rows, { task, data }: Experiment): readonly FactColumn[] {
  const wanted = [
    ...(data.text === null && task !== 'translate' ? [] : data.features),
    ...(task === 'translate' || task === 'transcribe' ? [data.target] : []),
  ];
  return columns.filter(({ name }) => wanted.includes(name));
}
