import { existsSync, statSync } from 'node:fs';
import { describeModel } from '../../core/describe/describeModel';
import { exportModel } from '../../core/model/exportModel';
import { batchFeeds } from '../../core/model/feeds';
import { initialParameters } from '../../core/model/parameters';
import { type DataShape, type ModelSpec, modelSpec } from '../../core/model/spec';
import { type TracedModel, traceModel } from '../../core/trace/traceModel';
import { type Batch, newBatch } from '../../data/batch';
import { loadData } from '../../data/load';
import type { PreparedData } from '../../data/prepared';
import { UnrollError } from '../../protocol/errors';
import type { Experiment, Task } from '../../protocol/experiment';
import type { ModelDescription } from '../../protocol/model';
import type { Forecast, ForecastChoice } from '../../protocol/run';
import type { RunTrace, Trace, TraceSignal, WindowRef } from '../../protocol/trace';
import { feedsOf, inputOf, zeroStates } from '../export/answers';
import { modelFile } from '../export/finish';
import { forecastAll } from '../export/forecasts';
import { forecastAt } from '../export/predictions';
import { checkpointFile, readCheckpoint } from '../runs/checkpoint';
import { readRecord } from '../runs/record';
import { rootOf, runFiles } from '../runs/runFolder';
import { openSession, type Session, withSession } from '../session/session';
import { changedData } from '../training/training';
import { changedModel, type Inspected, stillWanted } from './inspected';
import { inspectionDevice, readModel } from './modelFile';
import { answering, onOneAxis } from './stepAxis';
import { runTraced } from './traced';
import { factsOf } from './tracedWindow';

const keptRuns = 4;
/** The outputs in which an exported model answers. */
const answerNames: ReadonlySet<string> = new Set(['forecast', 'probabilities', 'translation']);
/** A pattern is looked for in so many other windows. */
const mostOthers = 256;

/** What is kept of a run so that stepping through its windows is quick. */
interface OpenRun {
  readonly experiment: Experiment;
  readonly data: PreparedData;
  readonly spec: ModelSpec;
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
  inspect(dir: string, window: WindowRef, signal?: AbortSignal): Promise<Inspected<RunTrace>> {
    const answer = this.last.then(() => this.inspectNow(dir, window, signal));
    this.last = answer.catch(() => {});
    return answer;
  }

  /** The run's model file as it stands, or as it would be with the best parameters so far. */
  async model(dir: string): Promise<Uint8Array> {
    const { experiment, data } = await this.openRun(dir);
    return presentModel(dir, experiment, data);
  }

  /** What the best parameters so far forecast for every row; for a run whose training has not written its predictions yet. */
  async forecast(dir: string, choice: ForecastChoice): Promise<Forecast> {
    const { experiment, data, spec } = await this.openRun(dir);
    if (data.task !== 'forecast') throw noForecast(dir, data.task);
    const model = presentModel(dir, experiment, data);
    const { answered } = data;
    const forecasts = await withSession(model, inspectionDevice, (session) => forecastAll(session, spec, answered));
    return forecastAt(experiment, answered, forecasts, choice);
  }

