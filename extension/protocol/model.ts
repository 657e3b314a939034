import type { Task } from './experiment';
import type { InputKind } from './trace';

/** A value at the border of a model. A dimension is a number, or a name where it is free. */
export interface ModelPort {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string)[] | null;
}

/** A box in the architecture diagram. */
export interface DiagramNode {
  readonly id: string;
  readonly kind: 'input' | 'recurrent' | 'dense' | 'operator' | 'output';
  /** Such as `LSTM`. */
  readonly title: string;
  /** How a recurrent box reads, else null. */
  readonly direction: RecurrentLayer['direction'] | null;
  /** Units of a recurrent box in one direction, else null. */
  readonly units: number | null;
  /** The shape that comes out, such as `[batch, 24, 1]`; empty where it is not known or goes without saying. */
  readonly detail: string;
  readonly parameters: number;
  /** Recurrent boxes: the cell's equations, one a line. */
  readonly equations: readonly string[];
}

export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  /** The shape that flows here, such as `[batch, 24, 1]`. */
  readonly label: string;
}

/** One recurrence in a model. */
export interface RecurrentLayer {
  readonly node: string;
  readonly op: string;
  readonly hidden: number;
  readonly input: number;
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  readonly parameters: number;
  readonly gates: readonly string[];
}

export interface ModelDescription {
  readonly producer: string;
  /** Version of the default operator set. */
  readonly opset: number;
  readonly parameters: number;
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  readonly recurrent: readonly RecurrentLayer[];
  readonly diagram: { readonly nodes: readonly DiagramNode[]; readonly edges: readonly DiagramEdge[] };
  readonly metadata: Readonly<Record<string, string>>;
}

/** What a model that Unroll exported was trained for. */
export interface ModelPurpose {
  readonly task: Task;
  readonly target: string;
  /** Input columns in the order of the model's features; none where characters are read. */
  readonly columns: readonly string[];
  /** Steps that it reads. */
  readonly lookback: number;
  readonly horizon: number;
}

/** A model file as its editor shows it. */
export interface OpenedModel {
  readonly description: ModelDescription;
  /** Null for a file that is not of ours. */
  readonly purpose: ModelPurpose | null;
  /** Which sizes of its inputs the file leaves free. */
  readonly free: { readonly steps: boolean; readonly batch: boolean };
}

/** What to trace a model file with. `steps` and `batch` count where the file leaves them free, `seed` for noise. */
export interface InputWish {
  readonly kind: InputKind;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
}
