import type { InputKind, SignalRange, StepTrace, WindowRef } from './trace';

/** A trace that the inspection process keeps. Pages ask for what they show of it, and never hold the whole. */
export type TraceId = string;

/** Names one signal of a trace: a column that is read, a signal of a recurrent layer, an output of the model, or its choices. */
export type SignalRef =
  | { readonly of: 'column'; readonly index: number }
  | { readonly of: 'layer'; readonly layer: number; readonly signal: number }
  | { readonly of: 'output'; readonly index: number }
  | { readonly of: 'choices' };

/** What is known of a signal without its values. `min` and `max` are of the finite values at all steps; 0 and 0 where there are none. */
export interface SignalOutline {
  readonly name: string;
  readonly range: SignalRange;
  readonly units: number;
  readonly min: number;
  readonly max: number;
}

/** One recurrent layer, in one direction, without its values. */
export interface LayerOutline {
  readonly node: string;
  readonly op: string;
  readonly direction: 'forward' | 'reverse';
  readonly hidden: number;
  readonly signals: readonly SignalOutline[];
  /** Those signals that are carried from step to step: they can be edited. */
  readonly states: readonly string[];
  readonly equations: readonly string[];
  /** Largest absolute difference between the written-out cell's output and the model's own. */
  readonly difference: number;
}

/** A trace without its values: what a page needs to lay its pictures out. */
export interface TraceOutline {
  readonly id: TraceId;
  readonly steps: number;
  readonly columns: readonly SignalOutline[];
  readonly layers: readonly LayerOutline[];
  readonly outputs: readonly SignalOutline[];
  /** Outputs of the model that have no place on the time axis; those of more than eight numbers are left out. */
  readonly results: readonly { readonly name: string; readonly values: readonly number[] }[];
  readonly time: StepTrace['time'];
  readonly characters: StepTrace['characters'];
  readonly target: string;
  readonly forecast: readonly number[];
  readonly truth: readonly number[];
  readonly targets?: readonly string[];
  /** `everyStep`: one place a step; else one place for the whole sequence. */
  readonly choices: {
    readonly names: readonly string[];
    readonly truth: readonly (string | null)[];
    readonly everyStep: boolean;
    /** Which of the names is the likeliest at each place. */
    readonly likeliest: readonly number[];
  } | null;
  readonly written?: NonNullable<StepTrace['written']>;
  /** What was changed in this trace; empty for one as the model has it. */
  readonly edits: readonly StateEdit[];
}

/** A window of a run that was traced. */
export interface TracedRun {
  readonly outline: TraceOutline;
  readonly window: WindowRef;
  /** Windows or sequences in the part. */
  readonly windows: number;
  /** The series that the window lies in, where a forecast has several, or the file that was read, where each sequence is one. */
  readonly series?: string;
}

/** A model file that was traced for the first item of its batch. */
export interface TracedFile {
  readonly outline: TraceOutline;
  readonly input: InputKind;
}

/**
 * How the units of a signal follow one another: as they are, by their mean value (the largest first), or so that neighbours do alike. All
 * signals of a layer follow the state that it hands on, so that a unit has one place in all of them.
 */
export type UnitOrder = 'index' | 'value' | 'similarity';

/** Which numbers of an edited trace are meant. Of a trace without edits all three are what there is, and `difference` is 0. */
export type TraceVersion = 'edited' | 'original' | 'difference';

/** A picture's worth of a signal: steps `from` to `to` by the units of these ranks, both ends exclusive, in at most so many blocks. */
export interface TileWish {
  readonly signal: SignalRef;
  readonly version: TraceVersion;
  readonly order: UnitOrder;
  readonly from: number;
  readonly to: number;
  readonly firstRank: number;
  readonly endRank: number;
  readonly columns: number;
  readonly rows: number;
}

/** Row-major [rows][columns]: the mean of the finite values of each block, NaN where there are none. */
export interface Tile {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
}

/** A few units as lines. Row-major [units][columns]: the smallest and the largest value of each block of steps. */
export interface UnitLines {
  readonly columns: number;
  readonly low: Float32Array;
  readonly high: Float32Array;
}

/** All values at the steps `from` to `to`, exclusive; each row-major [steps][units]. */
export interface StepBlock {
  readonly from: number;
  readonly to: number;
  readonly columns: readonly Float32Array[];
  /** A list a layer, an entry a signal. */
  readonly layers: readonly (readonly Float32Array[])[];
  readonly outputs: readonly Float32Array[];
  /** [steps][names] where there is a choice at every step, [1][names] where there is one for all, null where there is none. */
  readonly choices: Float32Array | null;
}

