import type { Cell } from '../../cells/cell';
import type { ParameterName } from '../../cells/parameters';
import type { Node } from '../../graph/graph';
import type { Dim, Value } from '../../graph/value';
import type { Tensor } from '../../tensor';
import type { Constants } from '../numeric/constants';

/** One step of a recurrence in plain operators. */
export interface StepGraph {
  /** In the order of execution. */
  readonly nodes: readonly Node[];
  /** What is carried from step to step: as this step finds it, and as the next one does. */
  readonly states: readonly StepState[];
  /**
   * What is read at this step only. Whatever else the nodes read and none of them makes is a constant, or the same at every step.
   */
  readonly inputs: readonly StepInput[];
  /** The content of a value from outside the step that is the same in every run; null for any other value. */
  readonly constantOf: Constants;
}

export interface StepState {
  readonly before: Value;
  readonly after: Value;
  /** What is known of its shape from elsewhere, such as from the initial value; null where nothing is. */
  readonly shape: readonly Dim[] | null;
}

export interface StepInput {
  readonly value: Value;
  readonly shape: readonly Dim[] | null;
}

/** A cell that a step was found to compute. Checked against the step's own nodes with random numbers. */
export interface MatchedCell {
  readonly cell: Cell;
  readonly hidden: number;
  /** Numbers that the cell reads at a step: all columns of W. */
  readonly input: number;
  /** Each gate's rows stacked as `cellParameters` says: W [gates·hidden, input], R [gates·hidden, hidden], vectors [gates·hidden, 1]; float32. */
  readonly parameters: Readonly<Partial<Record<ParameterName, Tensor>>>;
  /** For each of `cell.states`, which of the step's states it is. */
  readonly stateOrder: readonly number[];
  /** Where the units and the sequences of a batch lie among the axes of a state. */
  readonly stateAxes: Axes;
  /**
   * What the columns of W multiply, one value after the other: inputs of the step, or values that its nodes make of them, such as an
   * embedding or the state of the layer below.
   */
  readonly x: readonly CellInput[];
  /** The step's own values of the cell's signals, `hidden` numbers a sequence each in the axes of their own; the state's new values are among them. */
  readonly signals: ReadonlyMap<string, StepSignal>;
  /** The nodes of the step that compute the cell and nothing else. */
  readonly nodes: ReadonlySet<Node>;
  /** The constants that hold its weights, as the model has them: for counting. */
  readonly weights: ReadonlySet<Value>;
}

/** `units` and `batch` are the axes of a value; every other axis has one element. `batch` is null for a single sequence. */
export interface Axes {
  readonly rank: number;
  readonly units: number;
  readonly batch: number | null;
}

export interface CellInput {
  readonly value: Value;
  readonly size: number;
  readonly axes: Axes;
}

export interface StepSignal {
  readonly value: Value;
  readonly axes: Axes;
}
