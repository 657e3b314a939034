import type { Translations } from './messages';
import type { Forecast, RunDetail, RunEvent } from './run';
import type { RunTrace, WindowRef } from './trace';

/** Put into a webview's page by the host before its script runs. */
export interface PageSetup {
  readonly view: 'run' | 'inspector';
  /** BCP 47 tag of the display language. */
  readonly language: string;
  readonly translations: Translations;
}

/** Where the user looks: one cursor for every view of every panel. */
export interface Cursor {
  readonly run: string;
  readonly window: WindowRef;
  /** Time step, from 0. */
  readonly step: number;
}

/** What the host answers to, and tells, a run panel. The panel's run is fixed when it opens. */
export interface RunPanelContract {
  readonly requests: {
    readonly open: { readonly params: Record<never, never>; readonly result: RunDetail };
    readonly forecast: { readonly params: { readonly horizonStep: number }; readonly result: Forecast };
    /** Traces a window and makes it the one that the side-panel inspector follows. */
    readonly trace: { readonly params: { readonly window: WindowRef }; readonly result: RunTrace };
    readonly act: {
      readonly params: { readonly action: 'stop' | 'pause' | 'continue' | 'resume' | 'export' | 'openExperiment' };
      readonly result: Record<never, never>;
    };
    readonly moveCursor: { readonly params: { readonly step: number }; readonly result: Record<never, never> };
    /** Saves a picture that the panel made; the host asks where. */
    readonly savePicture: {
      readonly params: {
        readonly name: string;
        readonly type: 'image/png' | 'image/svg+xml' | 'text/csv';
        readonly bytes: Uint8Array;
      };
      readonly result: Record<never, never>;
    };
  };
  readonly events: {
    /** What happened since the last batch, in order. */
    readonly run: readonly RunEvent[];
    readonly cursor: Cursor;
    /** Show a section: a command of the host was used. */
    readonly reveal: { readonly section: 'curves' | 'forecast' | 'architecture' | 'inspector' };
  };
}

/** What the host answers to, and tells, the side-panel inspector. */
export interface InspectorContract {
  readonly requests: {
    /** What is inspected now, or null when nothing is. */
    readonly current: {
      readonly params: Record<never, never>;
      readonly result: { readonly cursor: Cursor; readonly trace: RunTrace } | null;
    };
    readonly moveCursor: { readonly params: { readonly step: number }; readonly result: Record<never, never> };
    /** Opens the run panel's inspector for the inspected run. */
    readonly openPanel: { readonly params: Record<never, never>; readonly result: Record<never, never> };
  };
  readonly events: {
    readonly inspected: { readonly cursor: Cursor; readonly trace: RunTrace } | null;
    readonly cursor: Cursor;
  };
}
