import { parseArgs } from 'node:util';
import type { LearningTask, Outcome } from './task';
import { learningTasks } from './tasks';

// `npm run test:learn -- [--only adding,copy] [--seeds 3]`: trains a model of each task from several seeds, on one thread, and prints a
// row a task. The exit status is 1 where a task that can be solved was not solved from most seeds, or one that cannot be was.

const { values } = parseArgs({ options: { only: { type: 'string' }, seeds: { type: 'string', default: '5' } } });

const columns = ['task', 'model', 'solved', 'figure', 'of the seeds', 'floor', 'published', 'sequences', 'seconds'];

async function main(): Promise<void> {
  const only = values.only?.split(',');
  const chosen = learningTasks.filter(({ name }) => only?.includes(name) ?? true);
  const unknown = only?.filter((name) => learningTasks.every((task) => task.name !== name)) ?? [];
  const seeds = Number(values.seeds);
  if (unknown.length > 0 || !(seeds >= 1)) {
    console.error(`--only takes ${learningTasks.map(({ name }) => name).join(', ')}; --seeds a number from 1.`);
    process.exitCode = 2;
    return;
  }
  console.log(row(columns));
  console.log(row(columns.map(() => '---')));
  for (const task of chosen) {
    const began = performance.now();
    const outcomes: Outcome[] = [];
    for (let seed = 1; seed <= seeds; seed++) outcomes.push(await task.run(seed));
    console.log(row(cellsOf(task, outcomes, (performance.now() - began) / 1000)));
    const mostSolved = outcomes.filter(({ solved }) => solved).length > seeds / 2;
    if (mostSolved !== task.solvable) process.exitCode = 1;
  }
}

function cellsOf(
  { title, model, measure, floor, published }: LearningTask,
  outcomes: readonly Outcome[],
  seconds: number,
) {
  const figures = outcomes.map(({ figure }) => figure).sort((one, other) => one - other);
  const middle = figures[Math.floor(figures.length / 2)] ?? Number.NaN;
  const seen = outcomes.reduce((sum, outcome) => sum + outcome.seen, 0) / outcomes.length;
  return [
    title,
    model,
    `${outcomes.filter(({ solved }) => solved).length} of ${outcomes.length}`,
    `${measure}: ${short(middle)}`,
    figures.map(short).join(', '),
    floor,
    published,
    Math.round(seen).toLocaleString('en'),
    seconds.toFixed(0),
  ];
}

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const short = (value: number) => (Number.isInteger(value) ? String(value) : value.toPrecision(value < 0.01 ? 2 : 3));

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
