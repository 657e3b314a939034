import { readFileSync } from 'node:fs';
import { baselinesFor } from '../../data/forecast/baselines';
import type { ForecastData } from '../../data/prepared';
import { parts } from '../../data/split';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Forecast, type ForecastSeries, forecastBaselines } from '../../protocol/run';
import { writeAtomic } from '../runs/storage';
import type { Forecasts } from './forecasts';

const forecasters = ['forecast', ...forecastBaselines] as const;
const written = [...forecasters, 'low', 'high'] as const;
const columns = ['row', 'time', 'part', 'step', 'truth', ...written] as const;
/** Where a file has several series, the last column names the one that a line is of, so that its commas are in nobody's way. */
const seriesColumn = 'series';

/** Forecasts of every forecaster, and the ends of the model's intervals; `[windows, horizon]` row-major for each part. */
type Told = Readonly<Record<Part, Readonly<Partial<Record<(typeof written)[number], Float64Array>>>>>;

/**
 * Writes predictions.csv: one line for each step of the horizon (from 1) and each row of the series (from 0), with the truth and what
 * was forecast for that row that many steps ahead; `low` and `high` are the interval of the model. Cells are empty where nothing was
 * forecast, such as in the first window of a part. Of several series each has its own lines and counts its own rows. Of a part in which
 * not every window is answered, the rows without a forecast are left out.
 */
export function writePredictions(file: string, data: ForecastData, model: Forecasts): void {
  const truth = data.series.columns[0]?.values ?? new Float64Array(0);
  const told = everythingTold(data, model);
  const isSeveral = data.series.several !== undefined;
  const header = isSeveral ? [...columns, seriesColumn] : columns;
  const chunks = [Buffer.from(`${header.join(',')}\n`)];
  for (let step = 0; step < data.horizon; step++) {
    for (const [s, { name: series, rows: own }] of data.stretches.entries()) {
      const lines: string[] = [];
      const end = isSeveral ? `,${quoted(series ?? '')}\n` : '\n';
      for (const part of parts) {
        for (const { row, entry } of rowsOf(data, part, s, step)) {
          const time = data.series.time === null ? '' : new Date(data.series.time[row] ?? Number.NaN).toISOString();
          const forecasts = written.map((name) => cell(told[part][name]?.[entry])).join(',');
          lines.push(`${row - own.start},${time},${part},${step + 1},${cell(truth[row])},${forecasts}${end}`);
        }
      }
      chunks.push(Buffer.from(lines.join('')));
    }
  }
  writeAtomic(file, chunks);
}

function everythingTold(data: ForecastData, model: Forecasts): Told {
  const of = (part: Part) => ({
    ...data.baselineForecasts(part),
    forecast: model[part],
    ...(model.intervals !== null && { low: model.intervals.low[part], high: model.intervals.high[part] }),
  });
  return { train: of('train'), validation: of('validation'), test: of('test') };
}

/** A row of which something is told, and the place of its forecasts in `[windows, horizon]`; -1 where there are none. */
interface ToldRow {
  readonly row: number;
  readonly entry: number;
}

/** The rows of a part of a series that are told of, for one step of the horizon: all, or those that are answered where not all windows are. */
function* rowsOf(data: ForecastData, part: Part, s: number, step: number): Generator<ToldRow, void, undefined> {
  const { lookback, horizon, stretches, windowsOf } = data;
  const { before, row: rowOf, step: every, isCut } = windowsOf[part];
  const [first, after] = [before[s] ?? 0, before[s + 1] ?? 0];
  const origin = (first < after ? rowOf(first) : Number.NaN) + lookback + step;
  if (every > 1 || isCut) {
    for (let window = first; window < after; window++) {
      const row = isCut ? rowOf(window) + lookback + step : origin + (window - first) * every;
      yield { row, entry: window * horizon + step };
    }
    return;
  }
  const { start, end } = stretches[s]?.split[part] ?? { start: 0, end: 0 };
  for (let row = start; row < end; row++) {
    const window = first + row - origin;
    yield { row, entry: window >= first && window < after ? window * horizon + step : -1 };
  }
}

/**
 * The same numbers as predictions.csv has for one step of the horizon, for a model whose training has not written them yet.
 * @param wanted which of several series; the first of them where there is no such one
 */