  private async inspectNow(
    dir: string,
    window: WindowRef,
    signal: AbortSignal | undefined,
  ): Promise<Inspected<RunTrace>> {
    await stillWanted(signal);
    const version = versionOf(dir);
    const { experiment, data, spec, traced: model, session } = await this.openRun(dir);
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
    const batch = newBatch(batchFeeds(spec, 1));
    data.fill(window.part, [window.index], 1, batch);
    const shown = (whole: Omit<Trace, 'inputs'>): RunTrace => {
      const trace = answering(whole);
      const answers = trace.outputs.find(({ name }) => answerNames.has(name))?.values;
      const isSound = experiment.data.sound !== null;
      const facts = factsOf(data, spec, window, batch, answers ?? new Float32Array(0), isSound);
      const real = batch.mask?.reduce((sum, counts) => sum + counts, 0) ?? spec.steps;
      const traced = { ...trace, steps: spec.steps, inputs: inputSignals(facts.columns, spec, batch.x) };
      return {
        window,
        windows,
        target: experiment.data.target,
        ...onOneAxis({ ...facts, trace: traced }, spec.steps, real),
      };
    };
    await stillWanted(signal);
    const feeds = { ...(await zeroStates(session, 1)), ...(await feedsOf(inputOf(batch, 1, 1), spec, 1)) };
    const source = {
      model: () => {
        if (versionOf(dir) !== version) throw changedModel(dir);
        return presentModel(dir, experiment, data);
      },
      feeds,
      item: 0,
      fed: { steps: spec.steps, batch: 1 },
      others: (stop?: AbortSignal) => this.others(dir, window, stop),
      shown,
    };
    return { trace: shown(await runTraced(session, model, feeds, 0)), source };
  }

  /**
   * What goes through the model for other windows of the part: those of forecasts that share no step, of other tasks all; of very many,
   * evenly spaced ones.
   */
  private async *others(
    dir: string,
    { part, index }: WindowRef,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<{ readonly window: number; readonly trace: RunTrace }> {
    const { data, spec } = await this.openRun(dir);
    const stride = data.task === 'forecast' ? spec.steps : 1;
    const first = index % stride;
    const count = Math.ceil((data.windows[part] - first) / stride);
    const apart = Math.max(1, Math.ceil(count / mostOthers));
    for (let at = 0; at < count; at += apart) {
      const window = first + at * stride;
      if (window !== index) yield { window, trace: (await this.inspect(dir, { part, index: window }, signal)).trace };
    }
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

/** The architecture of a run's model, which is known from its first moment. `shape` is of the data that it trains on. */
export function describeRun(dir: string, experiment: Experiment, shape: DataShape): ModelDescription {
  const { model } = runFiles(dir);
  if (existsSync(model)) return describeModel(readModel(model));
  const spec = modelSpec(experiment, shape);
  return describeModel(exportModel(spec, initialParameters(spec, experiment.training.seed), {}));
}

/** For whoever asks a run of another task for its forecasts. */
export const noForecast = (dir: string, task: Task) =>
  new UnrollError(
    'usage',
    'The run {0} learns the task {1}, so it has no forecasts; look at its predictions.csv.',
    dir,
    task,
  );

async function openRun(dir: string): Promise<OpenRun> {
  const { experiment, provenance } = readRecord(dir);
  const root = rootOf(dir);
  const loaded = await loadData(root, experiment, { root });
  // Windows are counted as they are in what a run tells of them.
  const data = loaded.task === 'forecast' ? loaded.answered : loaded;
  if (data.fingerprint !== provenance.fingerprint) throw changedData(experiment.data.path);
  const traced = traceModel(presentModel(dir, experiment, data));
  const spec = modelSpec(experiment, data.shape);
  return { experiment, data, spec, traced, session: await openSession(traced.bytes, inspectionDevice) };
}

/** model.onnx, or before it stands the best parameters of the checkpoint, or the initial ones. */
function presentModel(dir: string, experiment: Experiment, data: PreparedData): Uint8Array {
  const { model } = runFiles(dir);
  if (existsSync(model)) return readModel(model);
  const initial = initialParameters(modelSpec(experiment, data.shape), experiment.training.seed);
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

/** The columns of a window `[steps, features]` as the model reads them. */
function inputSignals(columns: RunTrace['columns'], { input }: ModelSpec, window: Batch['x']): TraceSignal[] {
  if (input.kind !== 'values') return [];
  let first = 0;
  return columns.map(({ name, units }) => {
    const [from, to] = [first, first + units];
    first = to;
    const isOwn = (feature: number) => feature >= from && feature < to;
    const values = Float32Array.from(window.filter((_, at) => isOwn(at % input.features)));
    return { name, range: 'signed', units, values };
  });
}
