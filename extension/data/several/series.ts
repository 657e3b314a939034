import path from 'node:path';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Message, message } from '../../protocol/messages';
import { readForecast } from '../forecast/readForecast';
import { assemble, pick, type Series } from '../forecast/series';
import { readTexts, type Texts } from '../sequences/texts';
import { SeriesFile } from '../streamed/seriesFile';
import type { RawSeries } from '../table/columns';
import { isTooMany, type Reading } from '../table/reading';
import { withTable } from '../table/table';
import { readingFor } from '../table/tableForm';
import { groupedColumns } from './grouped';
import { rowsOfSeries } from './rows';

type Data = Experiment['data'];

/** The columns of a file, and the one that tells its series apart. */
export interface RawSeveral {
  readonly raw: RawSeries;
  readonly named: Texts;
}

/** Reads the series of a forecast as the experiment says. @throws UnrollError `data` with one sentence for whatever is wrong. */
export async function loadSeveral(
  root: string,
  { data }: Experiment,
  column: string,
  reading: Reading = {},
  origin = 0,
): Promise<Series> {
  const read = await withTable(
    path.resolve(root, data.path),
    async (table) => ({
      raw: await readForecast(table, data, reading),
      named: await readTexts(table, column),
    }),
    { ...reading, ...readingFor(data) },
  );
  return { ...assembleSeveral(read, data.missing, data.split, reading, origin), ...(origin > 0 && { origin }) };
}

/**
 * Makes each series for itself, as a file of its own would be made, and puts them one after the other: nothing of one is sorted, filled or
 * split with another.
 */
export function assembleSeveral(
  { raw, named }: RawSeveral,
  missing: Data['missing'],
  fractions: Data['split'],
  reading: Reading = {},
  origin = 0,
): Series {
  const notes: Message[] = [...raw.notes];
  const unnamed = named.codes.reduce((count, code) => count + (code < 0 ? 1 : 0), 0);
  if (unnamed > 0) notes.push(message('{0} rows without a value of {1} were left out.', unnamed, named.name));
  const groups = rowsOfSeries(named);
  const columnsOf = groupedColumns(raw, groups, reading);
  const isLong = isTooMany(named.codes.length * raw.columns.length, reading);
  const file = isLong
    ? new SeriesFile(
        raw.columns.map(({ name }) => name),
        reading,
      )
    : null;
  const made: Made[] = [];
  const refused: UnrollError[] = [];
  for (const [code, rows] of groups.entries()) {
    const own: RawSeries = {
      ...raw,
      notes: [],
      time: raw.time === null ? null : pick(raw.time, rows),
      columns: columnsOf(code),
    };
    try {
      const series = assemble(own, missing, fractions, reading, origin);
      file?.append(series.columns, series.rows);
      made.push({ name: named.labels[code] ?? '', series: file === null ? series : { ...series, columns: [] } });
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      refused.push(error);
    }
  }
  const [first] = refused;
  if (made.length === 0 && first !== undefined) throw first;
  if (first !== undefined) {
    notes.push(
      message(
        '{0} of {1} series were left out, the first of them for this: {2}',
        refused.length,
        refused.length + made.length,
        first.text,
      ),
    );
  }
  return { ...joined(raw, made, file), notes: [...notes, ...summed(made.flatMap(({ series }) => series.notes))] };
}

/** A series by its name; its columns may be in a file. */
interface Made {
  readonly name: string;
  readonly series: Series;
}

function joined(raw: RawSeries, made: readonly Made[], file: SeriesFile | null): Omit<Series, 'notes'> {
  const starts = new Uint32Array(made.length + 1);
  for (const [s, { series }] of made.entries()) starts[s + 1] = (starts[s] ?? 0) + series.rows;
  const rows = starts[made.length] ?? 0;
  const join = (valuesOf: (series: Series) => Float64Array | undefined) => {
    const all = new Float64Array(rows);
    for (const [s, { series }] of made.entries()) all.set(valuesOf(series) ?? [], starts[s]);
    return all;
  };
  return {
    rows,
    time: raw.time === null ? null : join(({ time }) => time ?? undefined),
    columns:
      file?.columns() ??
      raw.columns.map(({ name }, i) => ({ name, values: join(({ columns }) => columns[i]?.values) })),
    ...((raw.targets ?? 1) > 1 && { targets: raw.targets }),
    fingerprint: raw.fingerprint,
    several: { names: made.map(({ name }) => name), starts },
    cuts: made.flatMap(({ series }, s) => (series.cuts ?? []).map((row) => (starts[s] ?? 0) + row)),
  };
}

/** Notes of the same kind as one, in which what they count first is added up. */
function summed(notes: readonly Message[]): Message[] {
  const kinds = new Map<string, Message>();
  for (const note of notes) {
    const [count, ...rest] = note.args;
    const known = kinds.get(note.template);
    const before = known?.args[0];
    if (known === undefined) kinds.set(note.template, note);
    else if (typeof count === 'number' && typeof before === 'number') {
      const others = known.args.length > 1 ? known.args.slice(1) : rest;
      kinds.set(note.template, { template: note.template, args: [before + count, ...others] });
    }
  }
  return [...kinds.values()];
}
