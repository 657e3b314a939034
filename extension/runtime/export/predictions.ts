import { readFileSync } from 'node:fs';
import { baselinesFor } from '../../data/forecast/baselines';
import { targetsOf } from '../../data/forecast/readForecast';
import type { ForecastData } from '../../data/prepared';
import { parts } from '../../data/split';
import type { Part } from '../../protocol/data';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import {
  type Forecast,
  type ForecastChoice,
  type ForecastSeries,
  forecastBaselines,
  mostSeriesNamed,
} from '../../protocol/run';
import { writeAtomic } from '../runs/storage';
import type { Forecasts } from './forecasts';

const forecasters = ['forecast', ...forecastBaselines] as const;
const written = [...forecasters, 'low', 'high'] as const;
const columns = ['row', 'time', 'part', 'step', 'truth', ...written] as const;
/** The last columns name the target and the series that a line is of, where there are several, so that their commas are in nobody's way. */
const naming = ({ data }: Pick<Experiment, 'data'>): readonly ('target' | 'series')[] => [
  ...(data.moreTargets.length > 0 ? (['target'] as const) : []),
  ...(data.series === null ? [] : (['series'] as const)),
];

/** Forecasts of every forecaster, and the ends of the model's intervals; `[windows, targets, horizon]` row-major for each part. */
type Told = Readonly<Record<Part, Readonly<Partial<Record<(typeof written)[number], Float64Array>>>>>;

/**
 * Writes predictions.csv: one line for each step of the horizon (from 1) and each row of the series (from 0), with the truth and what
 * was forecast for that row that many steps ahead; `low` and `high` are the interval of the model. Cells are empty where nothing was
 * forecast, such as in the first window of a part. Of several series, and of several targets, each has its own lines, and series count their own
 * rows. Of a part in which
 * not every window is answered, the rows without a forecast are left out.
 */
