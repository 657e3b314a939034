import type { Finding, FindingCode, Repair } from './doctor';
import type { InspectionRequests, TracedFile, TracedRun } from './inspection';
import type { Translations } from './messages';
import type { GenerateWish, InputWish, OpenedModel, TensorSummary } from './model';
import type { Forecast, ForecastChoice, RunDetail, RunEvent } from './run';
import type { InputFileKind, WindowRef } from './trace';

/** Put into a webview's page by the host before its script runs. */
export interface PageSetup {
  readonly view: 'run' | 'model' | 'inspector' | 'data';
  /** BCP 47 tag of the display language. */
  readonly language: string;
  readonly translations: Translations;
}

/** A step, from 0, of a window of a run. */
export interface RunCursor {
  readonly kind: 'run';
  readonly run: string;
  readonly window: WindowRef;
  readonly step: number;
}

/** A step, from 0, of what goes through a model file. */
export interface ModelCursor {
  readonly kind: 'model';
  /** Path of the file. */
  readonly model: string;
  readonly step: number;
}

/** Where the user looks: one cursor for every view of every panel. */
export type Cursor = RunCursor | ModelCursor;

/** What is looked at, and where in it. */
export type Inspected =
  | { readonly kind: 'run'; readonly cursor: RunCursor; readonly trace: TracedRun }
  | { readonly kind: 'model'; readonly cursor: ModelCursor; readonly trace: TracedFile };

/** A picture, or the numbers of one, that a page made. */
export interface SavedPicture {
  readonly name: string;
  readonly type: 'image/png' | 'image/svg+xml' | 'text/csv';
  readonly bytes: Uint8Array;
}

/** What the host answers to, and tells, a run panel. The panel's run is fixed when it opens. */
export interface RunPanelContract {
  readonly requests: {
    readonly open: { readonly params: Record<never, never>; readonly result: RunDetail };
    readonly forecast: {
      readonly params: ForecastChoice;
      readonly result: Forecast;
    };
    /** Traces a window and makes it the one that the side-panel inspector follows. */
    readonly trace: { readonly params: { readonly window: WindowRef }; readonly result: TracedRun };
    readonly act: {
      readonly params: {
        readonly action:
          | 'stop'
          | 'pause'
          | 'continue'
          | 'resume'
          | 'export'
          | 'predict'
          | 'backtest'
          | 'openExperiment';
      };
      readonly result: Record<never, never>;
    };
    /** Lets the run's language model write. */
    readonly generate: { readonly params: GenerateWish; readonly result: { readonly text: string } };
    /** Shows a text as a document that can be saved. */
    readonly openText: { readonly params: { readonly text: string }; readonly result: Record<never, never> };
    readonly moveCursor: { readonly params: { readonly step: number }; readonly result: Record<never, never> };
    /** Saves a picture that the panel made; the host asks where. */
    readonly savePicture: { readonly params: SavedPicture; readonly result: Record<never, never> };
  } & InspectionRequests;
  readonly events: {
    /** What happened since the last batch, in order. */
    readonly run: readonly RunEvent[];
    readonly cursor: RunCursor;
    /** Show a section: a command of the host was used. */
    readonly reveal: { readonly section: 'curves' | 'forecast' | 'generate' | 'architecture' | 'inspector' };
  };
}

/** What an editor of a model file ran last: a page that was hidden meanwhile shows it again. */
export interface ModelRan {
  readonly wish: InputWish;
  /** Name of the file that inputs are read from, where one was chosen. */
  readonly inputs: string | null;
  /** Null where the file has changed since. */
  readonly trace: TracedFile | null;
}

/** What the host answers to, and tells, the editor of a model file. The editor's file is fixed when it opens. */
export interface ModelPanelContract {
  readonly requests: {
    readonly open: {
      readonly params: Record<never, never>;
      readonly result: { readonly name: string; readonly model: OpenedModel; readonly ran: ModelRan | null };
    };
    /** Lets the user choose the file that goes with a kind of input; answers with its name, or null where none was chosen. */
    readonly chooseInputs: {
      readonly params: { readonly kind: InputFileKind };
      readonly result: { readonly name: string } | null;
    };
    /** What the numbers of one initializer of the model are like; `name` is as the description has it. */
    readonly initializer: { readonly params: { readonly name: string }; readonly result: TensorSummary };
    readonly examine: { readonly params: Record<never, never>; readonly result: readonly Finding[] };
    /** Writes a copy in which findings are put right; the host asks where. Null where the user changed their mind. */
    readonly repair: {
      readonly params: { readonly codes: readonly FindingCode[] };
      readonly result: (Repair & { readonly name: string }) | null;
    };
    /** Traces the model and makes the trace the one that the side-panel inspector follows. */
    readonly trace: { readonly params: { readonly wish: InputWish }; readonly result: TracedFile };
    readonly moveCursor: { readonly params: { readonly step: number }; readonly result: Record<never, never> };
    /** Saves a picture that the editor made; the host asks where. */
    readonly savePicture: { readonly params: SavedPicture; readonly result: Record<never, never> };
  } & InspectionRequests;
  readonly events: {
    readonly cursor: ModelCursor;
    /** The file is another one now, or may be read now: ask again. */
    readonly changed: null;
  };
}

/** What the host answers to, and tells, the side-panel inspector. */
export interface InspectorContract {
  readonly requests: {
    /** What is inspected now, or null when nothing is. */
    readonly current: {
      readonly params: Record<never, never>;
      readonly result: Inspected | null;
    };
    readonly moveCursor: { readonly params: { readonly step: number }; readonly result: Record<never, never> };
    /** Opens the panel that shows what is inspected. */
    readonly openPanel: { readonly params: Record<never, never>; readonly result: Record<never, never> };
  } & InspectionRequests;
  readonly events: {
    readonly inspected: Inspected | null;
    readonly cursor: Cursor;
  };
}
