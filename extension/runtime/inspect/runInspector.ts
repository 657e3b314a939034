import { existsSync, statSync } from 'node:fs';
import { describeModel } from '../../core/describe/describeModel';
import { exportModel } from '../../core/model/exportModel';
import { initialParameters } from '../../core/model/parameters';
import { forecasterSpec } from '../../core/model/spec';
import { type TracedModel, traceModel } from '../../core/trace/traceModel';
import { loadSeries } from '../../data/series';
import { newBatch, type PreparedData, prepare } from '../../data/windows';
import { UnrollError } from '../../protocol/errors';
import type { Experiment } from '../../protocol/experiment';
import type { ModelDescription } from '../../protocol/model';
import type { Forecast } from '../../protocol/run';
import type { RunTrace, TraceSignal, WindowRef } from '../../protocol/trace';
import { modelFile } from '../export/finish';
import { forecastAll } from '../export/forecasts';
import { forecastAt } from '../export/predictions';
import { checkpointFile, readCheckpoint } from '../runs/checkpoint';
import { readRecord } from '../runs/record';
import { rootOf, runFiles } from '../runs/runFolder';
import { openSession, type Session, toOrt, withSession } from '../session/session';
import { changedData } from '../training/training';
import { inspectionDevice, readModel } from './modelFile';
import { runTraced } from './traced';

const keptRuns = 4;

/** What is kept of a run so that stepping through its windows is quick. */
interface OpenRun {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly traced: TracedModel;
  readonly session: Session;
}

/** Looks into the models of runs, done or not. A run that still trains is seen as its last checkpoint has it. */
export class RunInspector {
  // In the order of use; a new key stands for a new version of a run's model.
  private readonly open = new Map<string, Promise<OpenRun>>();

  // Traces follow one another, so no session is released while another trace waits for it.
  private last: Promise<unknown> = Promise.resolve();

  /** What goes through a run's model for one of its windows. */
  trace(dir: string, window: WindowRef): Promise<RunTrace> {
    const answer = this.last.then(() => this.traceNow(dir, window));
    this.last = answer.catch(() => {});
    return answer;
  }

  /** The run's model file as it stands, or as it would be with the best parameters so far. */
  async model(dir: string): Promise<Uint8Array> {
    const { experiment, data } = await this.openRun(dir);
    return presentModel(dir, experiment, data);
  }

  /** What the best parameters so far forecast for every row; for a run whose training has not written its predictions yet. */
  async forecast(dir: string, horizonStep: number): Promise<Forecast> {
    const { experiment, data } = await this.openRun(dir);
    const model = presentModel(dir, experiment, data);
    const forecasts = await withSession(model, inspectionDevice, (session) => forecastAll(session, data));
    return forecastAt(experiment, data, forecasts, horizonStep);
  }

  private async traceNow(dir: string, window: WindowRef): Promise<RunTrace> {
    const { experiment, data, traced, session } = await this.openRun(dir);
    const windows = data.windows[window.part];
    if (window.index >= windows) {
      throw new UnrollError(
        'usage',
        'There is no window {0}: the {1} part has {2}.',
        window.index,
        window.part,
        windows,
      );
    }
    const { lookback, features, horizon, series } = data;
    const filled = newBatch(lookback, features, horizon, 1);
    data.fill(window.part, [window.index], 1, filled);
    const input = await toOrt({ dtype: 'float32', shape: [1, lookback, features], data: filled.x });
    const trace = await runTraced(session, traced, { window: input }, 0);
    const scaled = trace.outputs.find(({ name }) => name === 'forecast')?.values ?? new Float32Array(0);
    const row = data.row(window.part, window.index);
    const rows = <T extends { subarray(from: number, to: number): T }>(values: T) =>
      values.subarray(row, row + lookback);
    const truthAt = window.index * horizon;
    return {
      window,
      windows,
      trace: { ...trace, inputs: series.columns.map(({ name }, at) => inputSignal(name, filled.x, at, features)) },
      time: series.time === null ? null : Array.from(rows(series.time)),
      columns: series.columns.map(({ name, values }) => valueSignal(name, Float32Array.from(rows(values)))),
      target: experiment.data.target,
      forecast: Array.from(scaled, (value) => data.unscaleTarget(value)),
      truth: Array.from(data.truth(window.part).subarray(truthAt, truthAt + horizon)),
    };
  }

  private async openRun(dir: string): Promise<OpenRun> {
    const key = `${dir}\n${versionOf(dir)}`;
    const opening = this.open.get(key) ?? openRun(dir);
    this.open.delete(key);
    this.open.set(key, opening);
    try {
      const run = await opening;
      await this.closeOldest();
      return run;
    } catch (error) {
      this.open.delete(key);
      throw error;
    }
  }

  private async closeOldest(): Promise<void> {
    for (const [key, opening] of this.open) {
      if (this.open.size <= keptRuns) return;
      this.open.delete(key);
      await (await opening).session.release();
    }
  }
}

/** The architecture of a run's model, which is known from its first moment. */
export function describeRun(dir: string, experiment: Experiment): ModelDescription {
  const { model } = runFiles(dir);
  if (existsSync(model)) return describeModel(readModel(model));
  const spec = forecasterSpec(experiment);
  return describeModel(exportModel(spec, initialParameters(spec, experiment.training.seed), {}));
}

async function openRun(dir: string): Promise<OpenRun> {
  const { experiment, provenance } = readRecord(dir);
  const series = await loadSeries(rootOf(dir), experiment);
  if (series.fingerprint !== provenance.fingerprint) throw changedData(experiment.data.path);
  const data = prepare(series, experiment);
  const traced = traceModel(presentModel(dir, experiment, data));
  return { experiment, data, traced, session: await openSession(traced.bytes, inspectionDevice) };
}

/** model.onnx, or before it stands the best parameters of the checkpoint, or the initial ones. */
function presentModel(dir: string, experiment: Experiment, data: PreparedData): Uint8Array {
  const { model } = runFiles(dir);
  if (existsSync(model)) return readModel(model);
  const initial = initialParameters(forecasterSpec(experiment), experiment.training.seed);
  const stored = readCheckpoint(dir);
  const chosen = stored === null || stored.best.size === 0 ? stored?.state : stored.best;
  if (chosen === undefined) return modelFile(experiment, data, initial);
  const parameters = [...initial].map(([name, tensor]) => {
    const found = chosen.get(name);
    return [name, found === undefined ? tensor : { ...tensor, data: found.data }] as const;
  });
  return modelFile(experiment, data, new Map(parameters));
}

/** Changes whenever another model would be read. */
function versionOf(dir: string): string {
  for (const file of [runFiles(dir).model, checkpointFile(dir)]) {
    if (existsSync(file)) return `${file} ${statSync(file).mtimeMs}`;
  }
  return 'initial';
}

const valueSignal = (name: string, values: Float32Array): TraceSignal => ({ name, range: 'value', units: 1, values });

/** One column of a window `[lookback, features]` as the model reads it. */
function inputSignal(name: string, window: Float32Array, feature: number, features: number): TraceSignal {
  return { name, range: 'signed', units: 1, values: window.filter((_, at) => at % features === feature) };
}
