import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Draft } from '../extension/protocol/experiment';
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
  const rows = taskRows.filter(({ data }) => only === undefined || only.includes(stem(data)));
  if (!options.json) console.log(line(['data', 'task', 'metric', 'value', 'target', 'reached', 'seconds']));
  const trained = new Map<string, readonly Trained[]>();
  for (const row of rows) {
    if (!existsSync(path.join(folder, row.data))) {
      console.error(`${row.data} is not in ${folder}; its row is left out.`);
      continue;
    }
    const runs = trained.get(row.data) ?? (await train(row, folder));
    trained.set(row.data, runs);
    for (const result of resultsOf(row, runs, path.join(folder, row.data))) {
      console.log(options.json ? JSON.stringify(result) : tableLine(result));
    }
  }
}

/** Trains what a row asks for, each model on a copy of its data in a folder that is taken away again. */
async function train(row: TaskRow, folder: string): Promise<readonly Trained[]> {
  const work = mkdtempSync(path.join(tmpdir(), 'unroll-tasks-'));
  try {
    copyData(row, path.join(folder, row.data), path.join(work, row.data));
    const name = `${stem(row.data)}.unroll.json`;
    const draft = JSON.parse(readFileSync(path.join(samples, name), 'utf8')) as Draft;
    const runs: Trained[] = [];
    for (const target of row.columns ?? [null]) {
      const features = row.columns?.filter((column) => column !== target) ?? [];
      const data = target === null ? draft.data : { ...draft.data, target, features };
      writeFileSync(path.join(work, name), JSON.stringify({ ...draft, data }));
      const run = await runTraining(name, work);
      if (run === null) return [];
      runs.push(run);
    }
    return runs;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

function copyData({ rows }: TaskRow, from: string, to: string): void {
  if (rows === undefined) cpSync(from, to, { recursive: true });
  else
    writeFileSync(
      to,
      `${linesOf(from)
        .slice(0, rows.used + 1)
        .join('\n')}\n`,
    );
}

const linesOf = (file: string) => readFileSync(file, 'utf8').trimEnd().split(/\r?\n/);

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
function resultsOf(row: TaskRow, runs: readonly Trained[], file: string): Result[] {
  const { data, task, metric, target, better } = row;
  const seconds = Math.round(runs.reduce((sum, run) => sum + run.seconds, 0));
  const value = measured(row, file, runs, ({ test }) => test);
  const linear = measured(row, file, runs, ({ baselines }) => baselines['linear'] ?? {});
  const isReached = (reached: number | null, wanted: number) =>
    reached !== null && (better === 'less' ? reached < wanted : reached >= wanted);
  const result = { data, task, metric, value, target, reached: isReached(value, target), seconds };
  if (row.beatsLinear === undefined || value === null || linear === null) return [result];
  const ratio = value / linear;
  return [result, { ...result, metric: `${metric} / linear`, value: ratio, target: 1, reached: ratio < 1 }];
}

/** The metric of some runs; null where one failed or does not have it. */
function measured(
  { metric, columns, rows }: TaskRow,
  file: string,
  runs: readonly Trained[],
  metricsOf: (run: Trained) => Metrics,
): number | null {
  if (runs.length === 0) return null;
  const values = runs.map((run, i) => {
    if (metric !== 'mse') return metricsOf(run)[metric] ?? Number.NaN;
    const deviation = deviationOf(file, columns?.[i] ?? '', rows?.training ?? 0);
    return ((metricsOf(run)['rmse'] ?? Number.NaN) / deviation) ** 2;
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Number.isNaN(mean) ? null : mean;
}

/** Population standard deviation of a column in the first rows of a plain CSV. */
function deviationOf(file: string, column: string, rows: number): number {
  const [head = '', ...lines] = linesOf(file);
  const at = head.split(',').indexOf(column);
  const values = lines.slice(0, rows).map((text) => Number(text.split(',')[at]));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
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
