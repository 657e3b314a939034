// npm run bench:streaming: a long series that is kept in a file, beside the same one in memory.
import { fork } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { batchFeeds } from '../extension/core/model/feeds';
import { modelSpec } from '../extension/core/model/spec';
import { permutation } from '../extension/core/random';
import { newBatch } from '../extension/data/batch';
import { propose } from '../extension/data/choices/propose';
import { loadData } from '../extension/data/load';
import type { Experiment } from '../extension/protocol/experiment';
import { finishRun } from '../extension/runtime/export/finish';
import { TrainableModel } from '../extension/runtime/training/model';
import { inTurns, type TakeStep } from './turns';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rows: { type: 'string', default: '10000000' },
    columns: { type: 'string', default: '10' },
    series: { type: 'string', default: '1' },
    lookback: { type: 'string', default: '24' },
    horizon: { type: 'string', default: '4' },
    units: { type: 'string', default: '32' },
    batch: { type: 'string', default: '32' },
    turns: { type: 'string', default: '12' },
    format: { type: 'string', default: 'csv' },
    folder: { type: 'string' },
    part: { type: 'string' },
  },
});
const [rows, columns, series, lookback, horizon, units, batch, turns] = (
  ['rows', 'columns', 'series', 'lookback', 'horizon', 'units', 'batch', 'turns'] as const
).map((name) => Number(values[name])) as [number, number, number, number, number, number, number, number];
const device = { provider: 'cpu', threads: 1 } as const;
/** Rows of the table that the memory of the long one is compared with: what the program and the model take is in both. */
const fewRows = 20_000;
const passes = 200;

const nameOf = (length: number) => `rows${length}.${values.format}`;

/** Writes a table that its length alone determines: a season, other waves and hashes for noise, one row a minute of each series. */
async function writeTable(folder: string, length: number): Promise<void> {
  if (existsSync(path.join(folder, nameOf(length)))) return;
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '1GB' });
  const connection = await instance.connect();
  const noise = (column: number) => `(hash(i * ${columns} + ${column}) % 1000003) / 1000003.0`;
  const features = Array.from(
    { length: columns - 1 },
    (_, k) => `round(sin(i * 0.0${k + 13}) * ${k + 1} + ${noise(k + 1)}, 4) AS x${k + 1}`,
  );
  const target = `round(10 + 5 * sin(i * 2 * pi() / 1440) + sin(i * 0.013) + ${noise(0)}, 4) AS y`;
  const time = `strftime(TIMESTAMP '2000-01-01' + to_minutes(i // ${series}), '%Y-%m-%d %H:%M') AS time`;
  const place = series === 1 ? [] : [`'place ' || (i % ${series}) AS place`];
  const as = values.format === 'parquet' ? 'FORMAT parquet' : 'HEADER';
  const file = path.join(folder, nameOf(length)).replaceAll("'", "''");
  await connection.run(
    `COPY (SELECT ${[time, ...place, target, ...features].join(', ')} FROM range(${length}) t(i)) TO '${file}' (${as})`,
  );
  connection.closeSync();
  instance.closeSync();
}

const draftOf = (length: number) => ({
  task: 'forecast',
  data: {
    path: nameOf(length),
    time: 'time',
    series: series === 1 ? null : 'place',
    target: 'y',
    features: Array.from({ length: columns - 1 }, (_, k) => `x${k + 1}`),
    lookback,
    horizon,
  },
  model: { layers: [{ cell: 'lstm', hidden: units }] },
  training: { batch, epochs: 1, seed: 1 },
  device,
});

/** Takes steps through the windows of a first epoch, filling a batch for each. */
function stepsOf(model: TrainableModel, windows: number, { training }: Experiment): TakeStep {
  const order = permutation(windows, training.seed, 0);
  let number = 0;
  return async () => {
    const at = (number * batch) % (windows - batch);
    const began = performance.now();
    const { loss } = await model.pass({
      windows: order.subarray(at, at + batch),
      batch: number,
      stretch: 0,
      number,
      step: ++number,
      learningRate: training.optimizer.learningRate,
      share: 1,
      truthful: 1,
    });
    return { ms: performance.now() - began, loss };
  };
}

