import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { metricTitle } from '../extension/protocol/metrics';
import type { Metrics } from '../extension/protocol/run';
import { type TaskRow, taskRows } from './taskRows';

// What the product reaches on data that others have published results on: each row is `unroll train` of a sample experiment on a copy of
// the data, judged by the run's own report.

interface Result {
  readonly data: string;
  readonly task: string;
  readonly metric: string;
  readonly value: number | null;
  readonly target: number;
  readonly reached: boolean;
  readonly seconds: number;
}

/** What a run came to. */
interface Trained {
  readonly test: Metrics;
  readonly baselines: Readonly<Record<string, Metrics>>;
  readonly seconds: number;
}

const cli = path.resolve('dist/cli.js');
const samples = path.resolve('samples/tasks');
const stem = (data: string) => path.parse(data).name;

async function main(): Promise<void> {
  const { values: options } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
  });
  const folder = process.env['UNROLL_DATA_DIR'];
  if (folder === undefined || !existsSync(folder)) {
    throw new Error('Set UNROLL_DATA_DIR to the folder that holds the data; bench/README.md lists the files.');
  }
  if (!existsSync(cli)) throw new Error('There is no dist/cli.js; run npm run build first.');
  const only = options.only?.split(',');
  const known = new Set(taskRows.map(({ data }) => stem(data)));
  const unknown = only?.find((name) => !known.has(name));
  if (unknown !== undefined) {
    throw new Error(`There is no row of ${unknown}; --only takes some of ${[...known].join(',')}.`);
  }
  const rows = taskRows.filter(({ data }) => only === undefined || only.includes(stem(data)));
  if (!options.json) console.log(line(['data', 'task', 'metric', 'value', 'target', 'reached', 'seconds']));
  const trained = new Map<string, Trained | null>();
  for (const row of rows) {
    if (!existsSync(path.join(folder, row.data))) {
      console.error(`${row.data} is not in ${folder}; its row is left out.`);
      continue;
    }
    const run = trained.get(row.data) ?? (await train(row, folder));
    trained.set(row.data, run);
    for (const result of resultsOf(row, run)) {
      console.log(options.json ? JSON.stringify(result) : tableLine(result));
    }
  }
}

/** Trains what a row asks for on a copy of its data, in a folder that is taken away again; null where it failed. */
async function train(row: TaskRow, folder: string): Promise<Trained | null> {
  const work = mkdtempSync(path.join(tmpdir(), 'unroll-tasks-'));
  try {
    copyData(row, path.join(folder, row.data), path.join(work, row.data));
    const name = `${stem(row.data)}.unroll.json`;
    cpSync(path.join(samples, name), path.join(work, name));
    return await runTraining(name, work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function copyData({ rows }: TaskRow, from: string, to: string): void {
  if (rows === undefined) cpSync(from, to, { recursive: true });
  else {
    const lines = readFileSync(from, 'utf8').split(/\r?\n/);
    writeFileSync(to, `${lines.slice(0, rows + 1).join('\n')}\n`);
  }
}

/** What `unroll train` says at its end; null, with its words on standard error, where it failed. */
async function runTraining(experiment: string, cwd: string): Promise<Trained | null> {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, 'train', experiment, '--json'], {
    cwd,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  const status = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  const last = out.trimEnd().split('\n').at(-1) ?? '';
  if (status !== 0 || last === '') return null;
  const { test, baselines } = JSON.parse(last) as Trained;
  return { test, baselines, seconds: (performance.now() - start) / 1000 };
}

/** One result, and where a row asks for it one more: how the model stands to linear autoregression. */
function resultsOf({ data, task, metric, target, better, beatsLinear }: TaskRow, run: Trained | null): Result[] {
  const seconds = Math.round(run?.seconds ?? 0);
  const value = measured(metric, run?.test);
  const linear = measured(metric, run?.baselines['linear']);
  const isReached = (reached: number | null, wanted: number) =>
    reached !== null && (better === 'less' ? reached < wanted : reached >= wanted);
  const result = { data, task, metric, value, target, reached: isReached(value, target), seconds };
  if (beatsLinear === undefined || value === null || linear === null) return [result];
  const ratio = value / linear;
  return [result, { ...result, metric: `${metric} / linear`, value: ratio, target: 1, reached: ratio < 1 }];
}

/** A metric; null where the run failed or does not have it. */
function measured(metric: string, metrics: Metrics | undefined): number | null {
  if (metric !== 'mse') return metrics?.[metric] ?? null;
  const { rmse } = metrics ?? {};
  return rmse === undefined ? null : rmse ** 2;
}

const widths = [28, 32, 16, 10, 8, 8, 8];
const line = (cells: readonly string[]) =>
  cells.map((cell, i) => (i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ');

function tableLine({ data, task, metric, value, target, reached, seconds }: Result): string {
  const [name = '', ...more] = metric.split(' ');
  const title = [metricTitle(name), ...more].join(' ');
  const shown = value === null ? 'failed' : value.toPrecision(4);
  return line([data, task, title, shown, String(target), reached ? 'yes' : 'no', String(seconds)]);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
