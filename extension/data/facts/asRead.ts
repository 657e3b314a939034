import path from 'node:path';
import type { Part } from '../../protocol/data';
import type { Experiment } from '../../protocol/experiment';
import type { ReadFacts, ReadSeries } from '../../protocol/facts';
import { loadData } from '../load';
import type { Stretch } from '../several/stretches';
import type { Reading } from '../table/reading';
import { factLimits as limits, shortened } from './limits';

/**
 * Whether a forecast is learnt from other rows than those of the file in their order: several series, rows for stretches of time, rows put
 * into gaps, or gaps that windows stop at.
 */
export const readsOtherwise = ({ task, data }: Experiment): boolean =>
  task === 'forecast' &&
  (data.series !== null || data.resample !== null || data.gaps !== 'keep' || data.fillLimit !== null);

/** The series of a forecast as its training reads them, by the code that reads them there; the longest are drawn. */
export async function readFactsOf(file: string, experiment: Experiment, reading: Reading): Promise<ReadFacts | null> {
  const prepared = await loadData(path.dirname(file), experiment, reading);
  if (prepared.task !== 'forecast') return null;
  const { series, stretches } = prepared;
  const [target] = series.columns;
  if (target === undefined) return null;
  const { values } = target;
  const length = ({ rows }: Stretch) => rows.end - rows.start;
  const longest = stretches.toSorted((a, b) => length(b) - length(a)).slice(0, limits.drawnSeries);
  const rowsOf = (part: Part) => stretches.reduce((sum, { split }) => sum + split[part].end - split[part].start, 0);
  return {
    target: shortened(target.name),
    rows: { train: rowsOf('train'), validation: rowsOf('validation'), test: rowsOf('test') },
    count: stretches.length,
    series: longest.map((stretch) => drawn(stretch, values, series.time)),
    notes: series.notes,
  };
}

function drawn({ name, rows, split, cuts }: Stretch, values: Float64Array, time: Float64Array | null): ReadSeries {
  const { start, end } = rows;
  const count = end - start;
  const isExact = count <= 2 * limits.seriesStretches;
  const stretches = isExact ? count : limits.seriesStretches;
  const at = Array.from({ length: stretches }, (_, i) => Math.ceil((i * count) / stretches));
  const ends = at.map((from, i) => {
    const own = values.subarray(start + from, start + (at[i + 1] ?? count)).filter((value) => !Number.isNaN(value));
    return own.length === 0
      ? null
      : ([own.reduce((a, b) => Math.min(a, b)), own.reduce((a, b) => Math.max(a, b))] as const);
  });
  const own = cuts.map((row) => row - start);
  return {
    name: name === null ? null : shortened(name),
    rows: count,
    at,
    low: ends.map((each) => each?.[0] ?? null),
    high: isExact ? null : ends.map((each) => each?.[1] ?? null),
    times: time === null ? null : at.map((from) => time[start + from] ?? Number.NaN),
    split: { validation: split.validation.start - start, test: split.test.start - start, end: split.test.end - start },
    cuts: own.slice(0, limits.drawnCuts),
    moreCuts: Math.max(0, own.length - limits.drawnCuts),
  };
}
