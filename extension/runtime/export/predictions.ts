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

/** Forecasts of every forecaster for every row of the series, and the ends of the model's intervals; NaN where there is none. */
type Rows = Readonly<Record<(typeof written)[number], Float64Array>>;
type Baselines = Readonly<Record<Part, ReturnType<ForecastData['baselineForecasts']>>>;

/**
 * Writes predictions.csv: one line for each step of the horizon (from 1) and each row of the series (from 0), with the truth and what
 * was forecast for that row that many steps ahead; `low` and `high` are the interval of the model. Cells are empty where nothing was forecast, such as in the first window of a part.
 */
export function writePredictions(file: string, data: ForecastData, model: Forecasts): void {
  const truth = data.series.columns[0]?.values ?? new Float64Array(0);
  const baselines = baselinesOf(data);
  const chunks = [Buffer.from(`${columns.join(',')}\n`)];
  for (let step = 0; step < data.horizon; step++) {
    const rows = forecastsByRow(data, model, baselines, step);
    const lines: string[] = [];
    for (const part of parts) {
      for (let row = data.split[part].start; row < data.split[part].end; row++) {
        const time = data.series.time === null ? '' : new Date(data.series.time[row] ?? Number.NaN).toISOString();
        const forecasts = written.map((name) => cell(rows[name][row])).join(',');
        lines.push(`${row},${time},${part},${step + 1},${cell(truth[row])},${forecasts}\n`);
      }
    }
    chunks.push(Buffer.from(lines.join('')));
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

/** The same numbers as predictions.csv has for one step of the horizon, for a model whose training has not written them yet. */
export function forecastAt(
  experiment: Experiment,
  data: ForecastData,
  model: Forecasts,
  horizonStep: number,
): Forecast {
  const rows = forecastsByRow(data, model, baselinesOf(data), horizonStep - 1);
  const values = (of: Float64Array) => Array.from(of, (value) => (Number.isNaN(value) ? null : value));
  const { series, split, horizon } = data;
  return {
    target: experiment.data.target,
    horizonStep,
    horizon,
    time: series.time === null ? null : Array.from(series.time),
    truth: Array.from(series.columns[0]?.values ?? []),
    starts: { train: split.train.start, validation: split.validation.start, test: split.test.start },
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
 * @throws UnrollError `run` where the file is missing or damaged.
 */
export function readPredictions(
  file: string,
  experiment: Experiment,
  horizonStep: number,
  level: number | null = null,
): Forecast {
  const lines = readLines(file).filter((cells) => Number(cells[3]) === horizonStep);
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
    series,
    band: level === null ? null : { level, low: values('low'), high: values('high') },
  };
}

function readLines(file: string): string[][] {
  try {
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    if (header === columns.join(',')) return lines.map((line) => line.split(','));
  } catch {
    // Said below.
  }
  throw new UnrollError('run', '{0} is missing or damaged; train the run again to have its forecasts.', file);
}

const isBefore = (name: string | undefined, part: Part) => parts.indexOf(name as Part) < parts.indexOf(part);
const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : String(value));
const parse = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
