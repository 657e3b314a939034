import type { DataProfile, Reason } from './data';
import type { DeviceState, DownloadProgress, Provider } from './devices';
import type { Finding, FindingCode, Repair } from './doctor';
import type { Draft, Experiment } from './experiment';
import type { DataFacts, ProposedFacts } from './facts';
import type { SoundPicture } from './folderFacts';
import type { InspectionRequests, TracedFile, TracedRun, TraceId } from './inspection';
import type { GenerateWish, InputWish, ModelDescription, OpenedModel, TensorSummary } from './model';
import type { Forecast, ForecastChoice, RunDetail, RunEvent, RunSummary } from './run';
import type { WindowRef } from './trace';

/** What the engine process is. */
export interface EngineInfo {
  readonly node: string;
  readonly onnxruntime: string;
  /** Providers that onnxruntime is built with here; which of them work, `devices` finds out by trying. */
  readonly providers: readonly Provider[];
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
    /** Tries every provider with a training step, which takes seconds the first time. */
    readonly devices: { readonly params: Record<never, never>; readonly result: readonly DeviceState[] };
    /**
     * Fetches onnxruntime's CUDA libraries and tries CUDA. `mirror` stands in for the NuGet feed; null takes the environment's, else
     * nuget.org. The answer says what is still in the way of CUDA, or null.
     */
    readonly setUpCuda: {
      readonly params: { readonly mirror: string | null };
      readonly result: Pick<DeviceState, 'problem'>;
    };
    readonly profile: { readonly params: { readonly path: string }; readonly result: DataProfile };
    /** What a data file or a folder holds; `draft` says how it is read, where it is said. */
    readonly dataFacts: {
      readonly params: { readonly path: string; readonly draft: Draft | null };
      readonly result: DataFacts;
    };
    /** What would be learnt from it; `draft` has choices that are made already. */
    readonly dataProposal: {
      readonly params: { readonly path: string; readonly draft: Draft | null };
      readonly result: ProposedFacts;
    };
    /** Pictures of one sound of a folder; `highest` is in Hz. */
    readonly soundPicture: {
      readonly params: {
        readonly path: string;
        readonly name: string;
        readonly draft: Draft | null;
        readonly highest: number;
      };
      readonly result: SoundPicture;
    };
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
      readonly params: ForecastChoice & { readonly run: string };
      readonly result: Forecast;
    };
    readonly trace: {
      readonly params: { readonly run: string; readonly window: WindowRef };
      readonly result: TracedRun;
    };
    /** A run's model.onnx as bytes; before its training has written one, that of the best parameters so far. */
    readonly model: { readonly params: { readonly run: string }; readonly result: Uint8Array };
    readonly describe: { readonly params: { readonly model: string }; readonly result: ModelDescription };
    /** A model file with what its editor has to know of it. */
    readonly openModel: { readonly params: { readonly model: string }; readonly result: OpenedModel };
    /** What the numbers of one initializer of a model file are like; `name` is as a description has it. */
    readonly initializer: {
      readonly params: { readonly model: string; readonly name: string };
      readonly result: TensorSummary;
    };
    /** What goes through a model file; `file` is the JSON file that the inputs are read from, where they are. */
    readonly traceModel: {
      readonly params: { readonly model: string; readonly wish: InputWish; readonly file: string | null };
      readonly result: TracedFile;
    };
    /** What ails a model file; it is read and not run. */
    readonly examine: { readonly params: { readonly model: string }; readonly result: readonly Finding[] };
    /** Writes a repaired copy of a model file to `out`, which must not be there yet. */
    readonly repair: {
      readonly params: { readonly model: string; readonly out: string; readonly codes: readonly FindingCode[] };
      readonly result: Repair;
    };
    /** What a language model writes after a prompt. */
    readonly generate: {
      readonly params: { readonly model: string; readonly wish: GenerateWish };
      readonly result: { readonly text: string };
    };
    /** Asks a run's or a file's model about `data`, which it need not have seen: what follows, or what it is. Writes nothing. */
    readonly predict: {
      readonly params: { readonly model: string; readonly data: string };
      readonly result: Prediction;
    };
    /** Trains a run's experiment again from earlier origins; what was done before is not done again. Cancelled, it keeps what it has. */
    readonly backtest: {
      readonly params: { readonly run: string; readonly origins: number };
      readonly result: Record<never, never>;
    };
    /** Lets go of traces that no page shows any more. */
    readonly forget: {
      readonly params: { readonly traces: readonly TraceId[] };
      readonly result: Record<never, never>;
    };
  } & InspectionRequests;
  readonly events: {
    readonly run: RunEvent;
    /** How far the download of `setUpCuda` is. */
    readonly download: DownloadProgress;
    readonly log: { readonly level: 'info' | 'warning' | 'error'; readonly text: string };
  };
}

/** What a model says of what follows in a column. */
export interface TargetForecast {
  /** One entry a horizon step after the last row, in the target's units. */
  readonly forecast: readonly number[];
  /** The same for each quantile that the model forecasts; null where it forecasts none. */
  readonly quantiles: readonly { readonly quantile: number; readonly values: readonly number[] }[] | null;
}

/** What a model says of what follows a series: of its target, and of those that are forecast together with it. */
export interface SeriesForecast extends TargetForecast {
  /** What the series is called; null where the file is one. */
  readonly series: string | null;
  /** Expected times in ms since 1970 where the data has a time column, else null. */
  readonly time: readonly number[] | null;
  readonly more?: readonly (TargetForecast & { readonly target: string })[];
}

/** What a model says about a file that it has not seen. */
export type Prediction =
  | (Omit<SeriesForecast, 'series'> & { readonly task: 'forecast'; readonly target: string })
  | {
      /** What follows each series of a file that has several. */
      readonly task: 'forecasts';
      readonly target: string;
      readonly answers: readonly SeriesForecast[];
    }
  | {
      /** The class of each sequence, or of the last window of a file that is one. */
      readonly task: 'classify';
      readonly target: string;
      readonly answers: readonly {
        readonly series: string | null;
        readonly class: string;
        readonly probability: number;
      }[];
    }
  | {
      /** The class of every row; rows count from 0 within their sequence. */
      readonly task: 'label';
      readonly target: string;
      readonly answers: readonly {
        readonly series: string | null;
        readonly row: number;
        /** What stands there, where words are labelled. */
        readonly word?: string;
        readonly class: string;
        readonly probability: number;
      }[];
    }
  | {
      /** What goes on after a text. */
      readonly task: 'language';
      /** The likeliest next characters, the likeliest first. */
      readonly next: readonly { readonly character: string; readonly probability: number }[];
      /** The likeliest character after the text, then the likeliest after that, and so on. */
      readonly text: string;
    }
  | {
      /** The translation of each text, which `series` holds. */
      readonly task: 'translate';
      readonly target: string;
      readonly answers: readonly {
        readonly series: string | null;
        readonly text: string;
        readonly probability: number;
      }[];
    }
  | {
      readonly task: 'transcribe';
      readonly target: string;
      /** `probability` is that of the path through the steps that the text is read from. */
      readonly answers: readonly {
        readonly series: string | null;
        readonly text: string;
        readonly probability: number;
      }[];
    };