export function forecastAt(
  experiment: Experiment,
  data: ForecastData,
  model: Forecasts,
  horizonStep: number,
  wanted: string | null = null,
): Forecast {
  const told = everythingTold(data, model);
  const { series, horizon, stretches, windowsOf } = data;
  const place = Math.max(
    0,
    stretches.findIndex(({ name }) => name === wanted),
  );
  const rows = parts.map((part) => [...rowsOf(data, part, place, horizonStep - 1)]);
  const values = (name: (typeof written)[number]) =>
    parts.flatMap((part, p) => (rows[p] ?? []).map(({ entry }) => known(told[part][name]?.[entry])));
  const ofRows = (of: Float64Array) => rows.flatMap((own) => own.map(({ row }) => of[row] ?? Number.NaN));
  const [train = 0, validation = 0] = rows.map((own) => own.length);
  const beforeIn = (part: Part) => windowsOf[part].before[place] ?? 0;
  return {
    target: experiment.data.target,
    horizonStep,
    horizon,
    time: series.time === null ? null : ofRows(series.time),
    truth: ofRows(series.columns[0]?.values ?? new Float64Array(0)),
    starts: { train: 0, validation: train, test: train + validation },
    ...(series.several !== undefined && {
      several: {
        name: stretches[place]?.name ?? '',
        before: { train: beforeIn('train'), validation: beforeIn('validation'), test: beforeIn('test') },
      },
    }),
    series: [
      { name: 'model', values: values('forecast') },
      ...baselinesFor(experiment.data.season).map((name) => ({ name, values: values(name) })),
    ],
    band: model.intervals && { level: model.intervals.level, low: values('low'), high: values('high') },
  };
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/**
 * Reads predictions.csv back for one step of the horizon.
 * @param level how often the intervals in it should hold the truth; null where there are none
 * @param wanted which of several series; the first of them where there is no such one
 * @throws UnrollError `run` where the file is missing or damaged.
 */
export function readPredictions(
  file: string,
  experiment: Experiment,
  horizonStep: number,
  level: number | null = null,
  wanted: string | null = null,
): Forecast {
  const all = readLines(file, horizonStep);
  const isSeveral = experiment.data.series !== null;
  const nameOf = (cells: readonly string[]) => unquoted(cells.slice(columns.length).join(','));
  const named = oneLine(wanted ?? '');
  const first = Math.max(
    0,
    all.findIndex((cells) => isSeveral && nameOf(cells) === named),
  );
  const name = nameOf(all[first] ?? []);
  const lines = isSeveral ? all.filter((cells) => nameOf(cells) === name) : all;
  const starts = { train: 0, validation: 0, test: 0 };
  // A part without rows starts where the next one does.
  for (const part of parts) starts[part] = lines.filter((cells) => isBefore(cells[2], part)).length;
  const values = (name: (typeof columns)[number]) => lines.map((cells) => parse(cells[columns.indexOf(name)]));
  const series: ForecastSeries[] = [{ name: 'model', values: values('forecast') }];
  for (const name of baselinesFor(experiment.data.season)) series.push({ name, values: values(name) });
  return {
    target: experiment.data.target,
    horizonStep,
    horizon: experiment.data.horizon,
    time: experiment.data.time === null ? null : lines.map((cells) => Date.parse(cells[1] ?? '')),
    truth: values('truth').map((value) => value ?? Number.NaN),
    starts,
    ...(isSeveral && { several: { name, before: windowsIn(all.slice(0, first)) } }),
    series,
    band: level === null ? null : { level, low: values('low'), high: values('high') },
  };
}

/** The lines of one step of the horizon; the others are not taken apart. */
function readLines(file: string, step: number): string[][] {
  const isOfStep = (line: string) => line.split(',', 4)[3] === String(step);
  try {
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    if (header === columns.join(',') || header === [...columns, seriesColumn].join(','))
      return lines.filter(isOfStep).map((line) => line.split(','));
  } catch {
    // Said below.
  }
  throw new UnrollError('run', '{0} is missing or damaged; train the run again to have its forecasts.', file);
}

/** Windows of each part among some lines: each has one line of a step of the horizon that holds its forecast. */
function windowsIn(lines: readonly (readonly string[])[]): Record<Part, number> {
  const place = columns.indexOf('forecast');
  const count = (part: Part) => lines.filter((cells) => cells[2] === part && cells[place] !== '').length;
  return { train: count('train'), validation: count('validation'), test: count('test') };
}

/** A name as it stands at the end of a line; what would end the line becomes a blank. */
const oneLine = (name: string) => name.replace(/[\r\n]+/g, ' ');
const quoted = (name: string) => (/[",\r\n]/.test(name) ? `"${oneLine(name).replace(/"/g, '""')}"` : name);
const unquoted = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replace(/""/g, '"') : text);
const isBefore = (name: string | undefined, part: Part) => parts.indexOf(name as Part) < parts.indexOf(part);
const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : String(value));
const parse = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