/** Milliseconds of a step on data in a file and in memory, in turns in one process, and whether the losses are the same to the bit. */
async function speed(folder: string) {
  const { experiment } = await propose(folder, draftOf(rows));
  const sides = await Promise.all(
    [undefined, Number.POSITIVE_INFINITY].map(async (held) => {
      const data = await loadData(folder, experiment, held === undefined ? {} : { held });
      const model = await TrainableModel.open(experiment, data, device);
      return { model, data, take: stepsOf(model, data.windows.train, experiment) };
    }),
  );
  const losses: number[][] = sides.map(() => []);
  const [inFile = Number.NaN, inMemory = Number.NaN] = await inTurns(
    sides.map(
      ({ take }, side): TakeStep =>
        async () => {
          const step = await take();
          losses[side]?.push(step.loss);
          return step;
        },
    ),
    turns,
  );
  const fill = sides.map(({ data }) => fillMs(data, experiment));
  for (const { model } of sides) await model.release();
  return {
    ...{ fileMs: inFile, memoryMs: inMemory, ratio: inMemory / inFile, fillFileMs: fill[0], fillMemoryMs: fill[1] },
    sameLosses: losses[0]?.every((loss, i) => Object.is(loss, losses[1]?.[i])) ?? false,
  };
}

/** Milliseconds that filling a batch takes. */
function fillMs(data: Awaited<ReturnType<typeof loadData>>, experiment: Experiment): number {
  const buffers = newBatch(batchFeeds(modelSpec(experiment, data.shape), batch));
  const order = permutation(data.windows.train, 2, 0);
  const began = performance.now();
  for (let k = 0; k < passes; k++) data.fill('train', order.subarray(k * batch, (k + 1) * batch), batch, buffers);
  return (performance.now() - began) / passes;
}

/** All that a training does once, with so many passes instead of an epoch: the peak of this process, and what took how long. */
async function memory(folder: string) {
  const seconds: Record<string, number> = {};
  const megabytes: Record<string, number> = {};
  const timed = async <T>(stage: string, act: () => Promise<T>): Promise<T> => {
    const began = performance.now();
    const done = await act();
    seconds[stage] = Number(((performance.now() - began) / 1000).toFixed(1));
    megabytes[stage] = peak();
    return done;
  };
  const { experiment } = await timed('propose', () => propose(folder, draftOf(rows)));
  const data = await timed('load', () => loadData(folder, experiment));
  const model = await TrainableModel.open(experiment, data, device);
  const take = stepsOf(model, data.windows.train, experiment);
  await timed('passes', async () => {
    for (let pass = 0; pass < passes; pass++) await take();
  });
  await timed('validation', () => model.evaluate('validation'));
  const run = mkdtempSync(path.join(folder, 'run'));
  const trained = { device, bestEpoch: 1, seconds: 0 };
  await timed('finish', () => finishRun(run, experiment, data, model.bestParameters(), trained));
  await model.release();
  return { seconds, megabytes, peak: peak() };
}

/** The most that this process has had resident, in MB. */
const peak = () => Math.round((process.resourceUsage().maxRSS * 1024) / 1e6);

type Memory = Awaited<ReturnType<typeof memory>>;

/** The same in a process of its own, so that nothing else is in its peak. */
function inProcess(folder: string, length: number): Promise<Memory> {
  return new Promise((resolve, reject) => {
    const args = process.argv.slice(2);
    const child = fork(__filename, [...args, '--part', 'memory', '--rows', String(length), '--folder', folder]);
    child.once('message', (message) => resolve(message as Memory));
    child.once('exit', (code) => reject(new Error(`The measuring process ended with ${code} and told nothing.`)));
  });
}

async function main(): Promise<void> {
  if (values.part === 'memory') {
    const told = await memory(values.folder ?? '');
    if (process.send === undefined) console.log(JSON.stringify(told));
    else process.send(told, () => process.disconnect());
    return;
  }
  const folder = values.folder ?? mkdtempSync(path.join(existsSync('/var/tmp') ? '/var/tmp' : os.tmpdir(), 'unroll-'));
  try {
    await writeTable(folder, rows);
    await writeTable(folder, fewRows);
    const [few, many] = [await inProcess(folder, fewRows), await inProcess(folder, rows)];
    const { fileMs, memoryMs, ratio, fillFileMs, fillMemoryMs, sameLosses } = await speed(folder);
    const row = {
      ...{ rows, columns, series, format: values.format, lookback, horizon, units, batch },
      ...{
        fewMegabytes: few.peak,
        manyMegabytes: many.peak,
        besideModel: many.peak - few.peak,
        seconds: many.seconds,
        megabytes: many.megabytes,
      },
      ...{ fileMs, memoryMs, ratio, fillFileMs, fillMemoryMs, sameLosses },
    };
    console.log(values.json ? JSON.stringify(row) : textOf(row));
  } finally {
    if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
  }
}

const textOf = (row: Readonly<Record<string, unknown>>) =>
  Object.entries(row)
    .map(([name, value]) => `${name.padEnd(14)}${typeof value === 'number' ? rounded(value) : JSON.stringify(value)}`)
    .join('\n');
const rounded = (value: number) => String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