export function writePredictions(file: string, experiment: Experiment, data: ForecastData, model: Forecasts): void {
  const told = everythingTold(data, model);
  const named = naming(experiment);
  const header = [...columns, ...named];
  const chunks = [Buffer.from(`${header.join(',')}\n`)];
  for (let step = 0; step < data.horizon; step++) {
    for (const [k, target] of data.targets.entries()) {
      for (const [s, { name: series, rows: own }] of data.stretches.entries()) {
        const lines: string[] = [];
        const names = { target: target.name, series: series ?? '' };
        const end = named.map((name) => `,${quoted(names[name])}`).join('');
        for (const part of parts) {
          for (const { row, entry } of rowsOf(data, part, { s, k, step })) {
            const time = data.series.time === null ? '' : new Date(data.series.time[row] ?? Number.NaN).toISOString();
            const forecasts = written.map((name) => cell(told[part][name]?.[entry])).join(',');
            const truth = cell(target.values[row]);
            lines.push(`${row - own.start},${time},${part},${step + 1},${truth},${forecasts}${end}\n`);
          }
        }
        chunks.push(Buffer.from(lines.join('')));
      }
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

/** A row of which something is told, and the place of its forecasts in `[windows, targets, horizon]`; -1 where there are none. */
interface ToldRow {
  readonly row: number;
  readonly entry: number;
}

/** Of which series and target, by their numbers, and how many steps ahead less one. */
interface Place {
  readonly s: number;
  readonly k: number;
  readonly step: number;
}

/** The rows of a part of a series that are told of: all, or those that are answered where not all windows are. */
function* rowsOf(data: ForecastData, part: Part, { s, k, step }: Place): Generator<ToldRow, void, undefined> {
  const { lookback, horizon, stretches, windowsOf, targets } = data;
  const entryOf = (window: number) => (window * targets.length + k) * horizon + step;
  const { before, row: rowOf, step: every, isCut } = windowsOf[part];
  const [first, after] = [before[s] ?? 0, before[s + 1] ?? 0];
  const origin = (first < after ? rowOf(first) : Number.NaN) + lookback + step;
  if (every > 1 || isCut) {
    for (let window = first; window < after; window++) {
      const row = isCut ? rowOf(window) + lookback + step : origin + (window - first) * every;
      yield { row, entry: entryOf(window) };
    }
    return;
  }
  const { start, end } = stretches[s]?.split[part] ?? { start: 0, end: 0 };
  for (let row = start; row < end; row++) {
    const window = first + row - origin;
    yield { row, entry: window >= first && window < after ? entryOf(window) : -1 };
  }
}

/**
 * The same numbers as predictions.csv has for one step of the horizon, for a model whose training has not written them yet.
 * @param wanted the first of several series or targets is taken where there is no such one
 */
export function forecastAt(
  experiment: Experiment,
  data: ForecastData,
  model: Forecasts,
  { horizonStep, ...wanted }: ForecastChoice,
): Forecast {
  const told = everythingTold(data, model);
  const { series, horizon, stretches, windowsOf, targets } = data;
  const placeOf = (all: readonly { readonly name: string | null }[], name: string | null) =>
    Math.max(
      0,
      all.findIndex((each) => each.name === name),
    );
  const [place, k] = [placeOf(stretches, wanted.series), placeOf(targets, wanted.target)];
  const rows = parts.map((part) => [...rowsOf(data, part, { s: place, k, step: horizonStep - 1 })]);
  const values = (name: (typeof written)[number]) =>
    parts.flatMap((part, p) => (rows[p] ?? []).map(({ entry }) => known(told[part][name]?.[entry])));
  const ofRows = (of: Float64Array) => rows.flatMap((own) => own.map(({ row }) => of[row] ?? Number.NaN));
  const [train = 0, validation = 0] = rows.map((own) => own.length);
  const beforeIn = (part: Part) => windowsOf[part].before[place] ?? 0;
  const start = stretches[place]?.rows.start ?? 0;
  const forecasts = values('forecast');
  return {
    ...named(experiment, targets[k]?.name ?? null),
    horizonStep,
    horizon,
    time: series.time === null ? null : ofRows(series.time),
    truth: ofRows(targets[k]?.values ?? new Float64Array(0)),
    starts: { train: 0, validation: train, test: train + validation },
    ...sampledOf(
      rows.flatMap((own) => own.map(({ row }) => row - start)),
      train,
      forecasts,
    ),
    ...(series.several !== undefined && {
      several: {
        name: stretches[place]?.name ?? '',
        names: stretches.slice(0, mostSeriesNamed).map((stretch) => stretch.name ?? ''),
        before: { train: beforeIn('train'), validation: beforeIn('validation'), test: beforeIn('test') },
      },
    }),
    series: [
      { name: 'model', values: forecasts },
      ...baselinesFor(experiment.data.season).map((name) => ({ name, values: values(name) })),
    ],
    band: model.intervals && { level: model.intervals.level, low: values('low'), high: values('high') },
  };
}

/** Which rows are told of, where it is not all of them. @param train how many of these lie in the training part */
function sampledOf(
  rows: readonly number[],
  train: number,
  forecasts: readonly (number | null)[],
): Pick<Forecast, 'sampled'> {
  if (rows.every((row, i) => row === i)) return {};
  const told = rows.slice(0, train).filter((_, i) => forecasts[i] !== null);
  // Where there are gaps, two neighbours may lie further apart.
  const every = told.reduce((least, row, i) => (i === 0 ? least : Math.min(least, row - (told[i - 1] ?? 0))), Infinity);
  return { sampled: { rows, every: Number.isFinite(every) ? every : 1 } };
}

const known = (value: number | undefined): number | null => (value === undefined || Number.isNaN(value) ? null : value);

/** What a forecast is of. */
function named({ data }: Experiment, target: string | null): Pick<Forecast, 'target' | 'targets'> {
  const targets = targetsOf(data);
  const chosen = targets.find((name) => name === target) ?? data.target;
  return { target: chosen, ...(targets.length > 1 && { targets }) };
}

/**
 * Reads predictions.csv back for one step of the horizon.
 * @param wanted the first of several series or targets is taken where there is no such one
 * @param level how often the intervals in it should hold the truth; null where there are none
 * @throws UnrollError `run` where the file is missing or damaged.
 */
export function readPredictions(
  file: string,
  experiment: Experiment,
  { horizonStep, ...wanted }: ForecastChoice,
  level: number | null = null,
): Forecast {
  const names = naming(experiment);
  const of = named(experiment, wanted.target);
  const tailOf = (cells: readonly string[]) => fieldsOf(cells.slice(columns.length).join(','));
  const seriesOf = (cells: readonly string[]) => tailOf(cells)[names.indexOf('series')] ?? '';
  const goal = oneLine(of.target);
  const isOfTarget = (cells: readonly string[]) => !names.includes('target') || tailOf(cells)[0] === goal;
  const all = readLines(file, names, horizonStep).filter(isOfTarget);
  const isSeveral = names.includes('series');
  const series = oneLine(wanted.series ?? '');
  const first = Math.max(
    0,
    all.findIndex((cells) => isSeveral && seriesOf(cells) === series),
  );
  const name = seriesOf(all[first] ?? []);
  const lines = isSeveral ? all.filter((cells) => seriesOf(cells) === name) : all;
  const starts = { train: 0, validation: 0, test: 0 };
  // A part without rows starts where the next one does.
  for (const part of parts) starts[part] = lines.filter((cells) => isBefore(cells[2], part)).length;
  const values = (name: (typeof columns)[number]) => lines.map((cells) => parse(cells[columns.indexOf(name)]));
  const told = values('forecast');
  const forecasts: ForecastSeries[] = [{ name: 'model', values: told }];
  for (const baseline of baselinesFor(experiment.data.season)) {
    forecasts.push({ name: baseline, values: values(baseline) });
  }
  return {
    ...of,
    horizonStep,
    horizon: experiment.data.horizon,
    time: experiment.data.time === null ? null : lines.map((cells) => Date.parse(cells[1] ?? '')),
    truth: values('truth').map((value) => value ?? Number.NaN),
    starts,
    ...sampledOf(
      lines.map(([row]) => Number(row)),
      starts.validation,
      told,
    ),
    ...(isSeveral && {
      several: { name, names: namesIn(all.map(seriesOf)), before: windowsIn(all.slice(0, first)) },
    }),
    series: forecasts,
    band: level === null ? null : { level, low: values('low'), high: values('high') },
  };
}

/** The lines of one step of the horizon; the others are not taken apart. */
function readLines(file: string, names: readonly string[], step: number): string[][] {
  const isOfStep = (line: string) => line.split(',', 4)[3] === String(step);
  try {
    const [header, ...lines] = readFileSync(file, 'utf8').trimEnd().split('\n');
    if (header === [...columns, ...names].join(',')) return lines.filter(isOfStep).map((line) => line.split(','));
  } catch {
    // Said below.
  }
  throw new UnrollError('run', '{0} is missing or damaged; train the run again to have its forecasts.', file);
}

/** The different ones of names of which the same ones follow one another. */
const namesIn = (all: readonly string[]) => all.filter((name, i) => name !== all[i - 1]).slice(0, mostSeriesNamed);

/** Windows of each part among some lines: each has one line of a step of the horizon that holds its forecast. */
function windowsIn(lines: readonly (readonly string[])[]): Record<Part, number> {
  const place = columns.indexOf('forecast');
  const count = (part: Part) => lines.filter((cells) => cells[2] === part && cells[place] !== '').length;
  return { train: count('train'), validation: count('validation'), test: count('test') };
}

/** A name as it stands at the end of a line; what would end the line becomes a blank. */
const oneLine = (name: string) => name.replace(/[\r\n]+/g, ' ');
const quoted = (name: string) => (/[",\r\n]/.test(name) ? `"${oneLine(name).replace(/"/g, '""')}"` : name);
/** The fields of the end of a line, of which any may be quoted. */
const fieldsOf = (text: string) =>
  Array.from(text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, inQuotes, plain]) =>
    inQuotes === undefined ? (plain ?? '') : inQuotes.replace(/""/g, '"'),
  );
const isBefore = (name: string | undefined, part: Part) => parts.indexOf(name as Part) < parts.indexOf(part);
const cell = (value: number | undefined) => (value === undefined || Number.isNaN(value) ? '' : String(value));
const parse = (text: string | undefined) => (text === undefined || text === '' ? null : Number(text));
