import type { DataProfile, Reason } from './data';
import type { Draft, Experiment } from './experiment';
import type { ModelDescription } from './model';
import type { Forecast, RunDetail, RunEvent, RunSummary } from './run';
import type { RunTrace, WindowRef } from './trace';

/** What the engine process can do, as it found by trying. */
export interface EngineInfo {
  readonly node: string;
  readonly onnxruntime: string;
  /** Providers that ran a real session, best first. */
  readonly providers: readonly string[];
}

/** A draft with every choice made, and why. */
export interface Proposal {
  readonly experiment: Experiment;
  readonly profile: DataProfile;
  readonly reasons: readonly Reason[];
}

/** What the engine answers and tells. Paths are absolute. `run` is a run folder. */
export interface EngineContract {
  readonly requests: {
    readonly info: { readonly params: Record<never, never>; readonly result: EngineInfo };
    readonly profile: { readonly params: { readonly path: string }; readonly result: DataProfile };
    /** `root` is the folder that `draft.data.path` is relative to. */
    readonly propose: { readonly params: { readonly root: string; readonly draft: Draft }; readonly result: Proposal };
    /** Starts training and answers as soon as the run folder stands; events tell the rest. */
    readonly train: {
      readonly params: { readonly root: string; readonly draft: Draft };
      readonly result: { readonly run: string };
    };
    readonly resume: { readonly params: { readonly run: string }; readonly result: Record<never, never> };
    /** Answers when the training has acted on it (a stop: when the checkpoint stands). */
    readonly control: {
      readonly params: { readonly run: string; readonly action: 'stop' | 'pause' | 'continue' };
      readonly result: Record<never, never>;
    };
    readonly runs: { readonly params: { readonly root: string }; readonly result: readonly RunSummary[] };
    readonly open: { readonly params: { readonly run: string }; readonly result: RunDetail };
    readonly forecast: {
      readonly params: { readonly run: string; readonly horizonStep: number };
      readonly result: Forecast;
    };
    readonly trace: {
      readonly params: { readonly run: string; readonly window: WindowRef };
      readonly result: RunTrace;
    };
    /** A run's model.onnx as bytes; before its training has written one, that of the best parameters so far. */
    readonly model: { readonly params: { readonly run: string }; readonly result: Uint8Array };
    readonly describe: { readonly params: { readonly model: string }; readonly result: ModelDescription };
    /** Forecasts what follows the last row of `data` with a run's or a file's model; writes nothing. */
    readonly predict: {
      readonly params: { readonly model: string; readonly data: string };
      readonly result: Prediction;
    };
  };
  readonly events: {
    readonly run: RunEvent;
    readonly log: { readonly level: 'info' | 'warning' | 'error'; readonly text: string };
  };
}

/** What a model says comes after the last row of a file. */
export interface Prediction {
  readonly target: string;
  /** Expected times in ms since 1970 where the data has a time column, else null. */
  readonly time: readonly number[] | null;
  /** One entry a horizon step, in the target's units. */
  readonly forecast: readonly number[];
}
