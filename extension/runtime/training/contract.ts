import type { DataShape } from '../../core/model/spec';
import type { Experiment } from '../../protocol/experiment';
import type { Message } from '../../protocol/messages';
import type { EpochMetrics, Progress, Report } from '../../protocol/run';

/** What the training thread found when it read the data and built the graphs. */
export interface Preparation {
  readonly fingerprint: string;
  /** Of a forecast: the time of the first row that it tests, in ms since 1970; of several series that of the first. */
  readonly tested: number | null;
  readonly shape: DataShape;
  readonly notes: readonly Message[];
  readonly provider: string;
  readonly onnxruntime: string;
}

/** How a training ended when nothing failed: at its end, or before it; the checkpoint then says why. */
export type Ending = { readonly kind: 'done'; readonly report: Report } | { readonly kind: 'ended' };

/** What a training thread answers and tells its owner. */
export interface TrainerContract {
  readonly requests: {
    /** Reads, checks and builds everything and writes nothing, so that what is wrong is known before a run folder stands. */
    readonly prepare: {
      readonly params: { readonly root: string; readonly experiment: Experiment; readonly origin: number };
      readonly result: Preparation;
    };
    /** Trains in a run folder, from its checkpoint where it has one. */
    readonly train: { readonly params: { readonly dir: string }; readonly result: Ending };
    /** Releases everything; the thread ends by itself afterwards. */
    readonly quit: { readonly params: Record<never, never>; readonly result: Record<never, never> };
  };
  readonly events: {
    readonly progress: Progress;
    readonly epoch: EpochMetrics;
    /** It waits, and its checkpoint stands. */
    readonly paused: Record<never, never>;
    readonly continued: Record<never, never>;
  };
}

/** What the owner gives the thread when it starts. */
export interface WorkerSetup {
  readonly wish: SharedArrayBuffer;
}
