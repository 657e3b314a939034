import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { BacktestOrigin } from '../../protocol/backtest';
import { runFiles } from '../runs/runFolder';
import { writeAtomic } from '../runs/storage';

const metrics = z.record(z.string(), z.number());
const schema = z.object({
  origins: z.array(
    z.object({
      origin: z.int().min(1),
      tested: z.number().nullable(),
      windows: z.object({ train: z.number(), test: z.number() }),
      test: metrics,
      baselines: z.record(z.string(), metrics),
    }),
  ),
});

/** The origins in backtest.json, the latest first; none where there is no such file, or a damaged one. */
export function readBacktest(dir: string): readonly BacktestOrigin[] {
  try {
    return schema.parse(JSON.parse(readFileSync(runFiles(dir).backtest, 'utf8'))).origins;
  } catch {
    return [];
  }
}

export function writeBacktest(dir: string, origins: readonly BacktestOrigin[]): void {
  const inOrder = [...origins].sort((a, b) => a.origin - b.origin);
  writeAtomic(runFiles(dir).backtest, `${JSON.stringify({ origins: inOrder }, null, 2)}\n`);
}
