import { readFileSync } from 'node:fs';
import { baselinesFor } from '../../data/baselines';
import type { ForecastData } from '../../data/prepared';
import { parts } from '../../data/split';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import { type Forecast, type ForecastSeries, forecastBaselines } from '../../protocol/run';
import { writeAtomic } from '../runs/storage';
import type { Forecasts } from './forecasts';

const forecasters = ['forecast', ...forecastBaselines] as const;
const edges = ['low', 'high'] as const;
const written = [...forecasters, ...edges] as const;
const columns = ['row', 'time', 'part', 'step', 'truth', ...written] as const;
/** Where a file has several series, the last column names the one that a line is of, so that its commas are in nobody's way. */
const seriesColumn = 'series';

/** Forecasts of every forecaster for every row of the series, and the ends of the model's intervals; NaN where there is none. */
type Rows = Readonly<Record<(typeof written)[number], Float64Array>>;
type Baselines = Readonly<Record<Part, ReturnType<ForecastData['baselineForecasts']>>>;

/**
 * Writes predictions.csv: one line for each step of the horizon (from 1) and each row of the series (from 0), with the truth and what
 * was forecast for that row that many steps ahead; `low` and `high` are the interval of the model. Cells are empty where nothing was
 * forecast, such as in the first window of a part. Of several series each has its own lines and counts its own rows.
 */
export function writePredictions(file: string, data: ForecastData, model: Forecasts): void {
  const truth = data.series.columns[0]?.values ?? new Float64Array(0);
  const baselines = baselinesOf(data);
  const isSeveral = data.series.several !== undefined;
  const header = isSeveral ? [...columns, seriesColumn] : columns;
  const chunks = [Buffer.from(`${header.join(',')}\n`)];
  for (let step = 0; step < data.horizon; step++) {
    const rows = forecastsByRow(data, model, baselines, step);
    for (const { name: series, rows: own, split } of data.stretches) {
      const lines: string[] = [];
      const end = isSeveral ? `,${quoted(series ?? '')}\n` : '\n';
      for (const part of parts) {
        for (let row = split[part].start; row < split[part].end; row++) {
          const time = data.series.time === null ? '' : new Date(data.series.time[row] ?? Number.NaN).toISOString();
          const forecasts = written.map((name) => cell(rows[name][row])).join(',');
          lines.push(`${row - own.start},${time},${part},${step + 1},${cell(truth[row])},${forecasts}${end}`);
        }
      }
      chunks.push(Buffer.from(lines.join('')));
    }
  }
  writeAtomic(file, chunks);
}

/** What the baselines forecast for every window of every part. */
const baselinesOf = (data: ForecastData): Baselines => ({
  train: data.baselineForecasts('train'),
  validation: data.baselineForecasts('validation'),
  test: data.baselineForecasts('test'),
});

function forecastsByRow(data: ForecastData, model: Forecasts, baselines: Baselines, step: number): Rows {
  const { horizon, series } = data;
  const empty = () => new Float64Array(series.rows).fill(Number.NaN);
  const rows = Object.fromEntries(written.map((name) => [name, empty()])) as Record<keyof Rows, Float64Array>;
  const { intervals } = model;
  for (const part of parts) {
    const origins = data.origins(part);
    const spread = (forecasts: Float64Array, into: Float64Array) => {
      for (let window = 0; window < origins.length; window++) {
        into[(origins[window] ?? 0) + step] = forecasts[window * horizon + step] ?? Number.NaN;
      }
    };
    spread(model[part], rows.forecast);
    if (intervals !== null) for (const edge of edges) spread(intervals[edge][part], rows[edge]);
    for (const name of forecastBaselines) {
      const told = baselines[part][name];
      if (told !== undefined) spread(told, rows[name]);
    }
  }
  return rows;
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
  const rows = forecastsByRow(data, model, baselinesOf(data), horizonStep - 1);
  const { series, horizon, stretches, windowsOf } = data;
  const place = Math.max(
    0,
    stretches.findIndex(({ name }) => name === wanted),
  );
  const chosen = stretches[place];
  const { start, end } = chosen?.rows ?? { start: 0, end: 0 };
  const values = (of: Float64Array) =>
    Array.from(of.subarray(start, end), (value) => (Number.isNaN(value) ? null : value));
  const startOf = (part: Part) => (chosen?.split[part].start ?? start) - start;
  const beforeIn = (part: Part) => windowsOf[part].before[place] ?? 0;
  return {
    target: experiment.data.target,
    horizonStep,
    horizon,
    time: series.time === null ? null : Array.from(series.time.subarray(start, end)),
    truth: Array.from(series.columns[0]?.values.subarray(start, end) ?? []),
    starts: { train: startOf('train'), validation: startOf('validation'), test: startOf('test') },
    ...(series.several !== undefined && {
      several: {
        name: chosen?.name ?? '',
        before: { train: beforeIn('train'), validation: beforeIn('validation'), test: beforeIn('test') },
      },
    }),
    series: [
      { name: 'model', values: values(rows.forecast) },
      ...baselinesFor(experiment.data.season).map((name) => ({ name, values: values(rows[name]) })),
    ],
    band: model.intervals && { level: model.intervals.level, low: values(rows.low), high: values(rows.high) },
  };
}

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
  const all = readLines(file).filter((cells) => Number(cells[3]) === horizonStep);
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

function readLines(file: string): string[][] {
  try {
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    if (header === columns.join(',') || header === [...columns, seriesColumn].join(','))
      return lines.map((line) => line.split(','));
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
