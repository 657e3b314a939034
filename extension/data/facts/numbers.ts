import type { Autocorrelation, Bins, NumberFacts } from '../../protocol/facts';
import { query } from '../table/database';
import { forwardFill } from '../table/missing';
import { stepOf } from '../time/calendar';
import { findSeason } from '../time/season';
import { autocorrelationOf } from './autocorrelation';
import { binCount, binWidth } from './bins';
import { factLimits as limits } from './limits';
import type { FactColumn, Rows } from './rows';

/** What is known of a column of numbers or times from all of its values. */
export type Summary = Pick<NumberFacts, 'min' | 'max' | 'mean' | 'deviation' | 'quartiles' | 'bins'>;

/** Beyond this a square is no finite number. */
const largest = 1e150;

interface Extent {
  readonly column: FactColumn;
  readonly min: number;
  readonly max: number;
  readonly isWhole: boolean;
}

/** Summaries of the columns of numbers and times, by their SQL. */
export async function summariesOf(rows: Rows): Promise<ReadonlyMap<string, Summary>> {
  const { table, source } = rows;
  const columns = rows.columns.filter(({ isNumber }) => isNumber);
  if (columns.length === 0) return new Map();
  const extents = columns.map(
    ({ value }, i) =>
      `min(${value}) AS min${i}, max(${value}) AS max${i}, bool_and(${value} = floor(${value})) AS whole${i}`,
  );
  const [found] = await query(table.connection, `SELECT ${extents.join(', ')} FROM ${source}`);
  const known = columns.flatMap((column, i): Extent[] => {
    const [min, max] = [found?.[`min${i}`], found?.[`max${i}`]];
    if (typeof min !== 'number' || typeof max !== 'number') return [];
    return [{ column, min, max, isWhole: found?.[`whole${i}`] === true }];
  });
  const isExact = rows.count * known.length <= limits.exactValues;
  // A query takes much longer to plan than it has columns; where the file is read for every query, that is soon worth it.
  const together = rows.isHeld ? limits.columnsAtOnce.held : limits.columnsAtOnce.read;
  const summaries = new Map<string, Summary>();
  for (let first = 0; first < known.length; first += together) {
    const some = await summarise(rows, known.slice(first, first + together), isExact);
    for (const [column, summary] of some) summaries.set(column, summary);
  }
  return summaries;
}

async function summarise(
  { table, source }: Rows,
  known: readonly Extent[],
  isExact: boolean,
): Promise<readonly (readonly [string, Summary])[]> {
  const asked = known.flatMap((extent, i) => {
    const { value } = extent.column;
    const bearable = Math.max(Math.abs(extent.min), Math.abs(extent.max)) < largest;
    const quartiles = isExact ? 'quantile_cont' : 'approx_quantile';
    const bins = binning(extent);
    // `least` passes a missing value over, which would then be in the last bin.
    const counted = bins === null ? '' : `histogram(least(${bins.count - 1}, ${bins.bin}))`;
    return [
      `${quartiles}(${value}, [0.25, 0.5, 0.75]) AS quartiles${i}`,
      ...(bearable ? [`avg(${value}) AS mean${i}, stddev_pop(${value}) AS deviation${i}`] : []),
      ...(bins === null ? [] : [`${counted} FILTER (${value} IS NOT NULL) AS bins${i}`]),
    ];
  });
  const [answer] = await query(table.connection, `SELECT ${asked.join(', ')} FROM ${source}`);
  return known.map((extent, i) => {
    const { column, min, max } = extent;
    const summary = {
      min,
      max,
      mean: finite(answer?.[`mean${i}`]),
      deviation: finite(answer?.[`deviation${i}`]),
      quartiles: threeOf(answer?.[`quartiles${i}`]),
      bins: filled(binning(extent), answer?.[`bins${i}`]),
    };
    return [column.value, summary];
  });
}

interface Binning {
  readonly min: number;
  readonly max: number;
  readonly width: number;
  readonly count: number;
  /** SQL of the number of a value's bin, from 0; the largest value may be given one more than there are. */
  readonly bin: string;
}

