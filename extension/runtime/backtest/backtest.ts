import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { type BacktestOrigin, mostOrigins } from '../../protocol/backtest';
import { UnrollError } from '../../protocol/errors';
import type { EpochMetrics, Progress, Report } from '../../protocol/run';
import { RunLock } from '../runs/lock';
import { readReport } from '../runs/readRun';
import { readRecord } from '../runs/record';
import { rootOf, runFiles } from '../runs/runFolder';
import { storageError } from '../runs/storage';
import { changedData } from '../training/training';
import { TrainingThread } from '../training/trainingThread';
import { readBacktest, writeBacktest } from './file';

/** Hears how a backtest goes. */
export interface BacktestEvents {
  /** Of which of the origins these are. */
  progress(origin: number, progress: Progress): void;
  epoch(origin: number, metrics: EpochMetrics): void;
  /** An origin is done, now or before. */
  origin(done: BacktestOrigin): void;
}

/**
 * Backtests a run that is done from rolling origins: its experiment is trained again from nothing as if the last test part, the last two, and
 * so on, had not been there, each time with scalers of its own, and is tested on the part before. What is done stands in backtest.json and
 * is not done again; an origin that was broken off goes on from its checkpoint.
 * @throws UnrollError `run` where the run is not done, busy, or its data has changed; `data` where so many origins leave nothing to train on;
 * `cancelled` where `signal` says so, with a checkpoint.
 */
export async function backtest(
  workerFile: string,
  dir: string,
  origins: number,
  events: BacktestEvents,
  signal: AbortSignal,
): Promise<readonly BacktestOrigin[]> {
  const { experiment, provenance } = readRecord(dir);
  const report = readReport(dir);
  if (experiment.task !== 'forecast' || report === null || report.windows.test === 0) {
    throw new UnrollError(
      'run',
      'Only a forecast that is trained to its end and has a test part can be backtested; {0} is none.',
      dir,
    );
  }
  if (!Number.isInteger(origins) || origins < 1 || origins > mostOrigins) {
    throw new UnrollError('usage', 'A backtest takes 1 to {0} origins, not {1}.', mostOrigins, origins);
  }
  const lock = RunLock.acquire(dir);
  try {
    for (const done of readBacktest(dir)) events.origin(done);
    // The earliest one has least to train on, so it comes first: what cannot be is said before anything was trained.
    for (let origin = origins; origin >= 1; origin--) {
      if (readBacktest(dir).some((done) => done.origin === origin)) continue;
      if (signal.aborted) throw stopped();
      const thread = new TrainingThread(workerFile);
      const stop = () => thread.wish('stop');
      try {
        const { fingerprint, tested } = await thread.prepare(rootOf(dir), experiment, signal, origin);
        if (fingerprint !== provenance.fingerprint) throw changedData(experiment.data.path);
        const folder = folderOf(dir, origin);
        signal.addEventListener('abort', stop);
        if (signal.aborted) throw stopped();
        const ending = await thread.train(folder, {
          epoch: (metrics) => events.epoch(origin, metrics),
          progress: (progress) => events.progress(origin, progress),
          paused() {},
          continued() {},
        });
        if (ending.kind !== 'done') throw stopped();
        const done = resultOf(origin, tested, ending.report);
        writeBacktest(dir, [...readBacktest(dir), done]);
        rmSync(folder, { recursive: true, force: true });
        events.origin(done);
      } catch (error) {
        throw signal.aborted ? stopped() : tooEarly(error, origin);
      } finally {
        signal.removeEventListener('abort', stop);
        await thread.close();
      }
    }
    rmSync(runFiles(dir).backtestWork, { recursive: true, force: true });
    return readBacktest(dir);
  } finally {
    lock.release();
  }
}

const stopped = () => new UnrollError('cancelled', 'The backtest was stopped; start it again to go on.');

/** What the data lacks at an origin, and that a later one may have it. */
function tooEarly(error: unknown, origin: number): unknown {
  if (!(error instanceof UnrollError && error.code === 'data')) return error;
  return new UnrollError('data', 'Without the last {0} test parts: {1} Or choose fewer origins.', origin, error.text);
}

function folderOf(dir: string, origin: number): string {
  const folder = path.join(runFiles(dir).backtestWork, String(origin));
  try {
    mkdirSync(folder, { recursive: true });
    return folder;
  } catch (error) {
    throw storageError(error, folder);
  }
}

const resultOf = (origin: number, tested: number | null, { windows, test, baselines }: Report): BacktestOrigin => ({
  origin,
  tested,
  windows: { train: windows.train, test: windows.test },
  test,
  baselines,
});
