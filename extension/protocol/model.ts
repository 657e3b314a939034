import type { Task } from './experiment';
import type { Message } from './messages';
import type { InputKind } from './trace';

/** A value at the border of a model. A dimension is a number, or a name where it is free. */
export interface ModelPort {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | string)[] | null;
}

/** Weights or a fixed value that a node reads. */
export interface DiagramInitializer extends ModelPort {
  /** How many numbers it holds. */
  readonly parameters: number;
}

/** Boxes that belong together. Groups lie in one another. */
export interface DiagramGroup {
  readonly id: string;
  readonly title: string;
  /**
   * `repeat`: `count` blocks of the same structure in a row, each a group of the kind `part`. `body`: the graph that a Scan, Loop or If
   * holds. `recurrence`: the nodes that one recurrent box stands for. `part`: a block of a repeat, or the nodes that one box of a model of
   * ours stands for.
   */
  readonly kind: 'repeat' | 'body' | 'part' | 'recurrence';
  /** The group that it lies in. */
  readonly parent: string | null;
  /** How many blocks a repeat has, or how many steps an unrolled recurrence; else 1. */
  readonly count: number;
  /** The box that opens into this group: a body's operator, or the box that stands in the place of a recurrence or part. */
  readonly node: string | null;
}

/** A text that the file carries along. Sensitive ones (paths of the exporter's machine, stack traces, long ones) are shown on request. */
export interface Remark {
  readonly name: string;
  readonly value: string;
  readonly sensitive: boolean;
}

/** A box in the architecture diagram. Texts are cut where they are long, with an ellipsis at their end. */
export interface DiagramNode {
  readonly id: string;
  /** The innermost group that it lies in. */
  readonly group: string | null;
  /** The node's name in the file; empty where it has none, and for boxes that stand for several nodes. */
  readonly name: string;
  /** The operator, and its domain where it is not ONNX's own; both empty for boxes of no or several nodes. */
  readonly op: string;
  readonly domain: string;
  readonly attributes: readonly { readonly name: string; readonly value: string }[];
  /** What it reads and has no fixed value, and what it makes. */
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  readonly initializers: readonly DiagramInitializer[];
  /** The groups that the box opens into, see `DiagramGroup.node`. */
  readonly bodies: readonly string[];
  readonly remarks: readonly Remark[];
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

/**
 * Something flows from a box to another. An end in a group that is closed is to be drawn at the box or group that stands for it; edges that
 * fall together then are one. A box with a `recurrence` or `part` has edges of its own, which hold while that group is closed.
 */
export interface DiagramEdge {
  readonly from: string;
  readonly to: string;
  /** The shape that flows here, such as `[batch, 24, 1]`. */
  readonly label: string;
}

/** How a recurrence stands in a file. */
export type Realisation =
  /** An `RNN`, `LSTM` or `GRU` node. */
  | 'operator'
  /** An LSTM node of onnxruntime that computes in eight bits. */
  | 'quantised'
  /** A Scan that we wrote for a cell without such an operator. */
  | 'stepForm'
  /** Anybody's Scan or Loop, whose body is one step. */
  | 'scan'
  | 'loop'
  /** Its steps stand one after the other, each with nodes of its own. */
  | 'unrolled';

/** One recurrence in a model. */
export interface RecurrentLayer {
  readonly node: string;
  readonly op: string;
  readonly realisation: Realisation;
  readonly hidden: number;
  readonly input: number;
  readonly direction: 'forward' | 'reverse' | 'bidirectional';
  readonly parameters: number;
  readonly gates: readonly string[];
}

/** What a file is made of, as boxes in the order of execution. */
export interface Diagram {
  readonly nodes: readonly DiagramNode[];
  readonly edges: readonly DiagramEdge[];
  /** Parents come before what lies in them. */
  readonly groups: readonly DiagramGroup[];
  /** What the diagram does not show as it is, and why. */
  readonly notes: readonly Message[];
}

export interface ModelDescription {
  readonly producer: string;
  /** Version of the default operator set. */
  readonly opset: number;
  readonly parameters: number;
  readonly inputs: readonly ModelPort[];
  readonly outputs: readonly ModelPort[];
  readonly recurrent: readonly RecurrentLayer[];
  readonly diagram: Diagram;
  /** What is said of the model and not sensitive, by key. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Everything that is said of the model. */
  readonly remarks: readonly Remark[];
}

/** The numbers of one tensor of a model, in few. Those of the finite ones are null where there are none. */
export interface TensorSummary {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly min: number | null;
  readonly max: number | null;
  readonly mean: number | null;
  /** Standard deviation, of all of them (divided by their number). */
  readonly deviation: number | null;
  /** Share of zeros among all numbers, 0 to 1. */
  readonly zeros: number;
  /** How many are infinite or not a number. */
  readonly nonFinite: number;
  /** How many finite numbers lie in each bin, between two neighbours of `edges`; the last bin holds the largest. */
  readonly bins: readonly number[];
  readonly edges: readonly number[];
}

/** What a model that Unroll exported was trained for. */
export interface ModelPurpose {
  readonly task: Task;
  readonly target: string;
  /** What is forecast together with it. */
  readonly moreTargets: readonly string[];
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
  /** Whether it reads rows of a table or a text step by step, and whether the file says what its tokens stand for. */
  readonly reads: { readonly rows: boolean; readonly text: boolean; readonly vocabulary: boolean };
}

/** How a language model is to write. */
export interface GenerateWish {
  /** What stands before; empty for the beginning of a line. */
  readonly prompt: string;
  /** Characters to write. */
  readonly length: number;
  /** See `core/sampling.ts`. */
  readonly temperature: number;
  readonly topK: number | null;
  readonly topP: number;
  readonly seed: number;
}

/** What to trace a model file with. `steps` and `batch` count where the file leaves them free, `seed` for noise. */
export interface InputWish {
  readonly kind: InputKind;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  /** The first of a table's rows that is read, from 0. */
  readonly row: number;
  /** Whether the columns of a table are given mean 0 and deviation 1 first; a model of ours knows how its columns are scaled. */
  readonly standardised: boolean;
  /** What is read as text. */
  readonly text: string;
}