/** How the values of a column are put into bins; null where they are all the same, or too far apart to be told. */
function binning({ column, min, max, isWhole }: Extent): Binning | null {
  const range = max - min;
  if (!(range > 0) || !Number.isFinite(range)) return null;
  // Bins that hold no whole number, or one more than their neighbours, would be a pattern of the bins.
  const whole = isWhole && column.kind === 'number' && range < 2 ** 50;
  const width = whole ? binWidth(min, max, limits.bins) : range / limits.bins;
  if (!(width > 0)) return null;
  const count = whole ? binCount(min, max, width) : limits.bins;
  const bin = `CAST(floor((${column.value} - ${double(min)}) / ${double(width)}) AS INTEGER)`;
  return { min, max, width, count, bin };
}

/** A number as SQL, to the last bit. */
const double = (value: number): string => `CAST('${value}' AS DOUBLE)`;

function filled(binning: Binning | null, histogram: unknown): Bins | null {
  if (binning === null) return null;
  const { min, max, width } = binning;
  const counts = new Array<number>(binning.count).fill(0);
  for (const [key, value] of entriesOf(histogram)) if (key in counts) counts[key] = value;
  return { min, max, width, counts };
}

/** The keys and counts of a `MAP` as DuckDB's binding gives it. */
export function entriesOf(map: unknown): [number, number][] {
  if (!Array.isArray(map)) return [];
  return map.map((entry: { key?: unknown; value?: unknown }) => [Number(entry.key), Number(entry.value)]);
}

const finite = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

function threeOf(value: unknown): readonly [number, number, number] | null {
  if (!Array.isArray(value)) return null;
  const [low, middle, high] = value.map(Number);
  return low === undefined || middle === undefined || high === undefined ? null : [low, middle, high];
}

/** How the last rows of the columns of numbers repeat themselves, by their SQL. Rows of different sequences do not belong together. */
export async function autocorrelationsOf(rows: Rows): Promise<ReadonlyMap<string, Autocorrelation>> {
  const { table, source, count, time } = rows;
  const columns = rows.columns.filter(({ kind }) => kind === 'number');
  const each = Math.floor(Math.min(limits.lagRows, limits.lagValues / Math.max(1, columns.length)));
  const first = Math.max(0, count - each);
  if (columns.length === 0 || count - first < 3) return new Map();
  const asked = [time, ...columns].map((column) => (column === null ? 'NULL' : column.value));
  const sql = `SELECT ${asked.join(', ')} FROM ${source} WHERE place >= ${first} ORDER BY place`;
  const values = asked.map(() => new Float64Array(count - first).fill(Number.NaN));
  const result = await table.connection.stream(sql);
  for (let start = 0; ; ) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    values.forEach((into, i) => {
      const vector = chunk.getColumnVector(i);
      for (let row = 0; row < chunk.rowCount; row++) {
        const value = vector.getItem(row);
        if (typeof value === 'number') into[start + row] = value;
      }
    });
    start += chunk.rowCount;
  }
  const [times] = values;
  const step = time === null || times === undefined ? null : stepOf(times.filter((at) => !Number.isNaN(at)));
  // A season is looked for at more lags than are shown.
  const looks = columns.length * (count - first) <= limits.lagRows * 4;
  return new Map(
    columns.flatMap(({ value }, i): [string, Autocorrelation][] => {
      const own = values[i + 1] ?? new Float64Array();
      const found = autocorrelationOf(own, Math.min(limits.lags, Math.floor((count - first) / 2)));
      if (found === null) return [];
      const season = looks ? findSeason(withoutGaps(own), step) : null;
      return [[value, { values: [...found], rows: count - first, season: season?.rows ?? null }]];
    }),
  );
}

/** From the first value on, with the last value seen where one is missing. */
function withoutGaps(values: Float64Array): Float64Array {
  const from = values.findIndex((value) => !Number.isNaN(value));
  const known = values.slice(Math.max(0, from));
  forwardFill(known);
  return known;
}
