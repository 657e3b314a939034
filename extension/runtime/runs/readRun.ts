import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cellTitles } from '../../protocol/choices/cells';
import type { Failure } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { EpochMetrics, Report, RunState, RunSummary } from '../../protocol/run';
import { readCheckpointReason } from './checkpoint';
import { isLocked } from './lock';
import { readMetrics } from './metricsCsv';
import { readRecord } from './record';
import { runFiles, runsFolder } from './runFolder';
import { writeAtomic } from './storage';

/** report.json, or null while there is none. */
export const readReport = (dir: string): Report | null => readJson<Report>(runFiles(dir).report);

export function writeReport(dir: string, report: Report): void {
  writeAtomic(runFiles(dir).report, `${JSON.stringify(report, null, 2)}\n`);
}

export function writeFailure(dir: string, failure: Failure): void {
  writeAtomic(runFiles(dir).failure, `${JSON.stringify(failure, null, 2)}\n`);
}

/** What the folder alone says about a run; a process that trains it knows more (`preparing`, `paused`). */
export function readState(dir: string): RunState {
  if (readReport(dir) !== null) return { kind: 'done' };
  if (isLocked(dir)) return { kind: 'training' };
  const failure = readJson<Failure>(runFiles(dir).failure);
  if (failure !== null) return { kind: 'failed', failure };
  const reason = readCheckpointReason(dir);
  return reason === 'stopped' ? { kind: 'stopped' } : { kind: 'interrupted', goesOn: reason === 'closed' };
}

/** A run as lists show it. @throws UnrollError `run` where the folder is damaged. */
export function summarise(dir: string, state: RunState = readState(dir)): RunSummary {
  const { experiment, provenance } = readRecord(dir);
  const epochs = readMetrics(runFiles(dir).metrics);
  return {
    dir,
    name: experiment.name,
    state,
    created: provenance.created,
    data: experiment.data.path,
    target: experiment.data.target,
    model: describeLayers(experiment.model.layers),
    epoch: epochs.at(-1)?.epoch ?? 0,
    epochs: experiment.training.epochs,
    best: bestOf(epochs),
    report: readReport(dir),
  };
}

/** The runs of a workspace folder, newest first. A folder that is no run, or a damaged one, is left out. */
export function listRuns(root: string, stateOf: (dir: string) => RunState = readState): RunSummary[] {
  const folder = runsFolder(root);
  if (!existsSync(folder)) return [];
  const found: RunSummary[] = [];
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const dir = path.join(folder, entry.name);
    if (!entry.isDirectory() || !existsSync(runFiles(dir).experiment)) continue;
    try {
      found.push(brief(summarise(dir, stateOf(dir))));
    } catch {
      // One damaged folder must not hide the others.
    }
  }
  return found.sort((a, b) => b.created - a.created || b.dir.localeCompare(a.dir));
}

/** A summary without what only the run's own page shows: with many classes or series it is long, and a list has many runs. */
function brief(summary: RunSummary): RunSummary {
  if (summary.report === null) return summary;
  const {
    classes: _classes,
    calibration: _calibration,
    mistakes: _mistakes,
    perSeries: _perSeries,
    ...report
  } = summary.report;
  return { ...summary, report };
}

/** Such as `LSTM 32`, or `GRU reset before 64 · RNN relu 32` for two layers. */
function describeLayers(layers: Experiment['model']['layers']): string {
  return layers.map(({ cell, hidden }) => `${cellTitles[cell]} ${hidden}`).join(' · ');
}

function bestOf(epochs: readonly EpochMetrics[]): RunSummary['best'] {
  let best: RunSummary['best'] = null;
  for (const { epoch, validationLoss } of epochs) {
    if (validationLoss !== null && (best === null || validationLoss < best.validationLoss))
      best = { epoch, validationLoss };
  }
  return best;
}

function readJson<T>(file: string): T | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return null;
  }
}