/** Sets one unit of one state after each of the steps `from` to `to`, exclusive, to a value; the rest follows from it. */
export interface StateEdit {
  readonly layer: number;
  /** Such as `h` or `c`. */
  readonly state: string;
  readonly unit: number;
  readonly from: number;
  readonly to: number;
  readonly value: number;
}

/** A number among the outputs of a model, for the traced item: what gradients are of. */
export interface OutputChoice {
  /** The graph's output. */
  readonly output: string;
  /** Which step, where the output has one value a step; else null. */
  readonly step: number | null;
  /** Which of its numbers there. */
  readonly unit: number;
}

/** How a chosen number hangs on what came before. */
export interface Gradients {
  /** One entry a layer: the Euclidean norm of the gradient with respect to each state at each step, [steps]. */
  readonly layers: readonly { readonly state: string; readonly norms: Float32Array }[][];
  /** One entry a column that is read as numbers: gradient, and gradient times what is read, [steps][units]. */
  readonly inputs: readonly { readonly name: string; readonly units: number; readonly values: Float32Array }[];
  /** Value of the chosen number, and at the baseline (zeros) where gradients were integrated along the way from there. */
  readonly value: number;
  readonly baseline: number | null;
}

/** A place in a trace. */
export interface Span {
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

/** Other places that look like a chosen one (Strobelt et al., LSTMVis, 2018). */
export interface Matches {
  /** Above it a unit counts as on. */
  readonly threshold: number;
  /** Units that are on throughout the span and off before and after it. */
  readonly units: readonly number[];
  /** Where the span is: a window or sequence of the run's part; 0 in a model file. */
  readonly window: number;
  /** The best places first, in other windows of a run too. */
  readonly places: readonly (Span & {
    readonly window: number;
    /** Share of the units that are on throughout. */
    readonly share: number;
  })[];
  /** How probable so good a best place is by chance, from shuffled traces. */
  readonly significance: number;
}

/** What every page asks of a trace; host and engine only pass these on. */
export type InspectionRequests = {
  readonly tile: { readonly params: { readonly trace: TraceId; readonly wish: TileWish }; readonly result: Tile };
  readonly lines: {
    readonly params: {
      readonly trace: TraceId;
      readonly signal: SignalRef;
      readonly version: TraceVersion;
      readonly units: readonly number[];
      readonly from: number;
      readonly to: number;
      readonly columns: number;
    };
    readonly result: UnitLines;
  };
  readonly steps: {
    readonly params: {
      readonly trace: TraceId;
      readonly version: TraceVersion;
      readonly from: number;
      readonly to: number;
    };
    readonly result: StepBlock;
  };
  /** The unit at each rank. */
  readonly order: {
    readonly params: { readonly trace: TraceId; readonly signal: SignalRef; readonly order: UnitOrder };
    readonly result: Uint32Array;
  };
  /**
   * The next step in a direction where a unit (null: the largest of all) is at a peak of its absolute value, of at least half its largest,
   * or where a gate becomes saturated (below 0.1 or above 0.9; null: most of its units, the value is then their share); null where there is
   * none.
   */
  readonly seek: {
    readonly params: {
      readonly trace: TraceId;
      readonly signal: SignalRef;
      readonly unit: number | null;
      readonly what: 'peak' | 'saturation';
      readonly from: number;
      readonly towards: 1 | -1;
    };
    readonly result: { readonly step: number; readonly value: number } | null;
  };
  /** Principal components of a signal over time: points [steps][components], and each component's share of the variance. */
  readonly project: {
    readonly params: { readonly trace: TraceId; readonly signal: SignalRef; readonly components: number };
    readonly result: { readonly points: Float32Array; readonly explained: readonly number[] };
  };
  /** Runs again with states changed; none takes the changes back. Answers with the outline of a new trace. */
  readonly edit: {
    readonly params: { readonly trace: TraceId; readonly edits: readonly StateEdit[] };
    readonly result: TraceOutline;
  };
  /** What gradients can be of. */
  readonly gradientChoices: {
    readonly params: { readonly trace: TraceId };
    readonly result: readonly { readonly output: string; readonly everyStep: boolean; readonly units: number }[];
  };
  /** `integrated`: along the straight way from zeros (Sundararajan, Taly, Yan 2017) in so many points; null: at the input alone. */
  readonly gradients: {
    readonly params: { readonly trace: TraceId; readonly of: OutputChoice; readonly integrated: number | null };
    readonly result: Gradients;
  };
  /** `threshold` null: one is suggested. */
  readonly match: {
    readonly params: {
      readonly trace: TraceId;
      readonly signal: SignalRef;
      readonly span: Span;
      readonly threshold: number | null;
    };
    readonly result: Matches;
  };
};
