import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Row } from './rows';
import type { ScriptAnswer } from './scriptPeer';

/** Loads a package that `npm ci --prefix bench` installs; ends the process without a word where it is missing. */
export function benchPackage(name: string): unknown {
  try {
    return createRequire(path.resolve('bench/package.json'))(name);
  } catch {
    process.exit(1);
  }
}

/**
 * Times `step` until `budgetMs` are over, at least once, or `most` times, after one step that is not counted. No step
 * begins that would end after the budget, going by the last one.
 */
export async function timeSteps(step: () => Promise<void> | void, budgetMs: number, most: number): Promise<number[]> {
  const begin = performance.now();
  const times: number[] = [];
  let last = 0;
  do {
    const start = performance.now();
    await step();
    last = performance.now() - start;
    times.push(last);
  } while (times.length < 2 || (times.length <= most && performance.now() - begin + last < budgetMs));
  return times.slice(1);
}

/** Greets with `title` and answers rows until standard input ends. */
export async function answerRows(
  title: string,
  answer: (row: Row, budgetMs: number) => Promise<ScriptAnswer>,
): Promise<void> {
  console.log(title);
  // What a library prints must not stand between the answers.
  const print = console.log;
  console.log = console.error;
  for await (const line of createInterface({ input: process.stdin })) {
    const { row, budgetMs } = JSON.parse(line) as { row: Row; budgetMs: number };
    const result = await answer(row, budgetMs).catch(
      (error: unknown): ScriptAnswer => ({ failed: String(error).split('\n', 1)[0] ?? '' }),
    );
    print(JSON.stringify(result));
  }
}
