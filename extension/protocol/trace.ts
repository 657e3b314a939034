import type { Part } from './data';

/** `gate`: within [0, 1]; `signed`: symmetric about 0; `value`: the data's own units. */
export type SignalRange = 'gate' | 'signed' | 'value';

/** What the bands of a sound are called as one signal. */
export const bandsName = 'mel';

/** A signal over time. */
export interface TraceSignal {
  readonly name: string;
  readonly range: SignalRange;
  readonly units: number;
  /** Row-major [steps][units]. */
  readonly values: Float32Array;
}

/** One recurrent layer, in one direction. Index t is the position in the input, in both directions. */
export interface TraceLayer {
  /** The ONNX node's name. */
  readonly node: string;
  readonly op: string;
  readonly direction: 'forward' | 'reverse';
  readonly hidden: number;
  readonly signals: readonly TraceSignal[];
  /** Which of the signals are carried from step to step. */
  readonly states: readonly string[];
  readonly equations: readonly string[];
  /** Largest absolute difference between the lowered cell's h and the fused operator's Y. */
  readonly difference: number;
}

/** What went through a model for one item of a batch. */
export interface Trace {
  readonly steps: number;
  readonly inputs: readonly TraceSignal[];
  readonly layers: readonly TraceLayer[];
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: Float32Array;
  }[];
}

/** Which window of a run's data is looked at. */
export interface WindowRef {
  readonly part: Part;
  /** From 0, in time order within the part. */
  readonly index: number;
}

/** A trace with what is known of its steps; every inspector shows this. */
export interface StepTrace {
  readonly trace: Trace;
  /** Time of each step in ms since 1970, or null. */
  readonly time: readonly number[] | null;
  /** What is read: a column of data in its own units, or an input of a model with as many units as it has numbers a step. */
  readonly columns: readonly TraceSignal[];
  /** The character of each step, where characters are read; else null. */
  readonly characters: readonly string[] | null;
  readonly target: string;
  /**
   * The forecast and the truth that followed this window, in the target's units; one entry a horizon step, or all steps of the first of `targets`,
   * then of the second, and so on. Empty for other tasks.
   */
  readonly forecast: readonly number[];
  readonly truth: readonly number[];
  /** What is forecast, where that is several columns. */
  readonly targets?: readonly string[];
  /** What is answered instead of a forecast; null for a forecast. */
  readonly choices: TracedChoices | null;
  /** What is written after all of it was read, and what is right, where a model translates. */
  readonly written?: { readonly said: string; readonly truth: string };
}

/** A trace of one window or sequence of a run, in the units of the data where that is possible. */
export interface RunTrace extends StepTrace {
  readonly window: WindowRef;
  /** Windows or sequences in the part. */
  readonly windows: number;
  /** The series that the window lies in, where a forecast has several, or the file that was read, where each sequence is one. */
  readonly series?: string;
}

/** A trace of a model file, for the first item of its batch. */
export interface ModelTrace extends StepTrace {
  readonly input: InputKind;
  /** Those outputs that have a value at each step. */
  readonly outputs: readonly TraceSignal[];
}

/**
 * What a model file is given to read: nothing, seeded noise, a one at the first step, the tensors of a JSON file, rows of a table, or a
 * line of text.
 */
export type InputKind = 'zeros' | 'noise' | 'impulse' | InputFileKind;

/** Those that go with a file: of a text, that is the vocabulary. */
export type InputFileKind = 'file' | 'rows' | 'text';

/** How probable a model finds each of some classes, characters or symbols. */
export interface TracedChoices {
  readonly names: readonly string[];
  /** Row-major [places][names]: one place for an answer about a whole sequence, else one for each step. */
  readonly probabilities: Float32Array;
  /** What is right at each place, or null where nothing is asked; of a transcript one entry, the whole of it. */
  readonly truth: readonly (string | null)[];
}
